// What if, sweep and board fit: the CLI's numbers, drawn where they belong.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <QAbstractItemModelTester>
#include <QTableView>
#include <algorithm>
#include <cmath>
#include <map>

#include "gui/models/fit_model.hpp"
#include "gui/models/headroom_delegate.hpp"
#include "gui/models/layers_model.hpp"
#include "gui/views/fit_view.hpp"
#include "gui/views/sweep_view.hpp"
#include "gui/views/whatif_view.hpp"
#include "tests/gui/fixture.hpp"

namespace mcuprof::gui {
namespace {

using testing::HasSubstr;

class StudiesTest : public testing::Test {
 protected:
  StudiesTest() {
    QObject::connect(&m_session, &Session::changed, [this] {
      const SnapshotPtr& now = m_session.snapshot();
      m_selection.setReport(now ? std::shared_ptr<const Report>(now, &now->report) : nullptr);
    });
    m_session.open(QString::fromStdString(test::largeMobilenetFile()));
    m_session.waitUntilIdle();
  }
  static std::string cli(std::vector<std::string> arguments) {
    arguments.push_back(test::largeMobilenetFile());
    int status = -1;
    std::string errors;
    std::string out = test::outputOf(MCUPROF_PROGRAM, arguments, &status, &errors);
    EXPECT_EQ(status, 0) << errors;
    return out;
  }

