#include <gtest/gtest.h>

#include <QSignalSpy>

#include "analyzer/cli/exit_status.hpp"
#include "analyzer/report/render_csv.hpp"
#include "gui/session/session.hpp"
#include "tests/gui/fixture.hpp"

namespace mcuprof::gui {
namespace {

using test::largeMobilenetFile;
using test::mobilenetFile;
using test::setupFor;
using test::snapshotOf;

TEST(Session, AnalyzesOffTheGuiThreadAndShowsTheResult) {
  Session session;
  EXPECT_EQ(session.state(), Session::State::Empty);
  session.open(QString::fromStdString(mobilenetFile()));
  EXPECT_TRUE(session.busy());
  EXPECT_EQ(session.snapshot(), nullptr);
  session.waitUntilIdle();
  ASSERT_EQ(session.state(), Session::State::Ready);
  EXPECT_EQ(session.snapshot()->report.boardName, "nucleo-f767zi");
  EXPECT_EQ(session.snapshot()->figures, snapshotOf(setupFor(mobilenetFile()))->figures);
}

TEST(Session, OfManyRequestsTheLatestWins) {
  Session session;
  session.open(QString::fromStdString(largeMobilenetFile()));
  QSignalSpy changes(&session, &Session::changed);
  for (int kib = 300; kib <= 500; ++kib) {
    session.change([&](gui::Setup& s) { s.placement.sram = Bytes(kib * 1024); });
  }
  session.waitUntilIdle();
  EXPECT_EQ(session.snapshot()->report.sram.total.value, 500 * 1024);
  EXPECT_LE(changes.size(), 3);
}

TEST(Session, KeepsWhatItShowedWhenABoardIsMissing) {
  Session session;
  session.open(QString::fromStdString(mobilenetFile()));
  session.waitUntilIdle();
  session.change([](gui::Setup& s) { s.board = "no-such-board"; });
  session.waitUntilIdle();
  EXPECT_EQ(session.state(), Session::State::Failed);
  EXPECT_EQ(session.failure()->status, cli::kUsage);
  ASSERT_NE(session.snapshot(), nullptr);
  EXPECT_EQ(session.snapshot()->report.boardName, "nucleo-f767zi");
  session.change([](gui::Setup& s) { s.board = "f429zi"; });
  session.waitUntilIdle();
  EXPECT_EQ(session.state(), Session::State::Ready);
  EXPECT_EQ(session.snapshot()->report.boardName, "nucleo-f429zi");
}

TEST(Session, DropsTheOldModelWhenTheNextIsDamaged) {
  Session session;
  session.open(QString::fromStdString(mobilenetFile()));
  session.waitUntilIdle();
  test::TemporaryFolder folder;
  const std::string path = (folder.path() / "damaged.tflite").string();
  const std::string bytes = test::contentOf(mobilenetFile());
  std::FILE* file = std::fopen(path.c_str(), "wb");
  ASSERT_NE(file, nullptr);
  std::fwrite(bytes.data(), 1, bytes.size() / 2, file);
  std::fclose(file);
  session.open(QString::fromStdString(path));
  session.waitUntilIdle();
  EXPECT_EQ(session.state(), Session::State::Failed);
  EXPECT_EQ(session.failure()->status, cli::kBadInput);
  EXPECT_EQ(session.snapshot(), nullptr);
}

TEST(Session, CanEndWhileAnAnalysisRuns) {
  for (int i = 0; i < 5; ++i) {
    Session session;
    session.open(QString::fromStdString(largeMobilenetFile()));
  }
}

TEST(CommandFor, TellsTheCommandThatShowsTheSame) {
  gui::Setup setup = setupFor("/tmp/it's a model.tflite", "nucleo-f429zi");
  setup.runtime = "tflm-reference";
  setup.placement.sram = 256_KiB;
  setup.placement.weights = "sd";
  setup.machine.clockHz = 100'000'000;
  EXPECT_EQ(commandFor(setup),
            "mcuprof analyze --board nucleo-f429zi --runtime tflm-reference --sram 262144 --place "
            "weights=sd --clock 100000000 '/tmp/it'\\''s a model.tflite'");
}

TEST(CommandFor, RunsAndGivesTheSameNumbers) {
  gui::Setup setup = setupFor(mobilenetFile(), "nucleo-f429zi");
  setup.placement.reserve = 16_KiB;
  setup.machine.clockHz = 100'000'000;
  std::string command = commandFor(setup);
  ASSERT_TRUE(command.starts_with("mcuprof "));
  command = MCUPROF_PROGRAM + command.substr(7) + " --format csv";
  int status = -1;
  const std::string csv = test::outputOf("/bin/sh", {"-c", command}, &status);
  EXPECT_EQ(status, 0);
  EXPECT_EQ(csv, renderCsv(snapshotOf(setup)->report));
}

}  // namespace
}  // namespace mcuprof::gui
