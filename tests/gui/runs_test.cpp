// Stored runs, and a run held against its prediction.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <QAbstractItemModelTester>
#include <QApplication>
#include <QImage>
#include <QPixmap>
#include <QSignalSpy>
#include <QTableView>
#include <cmath>
#include <fstream>
#include <set>

#include "gui/charts/chart_parts.hpp"
#include "gui/measure/measurements.hpp"
#include "gui/models/compared_model.hpp"
#include "gui/models/layers_model.hpp"
#include "gui/models/runs_model.hpp"
#include "gui/views/measured_view.hpp"
#include "gui/views/runs_view.hpp"
#include "tests/gui/fixture.hpp"
#include "tests/gui/run_fixture.hpp"

namespace mcuprof::gui {
namespace {

using testing::HasSubstr;
using Fatal = QAbstractItemModelTester::FailureReportingMode;

class RunsTest : public testing::Test {
 protected:
  RunsTest() {
    QObject::connect(&m_session, &Session::changed, [this] {
      const SnapshotPtr& now = m_session.snapshot();
      m_selection.setReport(now ? std::shared_ptr<const Report>(now, &now->report) : nullptr);
    });
    Measurements::of(m_session).setDatabase(path());
  }
  std::string path() const { return (m_folder.path() / "runs.db").string(); }
  void open() {
    m_session.open(QString::fromStdString(test::largeMobilenetFile()));
    m_session.waitUntilIdle();
  }
  db::RunRecord run(db::Provenance provenance, const std::vector<double>& factors) {
    return test::runFor(*m_session.snapshot(), provenance, factors);
  }