  Session m_session;
  Selection m_selection;
};

class WhatIfTest : public StudiesTest {
 protected:
  WhatIfTest() : m_view({m_session, m_selection}) {
    m_view.resize(1100, 600);
    m_view.refresh();
  }
  void edit(const char* name, const char* value) {
    const auto done = m_view.setOption(QLatin1String(name), QLatin1String(value));
    ASSERT_TRUE(done) << done.error().text();
    m_view.settle();
  }
  WhatIfView m_view;
};

TEST_F(WhatIfTest, EqualsTheCli) {
  m_view.settle();
  EXPECT_EQ(m_view.csv(), cli({"whatif", "--board", "nucleo-f767zi", "--format", "csv"}));
  edit("filters", "32");
  edit("filters.at", "0:10");
  EXPECT_EQ(m_view.csv(), cli({"whatif", "--board", "nucleo-f767zi", "--add-filters", "32@0:10",
                               "--format", "csv"}));
  EXPECT_THAT(m_view.command(), HasSubstr("mcuprof whatif --add-filters 32@0:10 --board"));
  edit("filters", "");
  edit("filters.at", "");
  edit("input", "96");
  edit("clock", "108M");
  EXPECT_EQ(m_view.csv(), cli({"whatif", "--board", "nucleo-f767zi", "--input", "96x96", "--clock",
                               "108M", "--format", "csv"}));
}

TEST_F(WhatIfTest, PartsOfTheAddedLatencyAddUpAndAreAsHighAsTheirMilliseconds) {
  edit("filters", "32");
  edit("filters.at", "0:10");
  const WhatIfReport& report = m_view.result()->report;
  WhatIfChart chart(WhatIfFigure::AddedLatency, m_selection);
  chart.resize(1100, 400);
  chart.setResult(m_view.result());
  const ValueAxis axis = chart.axisFor(chart.frameFor(chart.size()));
  const double perMs = (axis.bottom - axis.top) / (axis.high - axis.low);
  std::map<Ink, double> heights;
  for (const SceneRect& rect : chart.sceneFor(chart.size()).rects)
    heights[rect.ink] += rect.rect.height();
  double compute = 0;
  double write = 0;
  double read = 0;
  double drawnWrite = 0;
  double drawnRead = 0;
  for (const WhatIfReport::Layer& layer : report.layers) {
    const double moreWrite = layer.msAfter.spillWrite - layer.msBefore.spillWrite;
    const double moreRead = layer.msAfter.spillRead - layer.msBefore.spillRead;
    compute += layer.msAfter.compute - layer.msBefore.compute;
    write += moreWrite;
    read += moreRead;
    // What is saved is drawn too, below the line.
    drawnWrite += std::abs(moreWrite);
    drawnRead += std::abs(moreRead);
  }
  EXPECT_NEAR(compute, report.after.computeMs - report.before.computeMs, 1e-6);
  EXPECT_NEAR(write, report.after.spillWriteMs - report.before.spillWriteMs, 1e-6);
  EXPECT_NEAR(read, report.after.spillReadMs - report.before.spillReadMs, 1e-6);
  EXPECT_GT(write, 100);
  EXPECT_NEAR(heights[Ink::SpillWrite], drawnWrite * perMs, 0.1);
  EXPECT_NEAR(heights[Ink::SpillRead], drawnRead * perMs, 0.1);
}

TEST_F(WhatIfTest, BasePartsAreGreyAndEditedOnesStandBesideThem) {
  edit("input", "96");
  WhatIfChart chart(WhatIfFigure::WorkingSets, m_selection);
  chart.resize(1200, 400);
  chart.setResult(m_view.result());
  const ChartFrame frame = chart.frameFor(chart.size());
  const ValueAxis axis = chart.axisFor(frame);
  const double perByte = (axis.bottom - axis.top) / (axis.high - axis.low);
  int probed = 0;
  for (const SceneRect& rect : chart.sceneFor(chart.size()).rects) {
    const int position = int(std::floor(frame.x.layerAt(rect.rect.center().x())));
    const auto& layer = m_view.result()->report.layers[std::size_t(position)];
    const double bytes = double((rect.ink == Ink::Unknown ? layer.before : layer.after).value);
    if (bytes > axis.high) continue;
    EXPECT_NEAR(rect.rect.height(), bytes * perByte, 0.01) << position;
    ++probed;
  }
  EXPECT_GT(probed, 100);
}

TEST_F(WhatIfTest, RefusalsAndTyposAreSaid) {
  EXPECT_THAT(m_view.setOption(QStringLiteral("clok"), QStringLiteral("1M")).error().what,
              HasSubstr("did you mean \"clock\"?"));
  EXPECT_THAT(m_view.setOption(QStringLiteral("cache"), QStringLiteral("maybe")).error().what,
              HasSubstr("wanted on or off"));
  edit("place.weights", "nowhere");
  EXPECT_THAT(m_view.summary().toStdString(), HasSubstr("nowhere"));
}

class SweepTest : public StudiesTest {
 protected:
  SweepTest() : m_view({m_session, m_selection}) {
    m_view.resize(1000, 500);
    m_view.refresh();
  }
  void sweep(const char* axis) {
    const auto done = m_view.setOption(QStringLiteral("var"), QLatin1String(axis));
    ASSERT_TRUE(done) << done.error().text();
    m_view.settle();
  }
  SweepView m_view;
};

TEST_F(SweepTest, EqualsTheCli) {
  sweep("filters=0..24:8");
  EXPECT_EQ(m_view.csv(), cli({"sweep", "--board", "nucleo-f767zi", "--var", "filters=0..24:8"}));
  sweep("opt=-Os,-O2,-O3");
  EXPECT_EQ(m_view.csv(), cli({"sweep", "--board", "nucleo-f767zi", "--var", "opt=-Os,-O2,-O3"}));
}

TEST_F(SweepTest, MarksEveryCliff) {
  sweep("sram=256K,384K,448K,512K,2M");
  const std::vector<Cliff>& cliffs = m_view.result()->cliffs;
  ASSERT_FALSE(cliffs.empty());
  SweepChart chart(m_selection);
  chart.resize(1000, 500);
  chart.setResult(m_view.result());
  const ChartFrame frame = chart.frameFor(chart.size());
  const Scene scene = chart.sceneFor(chart.size());
  for (const Cliff& cliff : cliffs) {
    const double x = std::round(frame.x.x(static_cast<double>(cliff.point)));
    EXPECT_TRUE(std::ranges::any_of(scene.lines, [&](const SceneLine& line) {
      return line.ink == Ink::Bad && line.line.x1() == x && line.line.x2() == x;
    })) << textOf(cliff).toStdString();
    EXPECT_THAT(chart.itemText(static_cast<int>(cliff.point)).toStdString(),
                HasSubstr("CLIFF: " + textOf(cliff).toStdString()));
  }
}

TEST_F(SweepTest, WeightsThatMoveToTheCardAreACliff) {
  sweep("place.weights=flash,sd");
  ASSERT_EQ(m_view.result()->cliffs.size(), 1U);
  EXPECT_THAT(m_view.summary().toStdString(), HasSubstr("1 cliff"));
  SweepChart chart(m_selection);
  chart.resize(800, 400);
  chart.setResult(m_view.result());
  EXPECT_THAT(chart.itemText(1).toStdString(), HasSubstr("weights flash → card, latency ×"));
}

TEST_F(SweepTest, ARefusedValueKeepsItsPlaceAndSaysWhy) {
  sweep("input=96,97,128");
  ASSERT_EQ(m_view.result()->points.size(), 3U);
  SweepChart chart(m_selection);
  chart.resize(800, 400);
  chart.setResult(m_view.result());
  EXPECT_EQ(chart.itemCount(), 3);
  for (int i = 0; i < 3; ++i) {
    const bool refused = !m_view.result()->points[std::size_t(i)].refused.empty();
    EXPECT_EQ(chart.itemText(i).contains(QStringLiteral("refused: ")), refused);
  }
  EXPECT_FALSE(m_view.setOption(QStringLiteral("var"), QStringLiteral("filters=5..1")));
}

TEST_F(SweepTest, BarsAreAsHighAsTheirMilliseconds) {
  sweep("filters=0..24:8");
  SweepChart chart(m_selection);
  chart.resize(1000, 500);
  chart.setResult(m_view.result());
  const ChartFrame frame = chart.frameFor(chart.size());
  const ValueAxis axis = chart.axisFor(frame);
  const double perMs = (axis.bottom - axis.top) / (axis.high - axis.low);
  std::map<int, double> heights;
  for (const SceneRect& rect : chart.sceneFor(chart.size()).rects)
    heights[int(std::floor(frame.x.layerAt(rect.rect.center().x())))] += rect.rect.height();
  ASSERT_EQ(heights.size(), 4U);
  for (const auto& [point, height] : heights) {
    const double ms = m_view.result()->points[std::size_t(point)].figures.milliseconds.value;
    EXPECT_NEAR(height, ms * perMs, 0.1);
  }
}

TEST_F(StudiesTest, FitEqualsTheCli) {
  FitView view({m_session, m_selection});
  view.resize(1100, 500);
  view.refresh();
  view.settle();
  EXPECT_EQ(view.csv(), cli({"fit", "--format", "csv"}));
  EXPECT_THAT(view.summary().toStdString(), HasSubstr("boards it fits"));
  EXPECT_THAT(view.command(), testing::StartsWith("mcuprof fit "));
}

TEST_F(StudiesTest, ChoosingABoardOfTheMatrixTakesIt) {
  FitView view({m_session, m_selection});
  view.refresh();
  view.settle();
  QAbstractItemModel* rows = view.table()->model();
  for (int row = 0; row < rows->rowCount(); ++row) {
    if (rows->index(row, FitModel::Board).data().toString() != QStringLiteral("nucleo-f429zi"))
      continue;
    Q_EMIT view.table()->activated(rows->index(row, FitModel::Board));
  }
  m_session.waitUntilIdle();
  EXPECT_EQ(m_session.snapshot()->report.boardName, "nucleo-f429zi");
}

TEST_F(StudiesTest, FitModelIsSound) {
  FitView view({m_session, m_selection});
  view.refresh();
  view.settle();
  FitModel model;
  const QAbstractItemModelTester tester(&model,
                                        QAbstractItemModelTester::FailureReportingMode::Fatal);
  auto report = std::make_shared<FitReport>();
  report->boards = {"small", "large"};
  report->models.resize(1);
  FitCell cell;
  cell.verdict = Verdict::Blocks;
  cell.arenaUsed = Bytes(300);
  cell.largestRegion = Bytes(200);
  report->cells.push_back(cell);
  cell.board = 1;
  cell.verdict = Verdict::Fits;
  cell.largestRegion = Bytes(0);
  report->cells.push_back(cell);
  model.setReport(report);
  EXPECT_EQ(model.index(0, FitModel::VerdictWord).data().toString(), QStringLiteral("blocks"));
  EXPECT_EQ(model.index(0, FitModel::ArenaShare).data().toString(), QStringLiteral("150 %"));
  EXPECT_EQ(model.index(0, FitModel::ArenaShare).data(kShareRole).toDouble(), 1.5);
  EXPECT_EQ(model.index(1, FitModel::ArenaShare).data().toString(), QStringLiteral("–"));
  model.setReport(nullptr);
  EXPECT_EQ(model.rowCount(), 0);
}

TEST(HeadroomBar, IsAsLongAsItsShare) {
  const QRectF room(100, 0, 150, 10);
  const HeadroomBar half = layOutHeadroom(room, 0.5, 0.25, 0.75);
  EXPECT_DOUBLE_EQ(half.bar.width(), 50);
  EXPECT_DOUBLE_EQ(half.limit, 200);
  EXPECT_DOUBLE_EQ(half.whisker.left(), 125);
  EXPECT_DOUBLE_EQ(half.whisker.right(), 175);
  EXPECT_FALSE(half.over);
  const HeadroomBar over = layOutHeadroom(room, 9, 9, 9);
  EXPECT_DOUBLE_EQ(over.bar.width(), 150);
  EXPECT_TRUE(over.over);
  EXPECT_TRUE(over.cut);
  EXPECT_TRUE(over.whisker.isEmpty());
}

}  // namespace
}  // namespace mcuprof::gui
