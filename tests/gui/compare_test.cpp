// The baseline: what is compared, and that the numbers are those of `mcuprof diff`.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <QAbstractItemModelTester>
#include <QLabel>
#include <QTableView>
#include <QTest>
#include <QTextBrowser>
#include <QToolBar>
#include <QToolButton>
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
  EXPECT_TRUE(window.session().snapshot()->facts.empty());
  // A report has no details of layers: the window says so and stays whole.
  ASSERT_EQ(run(window, "side B").error, "");
  EXPECT_FALSE(window.grab().isNull());
  EXPECT_EQ(run(window, "baseline /no/such.json").status, 3);
  EXPECT_TRUE(window.session().baseline() != nullptr);
}

TEST(Compare, OfAReportShowsWhatMovedAndWhatItSaysItRestsOn) {
  test::TemporaryFolder folder;
  const std::string json = (folder.path() / "old.json").string();
  test::outputOf(MCUPROF_PROGRAM,
                 {"analyze", "--board", "nucleo-f429zi", "-o", json, mobilenetFile()});
  MainWindow window;
  ASSERT_EQ(run(window, "open " + mobilenetFile() + "\nbaseline " + json).error, "");
  const SnapshotPtr& now = window.session().snapshot();
  const auto* memories = dynamic_cast<const DifferenceChart*>(window.view("memories")->chart());
  ASSERT_NE(memories, nullptr);
  ASSERT_EQ(memories->bars().size(), now->difference->memories.size());
  // f429zi has no memory of this name.
  const auto moved =
      std::ranges::find(memories->bars(), QStringLiteral("sram1"), &DifferenceBar::label);
  ASSERT_NE(moved, memories->bars().end());
  EXPECT_GT(moved->change, 0);
  EXPECT_THAT(moved->sentence.toStdString(), HasSubstr(", baseline 0 B, change +"));
  EXPECT_THAT(memories->caption().toStdString(), HasSubstr("does not say what moving costs"));
  EXPECT_THAT(window.view("memories")->csv(), HasSubstr("sram1,moved_bytes,0,1482472,1482472"));

  const std::string facts = window.view("assumptions")->csv();
  EXPECT_THAT(facts, StartsWith("of,what,value,basis,source,baseline\r\n"));
  EXPECT_THAT(facts, HasSubstr("target,board,nucleo-f767zi,,,nucleo-f429zi\r\n"));
  EXPECT_THAT(facts, HasSubstr("RAM,in total,524288 B,datasheet,,262144 B\r\n"));
  EXPECT_THAT(facts, Not(HasSubstr("target,runtime")));
  const auto* count = window.findChild<QLabel*>(QStringLiteral("assumption-count"));
  EXPECT_THAT(count->text().toStdString(), HasSubstr("of those that a report has"));
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

DifferenceBar barOf(double change, int layer) {
  DifferenceBar bar;
  bar.change = change;
  bar.layer = layer;
  return bar;
}

std::vector<std::string> textsOf(const Scene& scene) {
  std::vector<std::string> out;
  for (const SceneText& text : scene.texts) out.push_back(text.text.toStdString());
  return out;
}

TEST(DifferenceChart, CutsATowerAndSaysItsValue) {
  Selection selection;
  DifferenceChart chart(selection, QStringLiteral("Difference"));
  std::vector<DifferenceBar> bars(12, barOf(4, -1));
  bars.push_back(barOf(5, 0));
  bars.push_back(barOf(100, 1));
  bars.push_back(barOf(-3, 2));
  chart.setBars(bars, Unit::Bytes);
  const ChartFrame frame = chart.frameFor(QSizeF(600, 300));
  EXPECT_GT(chart.axisFor(frame).high, 5);
  EXPECT_LT(chart.axisFor(frame).high, 10);
  EXPECT_THAT(textsOf(chart.sceneFor(QSizeF(600, 300))), testing::Contains("+100 B"));
}

TEST(DifferenceChart, SaysThatNothingChanged) {
  Selection selection;
  DifferenceChart chart(selection, QStringLiteral("Difference"));
  const std::string same = "The same as in the baseline: no figure changed.";
  chart.setBars({barOf(0, 0), barOf(0, 1)}, Unit::Bytes);
  EXPECT_THAT(textsOf(chart.sceneFor(QSizeF(600, 300))), testing::Contains(same));
  chart.setBars({barOf(0, 0), barOf(1, 1)}, Unit::Bytes);
  EXPECT_THAT(textsOf(chart.sceneFor(QSizeF(600, 300))), Not(testing::Contains(same)));
}

TEST(DifferenceChart, KeysStepOverLayersThatWereRemoved) {
  const SnapshotPtr now = test::snapshotOf(test::setupFor(mobilenetFile()));
  Selection selection;
  selection.setReport(std::shared_ptr<const Report>(now, &now->report));
  DifferenceChart chart(selection, QStringLiteral("Difference"));
  chart.setBars({barOf(1, 0), barOf(1, -1), barOf(1, 1)}, Unit::Bytes);
  selection.select(0);
  QTest::keyClick(&chart, Qt::Key_Right);
  EXPECT_EQ(selection.layer(), 1);
  QTest::keyClick(&chart, Qt::Key_Left);
  EXPECT_EQ(selection.layer(), 0);
}

TEST(Compare, TheBarOfTheSidesIsThereWhileThereIsABaselineAndFitsASmallWindow) {
  MainWindow window;
  window.resize(900, 600);
  window.show();
  const auto* bar = window.findChild<QToolBar*>(QStringLiteral("compare-toolbar"));
  EXPECT_FALSE(bar->isVisible());
  ASSERT_EQ(run(window, "open " + mobilenetFile() + "\nbaseline keep").error, "");
  EXPECT_TRUE(bar->isVisible());
  EXPECT_EQ(window.width(), 900);
  const auto* difference = window.findChild<QToolButton*>(QStringLiteral("side-2"));
  EXPECT_TRUE(difference->isVisible());
  EXPECT_FALSE(difference->visibleRegion().isEmpty());
  ASSERT_EQ(run(window, "baseline none").error, "");
  EXPECT_FALSE(bar->isVisible());
}

TEST(Compare, TheInspectorSaysWhatChangedOfItsLayer) {
  MainWindow window;
  ASSERT_EQ(
      run(window, "open " + largeMobilenetFile() + "\nbaseline " + mobilenetFile() + "\nselect 1")
          .error,
      "");
  const auto* text = window.findChild<QTextBrowser*>(QStringLiteral("inspector-text"));
  const LayerDifference& first = window.session().snapshot()->difference->layers.front();
  EXPECT_THAT(text->toPlainText().toStdString(), HasSubstr("Change from the baseline"));
  EXPECT_THAT(text->toPlainText().toStdString(),
              HasSubstr(signedHuman(first.macs.change->value, Unit::Count).toStdString()));
  ASSERT_EQ(run(window, "side A").error, "");
  EXPECT_THAT(text->toPlainText().toStdString(), Not(HasSubstr("Change from the baseline")));
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
