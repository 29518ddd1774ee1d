// Measuring from the window, end to end: mcuprof run, the stock OpenOCD, the virtual board and the
// agent's real image.
#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <unistd.h>

#include <QApplication>
#include <QElapsedTimer>
#include <QSignalSpy>
#include <QTest>
#include <QTimer>
#include <algorithm>
#include <filesystem>
#include <fstream>
#include <map>
#include <sstream>

#include "analyzer/cli/exit_status.hpp"
#include "analyzer/model/tflite_writer.hpp"
#include "analyzer/model/zoo.hpp"
#include "gui/views/measure_view.hpp"
#include "tests/gui/fixture.hpp"

namespace mcuprof::gui {
namespace {

using testing::HasSubstr;

constexpr int kLongest = 240'000;

/// Parent of every process there is.
std::map<pid_t, pid_t> parents() {
  std::map<pid_t, pid_t> out;
  for (const auto& entry : std::filesystem::directory_iterator("/proc")) {
    const std::string name = entry.path().filename().string();
    if (name.find_first_not_of("0123456789") != std::string::npos) continue;
    std::ifstream file(entry.path() / "stat");
    std::stringstream text;
    text << file.rdbuf();
    const std::string line = text.str();
    const std::size_t close = line.rfind(')');
    if (close == std::string::npos) continue;
    char state = 0;
    pid_t parent = 0;
    std::istringstream(line.substr(close + 1)) >> state >> parent;
    if (state != 'Z') out[static_cast<pid_t>(std::stol(name))] = parent;
  }
  return out;
}

std::vector<pid_t> descendantsOf(pid_t root) {
  const std::map<pid_t, pid_t> all = parents();
  std::vector<pid_t> out = {root};
  for (std::size_t i = 0; i < out.size(); ++i) {
    for (const auto& [child, parent] : all)
      if (parent == out[i]) out.push_back(child);
  }
  return out;
}

class MeasureTest : public testing::Test {
 protected:
  MeasureTest() : m_view({m_session, m_selection}) {
    QObject::connect(&m_session, &Session::changed, [this] {
      const SnapshotPtr& now = m_session.snapshot();
      m_selection.setReport(now ? std::shared_ptr<const Report>(now, &now->report) : nullptr);
    });
    Measurements::of(m_session).setDatabase(database());
    m_view.job().setProgram(QStringLiteral(MCUPROF_PROGRAM));
    m_view.resize(900, 500);
    m_view.refresh();
    m_view.show();
  }
  std::string database() const { return (m_folder.path() / "runs.db").string(); }
  void open(const std::string& network) {
    const auto model = makeZooModel(network, {});
    ASSERT_TRUE(model);
    const std::vector<std::byte> bytes = writeTflite(*model);
    const std::string path = (m_folder.path() / (network + ".tflite")).string();
    std::ofstream(path, std::ios::binary)
        .write(reinterpret_cast<const char*>(bytes.data()), std::streamsize(bytes.size()));
    gui::Setup setup;
    setup.model = path;
    setup.board = "nucleo-f429zi";
    m_session.setSetup(setup);
    m_session.waitUntilIdle();
    QApplication::processEvents();
  }

