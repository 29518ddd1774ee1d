// The baseline: what is compared, and that the numbers are those of `mcuprof diff`.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <QAbstractItemModelTester>
#include <QTableView>
#include <algorithm>
#include <cmath>

#include "gui/charts/difference_chart.hpp"
#include "gui/models/assumptions_model.hpp"
#include "gui/models/difference_model.hpp"
#include "gui/script/script.hpp"
#include "gui/window/main_window.hpp"
#include "tests/gui/fixture.hpp"

namespace mcuprof::gui {
namespace {

using test::largeMobilenetFile;
using test::mobilenetFile;
using testing::HasSubstr;
using testing::Not;
using testing::StartsWith;

ScriptEnd run(MainWindow& window, const std::string& text) {
  return runScript(window, QString::fromStdString(text), "test.script");
}

TEST(Compare, CsvOfTheDifferenceEqualsTheClis) {
  MainWindow window;
  ASSERT_EQ(run(window, "open " + largeMobilenetFile() + "\nbaseline " + mobilenetFile()).error,
            "");
  ASSERT_EQ(window.session().side(), Side::Difference);
  int status = -1;
  const std::string cli = test::outputOf(MCUPROF_PROGRAM,
                                         {"diff", largeMobilenetFile(), "--board", "nucleo-f767zi",
                                          "--format", "csv", "--", mobilenetFile()},
                                         &status);
  ASSERT_EQ(status, 0);
  EXPECT_EQ(window.view("working-set")->csv(), cli);
  EXPECT_EQ(window.view("layers")->csv(), cli);
}

TEST(Compare, SideBShowsTheBaseline) {
  MainWindow window;
  ASSERT_EQ(run(window, "open " + largeMobilenetFile()).error, "");
  const std::string before = window.view("layers")->csv();
  ASSERT_EQ(run(window, "baseline keep\nboard f429zi").error, "");
  const std::string after = window.view("layers")->csv();
  EXPECT_NE(before, after);
  ASSERT_EQ(run(window, "side B").error, "");
  EXPECT_EQ(window.view("layers")->csv(), before);
  ASSERT_EQ(run(window, "baseline none").error, "");
  EXPECT_EQ(window.session().side(), Side::A);
  EXPECT_EQ(window.view("layers")->csv(), after);
  EXPECT_EQ(run(window, "side B").error, "test.script:1: there is no baseline");
}

TEST(Compare, TakesAReportOfTheCliAsBaseline) {
  test::TemporaryFolder folder;
  const std::string json = (folder.path() / "old.json").string();
  int status = -1;
  test::outputOf(MCUPROF_PROGRAM,
                 {"analyze", "--board", "nucleo-f767zi", "-o", json, largeMobilenetFile()},
                 &status);
  ASSERT_EQ(status, 0);
  MainWindow window;
  ASSERT_EQ(run(window, "open " + largeMobilenetFile() + "\nbaseline " + json).error, "");
  ASSERT_TRUE(window.session().snapshot()->difference);
  EXPECT_TRUE(window.session().snapshot()->difference->empty());
  // A report has no details of layers: the window says so and stays whole.
  ASSERT_EQ(run(window, "side B").error, "");
  EXPECT_FALSE(window.grab().isNull());
  EXPECT_EQ(run(window, "baseline /no/such.json").status, 3);
  EXPECT_TRUE(window.session().baseline() != nullptr);
}

TEST(Compare, BarsOfTheDifferenceAreAsHighAsTheirBytes) {
  MainWindow window;
  ASSERT_EQ(run(window, "open " + largeMobilenetFile() + "\nbaseline " + mobilenetFile()).error,
            "");
  const auto* chart = dynamic_cast<const DifferenceChart*>(window.view("working-set")->chart());
  ASSERT_NE(chart, nullptr);
  const QSizeF size(1000, 400);
  const ChartFrame frame = chart->frameFor(size);
  const ValueAxis axis = chart->axisFor(frame);
  const Scene scene = chart->sceneFor(size);
  std::size_t changed = 0;
  for (const DifferenceBar& bar : chart->bars()) {
    if (bar.change != 0) ++changed;
  }
  ASSERT_EQ(scene.rects.size(), changed);
  std::size_t next = 0;
  for (const DifferenceBar& bar : chart->bars()) {
    if (bar.change == 0) continue;
    EXPECT_NEAR(scene.rects[next++].rect.height(), std::abs(axis.y(bar.change) - axis.y(0)), 1e-6);
  }
}

TEST(Compare, EveryChartShowsWhatChanged) {
  MainWindow window;
  ASSERT_EQ(run(window, "open " + largeMobilenetFile() + "\nbaseline " + mobilenetFile()).error,
            "");
  const ReportDiff& diff = *window.session().snapshot()->difference;
  const LayerDifference& first = diff.layers.front();
  const auto* arena = dynamic_cast<const DifferenceChart*>(window.view("arena")->chart());
  ASSERT_NE(arena, nullptr);
  EXPECT_EQ(arena->bars().front().change, first.live.change->value);
  EXPECT_GT(arena->bars().front().change, 0);
  View& graph = *window.view("graph");
  graph.setMode(QStringLiteral("MACs"));
  EXPECT_THAT(graph.chart()->itemText(0).toStdString(),
              HasSubstr("change of MACs from the baseline: " +
                        signedHuman(first.macs.change->value, Unit::Count).toStdString()));
  ASSERT_EQ(run(window, "side A").error, "");
  EXPECT_THAT(graph.chart()->itemText(0).toStdString(), Not(HasSubstr("baseline")));
  EXPECT_EQ(dynamic_cast<const DifferenceChart*>(window.view("arena")->chart()), nullptr);
}

TEST(Compare, MemoriesAndAssumptionsOfAnotherBoardDiffer) {
  MainWindow window;
  ASSERT_EQ(run(window, "open " + mobilenetFile() + "\nbaseline keep\nboard f429zi").error, "");
  ASSERT_EQ(run(window, "side difference").error, "");
  const auto* memories = dynamic_cast<const DifferenceChart*>(window.view("memories")->chart());
  ASSERT_NE(memories, nullptr);
  const auto ccm = std::ranges::find_if(
      memories->bars(), [](const DifferenceBar& bar) { return bar.kind == LayerChange::Removed; });
  ASSERT_NE(ccm, memories->bars().end()) << "f767zi has memories that f429zi has not";
  EXPECT_THAT(ccm->sentence.toStdString(), HasSubstr("not there, baseline"));
  EXPECT_THAT(window.view("memories")->csv(), StartsWith("memory,direction,bytes,figure,base,new"));
  const auto* facts = window.findChild<QTableView*>(QStringLiteral("assumption-table"));
  EXPECT_FALSE(facts->isColumnHidden(AssumptionsModel::Baseline));
  EXPECT_THAT(window.view("assumptions")->csv(), StartsWith("of,what,value,basis,source,baseline"));
  // The same board on both sides: nothing differs.
  ASSERT_EQ(run(window, "board f767zi\nside difference").error, "");
  EXPECT_EQ(facts->model()->rowCount(), 0);
  ASSERT_EQ(run(window, "side A").error, "");
  EXPECT_TRUE(facts->isColumnHidden(AssumptionsModel::Baseline));
  EXPECT_GT(facts->model()->rowCount(), 0);
}

TEST(DifferenceModel, IsASoundItemModel) {
  MainWindow window;
  ASSERT_EQ(run(window, "open " + largeMobilenetFile() + "\nbaseline " + mobilenetFile()).error,
            "");
  DifferenceModel model;
  const QAbstractItemModelTester tester(&model,
                                        QAbstractItemModelTester::FailureReportingMode::Fatal);
  const SnapshotPtr now = window.session().snapshot();
  model.setDifference(std::shared_ptr<const ReportDiff>(now, &*now->difference));
  EXPECT_EQ(model.rowCount(), int(now->difference->layers.size()));
  model.setDifference(nullptr);
  EXPECT_EQ(model.rowCount(), 0);
}

}  // namespace
}  // namespace mcuprof::gui