  test::TemporaryFolder m_folder;
  Session m_session;
  Selection m_selection;
};

TEST_F(RunsTest, AMissingDatabaseTellsHowRunsAreMade) {
  RunsView view({m_session, m_selection});
  view.refresh();
  view.settle();
  EXPECT_THAT(view.notice().toStdString(), HasSubstr("Nothing was measured here yet."));
  EXPECT_THAT(view.notice().toStdString(),
              HasSubstr("mcuprof run --board nucleo-f767zi --virtual"));
  EXPECT_TRUE(view.csv().empty());
}

TEST_F(RunsTest, ADamagedDatabaseIsNamed) {
  std::ofstream(path()) << "this is no database, and long enough to be looked at as one ......";
  RunsView view({m_session, m_selection});
  view.refresh();
  view.settle();
  EXPECT_THAT(view.notice().toStdString(), HasSubstr("The runs cannot be read: "));
  EXPECT_THAT(view.notice().toStdString(), HasSubstr(path()));
}

TEST_F(RunsTest, ListsWhatTheCliListsAndAttachesTheChosenRun) {
  open();
  test::storeRuns(path(),
                  {run(db::Provenance::Measured, {1.1}), run(db::Provenance::Virtual, {0.9}),
                   run(db::Provenance::Imported, {1.0})});
  RunsView view({m_session, m_selection});
  view.refresh();
  view.settle();
  EXPECT_TRUE(view.notice().isEmpty());
  EXPECT_EQ(view.csv(),
            test::outputOf(MCUPROF_PROGRAM, {"runs", "--db", path(), "--format", "csv"}));

  const QAbstractItemModel* rows = view.table()->model();
  ASSERT_EQ(rows->rowCount(), 3);
  EXPECT_EQ(rows->index(0, RunsModel::Id).data().toString(), QStringLiteral("3"));
  std::vector<std::string> words;
  std::vector<QImage> glyphs;
  for (int row = 0; row < 3; ++row) {
    const QModelIndex cell = rows->index(row, RunsModel::ProvenanceWord);
    words.push_back(cell.data().toString().toStdString());
    glyphs.push_back(cell.data(Qt::DecorationRole).value<QPixmap>().toImage());
  }
  EXPECT_THAT(words, testing::ElementsAre("imported", "virtual", "measured"));
  EXPECT_NE(glyphs[0], glyphs[1]);
  EXPECT_NE(glyphs[1], glyphs[2]);

  QSignalSpy attached(&Measurements::of(m_session), &Measurements::runChanged);
  view.table()->setCurrentIndex(rows->index(1, 0));
  view.settle();
  ASSERT_TRUE(Measurements::of(m_session).run());
  EXPECT_EQ(Measurements::of(m_session).run()->id, 2);
  EXPECT_EQ(Measurements::of(m_session).run()->provenance, db::Provenance::Virtual);
  EXPECT_EQ(attached.size(), 1);

  MeasuredView measured({m_session, m_selection});
  measured.refresh();
  EXPECT_EQ(measured.csv(),
            test::outputOf(MCUPROF_PROGRAM, {"show", "2", "--db", path(), "--format", "csv"}));
}

TEST_F(RunsTest, ModelsAreSound) {
  open();
  RunsModel runs;
  ComparedModel compared;
  const QAbstractItemModelTester first(&runs, Fatal::Fatal);
  const QAbstractItemModelTester second(&compared, Fatal::Fatal);
  db::RunSummary untimed;
  untimed.id = 4;
  runs.setRuns({untimed, untimed});
  runs.setAttached(4);
  EXPECT_EQ(runs.index(0, RunsModel::Cycles).data().toString(), QStringLiteral("not timed"));
  runs.setRuns({});
  const db::RunRecord record = run(db::Provenance::Measured, {1.0, 1.5, 0.9});
  compared.setRun(&record);
  EXPECT_EQ(compared.rowCount(), int(record.layers.size()));
  EXPECT_EQ(compared.index(0, ComparedModel::Residual).data().toString(), QStringLiteral("+50 %"));
  EXPECT_EQ(compared.rowOf(compared.layerAt(5)), 5);
  compared.setRun(nullptr);
  EXPECT_EQ(compared.rowCount(), 0);
}

TEST_F(RunsTest, PointsLieOnTheDiagonalWhereThePredictionIsRight) {
  open();
  PredictionChart chart(m_selection);
  chart.resize(700, 500);
  const db::RunRecord record = run(db::Provenance::Measured, {1.0, 10.0});
  chart.setRun(&record, true);
  const ChartFrame frame = chart.frameFor(chart.size());
  ASSERT_EQ(chart.itemCount(), int(record.layers.size()));
  const double decadeUp = chart.pointOf(1e5, 1e5, frame).y() - chart.pointOf(1e5, 1e6, frame).y();
  EXPECT_GT(decadeUp, 20);
  for (int item = 0; item < chart.itemCount(); ++item) {
    const ComparedLayer& layer = chart.layers()[std::size_t(item)];
    const QPointF at = chart.pointOf(layer.predicted, layer.measured, frame);
    const QPointF equal = chart.pointOf(layer.predicted, layer.predicted, frame);
    const double wanted = item % 2 == 0 ? 0 : decadeUp;
    EXPECT_NEAR(equal.y() - at.y(), wanted, 0.5) << item;
    EXPECT_EQ(layer.inside, item % 2 == 0);
  }
  EXPECT_THAT(chart.itemText(1).toStdString(), HasSubstr("residual +900 %; outside the interval"));
  EXPECT_EQ(chart.layerOf(7), 7);
}

TEST_F(RunsTest, WhiskersReachAsFarAsTheInterval) {
  open();
  PredictionChart chart(m_selection);
  chart.resize(700, 500);
  const db::RunRecord record = run(db::Provenance::Measured, {1.0});
  chart.setRun(&record, true);
  const ChartFrame frame = chart.frameFor(chart.size());
  const Scene scene = chart.sceneFor(chart.size());
  for (const ComparedLayer& layer : chart.layers()) {
    const double y = chart.pointOf(layer.predicted, layer.measured, frame).y();
    const QLineF wanted(chart.pointOf(layer.low, layer.measured, frame).x(), y,
                        chart.pointOf(layer.high, layer.measured, frame).x(), y);
    const bool found = std::ranges::any_of(scene.lines, [&](const SceneLine& line) {
      return QLineF(line.line.p1(), wanted.p1()).length() < 0.5 &&
             QLineF(line.line.p2(), wanted.p2()).length() < 0.5;
    });
    EXPECT_TRUE(found) << "layer " << layer.layer;
  }
}

TEST_F(RunsTest, AResidualBarIsAsHighAsItsPercent) {
  open();
  ResidualChart chart(m_selection);
  chart.resize(1200, 400);
  const db::RunRecord record = run(db::Provenance::Virtual, {1.2, 0.9});
  chart.setRun(&record, true);
  const ChartFrame frame = chart.frameFor(chart.size());
  const ValueAxis axis = chart.axisFor(frame);
  const double perPercent = axis.y(0) - axis.y(1);
  EXPECT_GT(perPercent, 1);
  int bars = 0;
  for (const SceneRect& rect : chart.sceneFor(chart.size()).rects) {
    if (rect.ink != Ink::Series2) continue;  // the virtual board's
    const int layer = int(std::floor(frame.x.layerAt(rect.rect.center().x())));
    const double residual = chart.layers()[std::size_t(chart.itemOf(layer))].residual * 100;
    EXPECT_NEAR(rect.rect.height(), std::abs(residual) * perPercent, 0.01) << layer;
    EXPECT_NEAR(residual > 0 ? rect.rect.bottom() : rect.rect.top(), axis.y(0), 0.01);
    ++bars;
  }
  EXPECT_EQ(bars, chart.itemCount());
}

TEST_F(RunsTest, ProvenancesDifferInGlyphAndColour) {
  open();
  std::set<std::pair<Glyph, Ink>> marks;
  for (const auto provenance :
       {db::Provenance::Measured, db::Provenance::Virtual, db::Provenance::Imported}) {
    PredictionChart chart(m_selection);
    chart.resize(700, 500);
    const db::RunRecord record = run(provenance, {1.0});
    chart.setRun(&record, true);
    std::set<std::pair<Glyph, Ink>> used;
    for (const SceneGlyph& glyph : chart.sceneFor(chart.size()).glyphs)
      if (glyph.glyph != Glyph::Alert) used.emplace(glyph.glyph, glyph.ink);
    ASSERT_EQ(used.size(), 1U);
    marks.insert(*used.begin());
  }
  EXPECT_EQ(marks.size(), 3U);
}

TEST_F(RunsTest, TheSummaryCountsWhatTheIntervalsHold) {
  MeasuredView view({m_session, m_selection});
  view.refresh();
  EXPECT_THAT(view.summary().toStdString(), HasSubstr("No run is chosen"));
  open();
  // Half of the layers as predicted, half ten times slower.
  test::attachRun(m_session, run(db::Provenance::Virtual, {1.0, 10.0}));
  const std::string text = view.summary().toStdString();
  const int layers = view.scatter()->itemCount();
  EXPECT_THAT(text, HasSubstr("VIRTUAL board: its cycles are modelled, not measured"));
  EXPECT_THAT(text, HasSubstr("holds " + std::to_string((layers + 1) / 2) + " of " +
                              std::to_string(layers) + " layers"));
  Measurements::of(m_session).setRun(nullptr);
  EXPECT_THAT(view.summary().toStdString(), HasSubstr("No run is chosen"));
}

TEST_F(RunsTest, ARunOfAnotherModelIsShownButNotLinked) {
  open();
  db::RunRecord other = run(db::Provenance::Measured, {1.0});
  other.model.sha256 = std::string(64, 'f');
  test::attachRun(m_session, other);
  MeasuredView view({m_session, m_selection});
  view.refresh();
  EXPECT_THAT(view.summary().toStdString(), HasSubstr("of another model"));
  EXPECT_GT(view.scatter()->itemCount(), 0);
  EXPECT_EQ(view.scatter()->layerOf(3), -1);
}

TEST_F(RunsTest, TheSelectionIsShared) {
  open();
  test::attachRun(m_session, run(db::Provenance::Measured, {1.0, 1.3}));
  MeasuredView view({m_session, m_selection});
  view.resize(1100, 600);
  view.refresh();
  view.show();
  auto* table = view.findChild<QTableView*>(QStringLiteral("worst-layers"));
  m_selection.select(9);
  EXPECT_EQ(view.scatter()->selectedItem(), view.scatter()->itemOf(9));
  EXPECT_EQ(table->currentIndex().siblingAtColumn(ComparedModel::Number).data().toString(),
            QStringLiteral("10"));
  table->setCurrentIndex(table->model()->index(0, 1));
  EXPECT_EQ(m_selection.layer() + 1,
            table->model()->index(0, ComparedModel::Number).data().toInt());
}

}  // namespace
}  // namespace mcuprof::gui