  test::TemporaryFolder m_folder;
  Session m_session;
  Selection m_selection;
  MeasureView m_view;
};

TEST_F(MeasureTest, RunsOnTheVirtualBoardAndStoresTheRun) {
  open("gesture");
  const std::size_t layers = m_session.snapshot()->report.layers.size();
  QSignalSpy ended(&m_view.job(), &MeasureJob::finished);
  QSignalSpy attached(&Measurements::of(m_session), &Measurements::runChanged);
  std::vector<int> arrived;
  std::vector<int> shown;
  QObject::connect(&m_view.job(), &MeasureJob::layerTimed, &m_view, [&](int layer) {
    EXPECT_TRUE(ended.isEmpty()) << "layers arrive while it runs";
    arrived.push_back(layer);
    shown.push_back(m_view.chartOfArrived()->itemCount());
  });
  int turns = 0;
  QTimer beat;
  QObject::connect(&beat, &QTimer::timeout, [&turns] { ++turns; });
  beat.start(10);
  m_view.start();
  EXPECT_TRUE(m_view.job().running());
  ASSERT_TRUE(ended.wait(kLongest));
  const auto end = ended.first().first().value<MeasureEnd>();
  ASSERT_EQ(end.status, 0) << end.error.toStdString() << end.notes.join('\n').toStdString();
  EXPECT_EQ(end.run, 1);
  EXPECT_GT(turns, 10) << "the window's events were not waited for";
  ASSERT_EQ(arrived.size(), layers);
  for (std::size_t i = 0; i < layers; ++i) EXPECT_EQ(arrived[i], int(i));
  EXPECT_TRUE(std::ranges::is_sorted(shown));

  ASSERT_TRUE(attached.isEmpty() ? attached.wait(kLongest) : true);
  ASSERT_TRUE(Measurements::of(m_session).run());
  EXPECT_EQ(Measurements::of(m_session).run()->provenance, db::Provenance::Virtual);
  EXPECT_EQ(Measurements::of(m_session).run()->layers.size(), layers);
  EXPECT_EQ(m_view.csv(),
            test::outputOf(MCUPROF_PROGRAM, {"show", "1", "--db", database(), "--format", "csv"}));
  EXPECT_THAT(m_view.state().toStdString(), HasSubstr("Stored as run 1 (virtual)"));
}

TEST_F(MeasureTest, CancelInTheMiddleLeavesNoProcessAndNoRun) {
  open("ds_cnn");
  QSignalSpy ended(&m_view.job(), &MeasureJob::finished);
  QSignalSpy progressed(&m_view.job(), &MeasureJob::progressed);
  m_view.start();
  std::vector<pid_t> family;
  // Until OpenOCD and the virtual board are there too.
  QElapsedTimer clock;
  clock.start();
  while (family.size() < 3 && ended.isEmpty() && clock.elapsed() < kLongest) {
    QTest::qWait(20);
    if (!m_view.job().running()) break;
    family = descendantsOf(static_cast<pid_t>(m_view.job().processId()));
  }
  ASSERT_GE(family.size(), 3U);
  m_view.cancel();
  ASSERT_TRUE(!ended.isEmpty() || ended.wait(kLongest));
  const auto end = ended.first().first().value<MeasureEnd>();
  EXPECT_TRUE(end.cancelled);
  EXPECT_EQ(end.status, cli::kInterrupted);
  EXPECT_EQ(end.run, 0);
  EXPECT_EQ(m_view.state(), QStringLiteral("cancelled; nothing was stored"));
  const std::map<pid_t, pid_t> left = parents();
  for (const pid_t id : family) EXPECT_FALSE(left.contains(id)) << id;
  EXPECT_FALSE(Measurements::of(m_session).run());
  EXPECT_FALSE(m_view.job().running());
}

TEST_F(MeasureTest, SaysWhatTheCommandSaysWhenItFails) {
  open("gesture");
  Measurements::of(m_session).setDatabase("/proc/no/such/runs.db");
  const auto done = m_view.setOption(QStringLiteral("run"), QStringLiteral("now"));
  ASSERT_FALSE(done);
  EXPECT_THAT(done.error().what, HasSubstr("/proc/no"));
  EXPECT_EQ(m_view.state().toStdString(), done.error().what);
}

TEST_F(MeasureTest, AMissingProgramIsAnErrorAndNoCrash) {
  open("gesture");
  m_view.job().setProgram(QStringLiteral("/no/such/mcuprof"));
  const auto done = m_view.setOption(QStringLiteral("run"), QStringLiteral("now"));
  ASSERT_FALSE(done);
  EXPECT_THAT(done.error().what, HasSubstr("/no/such/mcuprof cannot be started"));
}

TEST_F(MeasureTest, TheCommandIsThatOfTheTerminal) {
  open("gesture");
  EXPECT_THAT(m_view.command(), testing::StartsWith("mcuprof run --board nucleo-f429zi --virtual"));
  ASSERT_TRUE(m_view.setOption(QStringLiteral("where"), QStringLiteral("jlink")));
  ASSERT_TRUE(m_view.setOption(QStringLiteral("runs"), QStringLiteral("7")));
  EXPECT_THAT(m_view.command(), HasSubstr("--probe jlink --runs 7"));
  EXPECT_FALSE(m_view.setOption(QStringLiteral("runs"), QStringLiteral("33")));
  EXPECT_FALSE(m_view.setOption(QStringLiteral("where"), QStringLiteral("moon")));
}

}  // namespace
}  // namespace mcuprof::gui
