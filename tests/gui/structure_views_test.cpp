// Timeline, graph, memories and assumptions against what they show.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <QAbstractItemModelTester>
#include <QImage>
#include <QLabel>
#include <QLineEdit>
#include <QTableView>
#include <QTest>

#include "gui/charts/bound_inks.hpp"
#include "gui/charts/graph_chart.hpp"
#include "gui/charts/memory_cost_chart.hpp"
#include "gui/charts/timeline_chart.hpp"
#include "gui/charts/timeline_tracks.hpp"
#include "gui/models/assumptions_model.hpp"
#include "gui/views/assumptions_view.hpp"
#include "gui/views/graph_view.hpp"
#include "tests/gui/fixture.hpp"
#include "tests/gui/run_fixture.hpp"

namespace mcuprof::gui {
namespace {

using test::largeMobilenetFile;
using test::setupFor;
using test::snapshotOf;
using testing::HasSubstr;

SnapshotPtr snapshotFor(const std::string& board) {
  return snapshotOf(setupFor(largeMobilenetFile(), board));
}

class TimelineTest : public testing::TestWithParam<TimelineMode> {
 protected:
  TimelineTest() : m_snapshot(snapshotFor("nucleo-f429zi")) {
    m_selection.setReport(std::shared_ptr<const Report>(m_snapshot, &m_snapshot->report));
    m_chart = std::make_unique<TimelineChart>(m_selection);
    m_chart->setTimeline(timelineOf(m_snapshot->report.costs, GetParam()), GetParam());
    m_chart->resize(1200, 400);
    m_chart->show();
  }
  SnapshotPtr m_snapshot;
  Selection m_selection;
  std::unique_ptr<TimelineChart> m_chart;
};

TEST_P(TimelineTest, SpansFollowEachOtherAndEndAtTheTotal) {
  const Timeline& timeline = m_chart->timeline();
  double at = 0;
  for (const TimelineSpan& span : timeline.spans) {
    EXPECT_EQ(span.start, at);
    double parts = 0;
    for (const double part : span.parts) parts += part;
    EXPECT_NEAR(parts, span.end - span.start, 1e-9 * timeline.total);
    at = span.end;
  }
  EXPECT_NEAR(at, m_snapshot->report.costs.milliseconds.value, 1e-9 * at);
  EXPECT_EQ(timeline.spans.size(), m_snapshot->report.costs.layers.size());
}

TEST_P(TimelineTest, ALayerIsAsWideAsItTakes) {
  const ChartFrame frame = m_chart->frameFor(m_chart->size());
  const double perMs = frame.plot.width() / frame.x.range.span();
  for (const TimelineRect& item : m_chart->geometryFor(m_chart->size()).layers) {
    const TimelineSpan& span = m_chart->timeline().spans[std::size_t(item.index)];
    if ((span.end - span.start) * perMs < 1) continue;  // merged by pixel column
    EXPECT_NEAR(item.rect.width(), (span.end - span.start) * perMs, 1e-6);
    EXPECT_NEAR(item.rect.left(), frame.plot.left() + span.start * perMs, 1e-6);
  }
}

TEST_P(TimelineTest, AClickSelectsTheLayerAndADoubleClickZooms) {
  const TimelineGeometry geometry = m_chart->geometryFor(m_chart->size());
  const auto widest =
      std::ranges::max_element(geometry.layers, {}, [](const auto& l) { return l.rect.width(); });
  const int layer = m_chart->timeline().spans[std::size_t(widest->index)].layer;
  const double before = widest->rect.width();
  QTest::mouseClick(m_chart.get(), Qt::LeftButton, {}, widest->rect.center().toPoint());
  EXPECT_EQ(m_selection.layer(), layer);
  QTest::mouseDClick(m_chart.get(), Qt::LeftButton, {}, widest->rect.center().toPoint());
  const QRectF after =
      m_chart->itemRect(m_chart->itemOf(layer), m_chart->frameFor(m_chart->size()));
  EXPECT_GE(after.width(), before);
  QTest::keyClick(m_chart.get(), Qt::Key_0);
  EXPECT_NEAR(m_chart->itemRect(m_chart->itemOf(layer), m_chart->frameFor(m_chart->size())).width(),
              before, 1e-6);
}

INSTANTIATE_TEST_SUITE_P(Modes, TimelineTest,
                         testing::Values(TimelineMode::Order, TimelineMode::Heavy),
                         [](const auto& test) {
                           return test.param == TimelineMode::Order ? "order" : "heavy";
                         });

TEST(Timeline, HeavyPutsTheMostExpensiveOperatorAndLayerFirst) {
  const SnapshotPtr snapshot = snapshotFor("nucleo-f767zi");
  const Timeline timeline = timelineOf(snapshot->report.costs, TimelineMode::Heavy);
  for (std::size_t i = 1; i < timeline.groups.size(); ++i) {
    EXPECT_GE(timeline.groups[i - 1].end - timeline.groups[i - 1].start,
              timeline.groups[i].end - timeline.groups[i].start);
  }
  int layers = 0;
  for (const TimelineGroup& group : timeline.groups) layers += group.count;
  EXPECT_EQ(layers, int(timeline.spans.size()));
}

TEST(Timeline, ARunLiesBelowThePredictionOnTheSameAxis) {
  const SnapshotPtr snapshot = snapshotFor("nucleo-f767zi");
  Selection selection;
  selection.setReport(std::shared_ptr<const Report>(snapshot, &snapshot->report));
  db::RunRecord run = test::runFor(*snapshot, db::Provenance::Virtual, {2.0});
  run.id = 7;
  run.inference.median += run.inference.median / 10;
  for (const TimelineMode mode : {TimelineMode::Order, TimelineMode::Heavy}) {
    TimelineChart chart(selection);
    chart.resize(1200, 400);
    const Timeline timeline = timelineOf(snapshot->report.costs, mode);
    const auto track = trackOfRun(run, timeline);
    ASSERT_TRUE(track);
    EXPECT_EQ(track->title, QStringLiteral("virtual"));
    chart.setTimeline(timeline, mode, {*track});
    // Twice each layer's cycles, and a tenth of the sum beyond the layers.
    EXPECT_NEAR(track->total, 2.2 * timeline.total, timeline.total * 1e-3);
    EXPECT_EQ(track->spans.back().layer, -1);
    for (std::size_t i = 0; i < timeline.spans.size(); ++i)
      EXPECT_EQ(track->spans[i].layer, timeline.spans[i].layer);
    const ChartFrame frame = chart.frameFor(chart.size());
    const TimelineRows rows = rowsOf(timeline, 1, frame);
    EXPECT_GT(rows.tracks[0].top(), rows.parts.bottom());
    EXPECT_LE(rows.tracks[0].bottom(), frame.plot.bottom() + 1e-6);
    const TimelineTrack::Span& third = track->spans[2];
    const QPointF inside(frame.x.x((third.start + third.end) / 2), rows.tracks[0].center().y());
    EXPECT_EQ(chart.layerOf(chart.itemAt(inside, frame)), third.layer);
    EXPECT_THAT(chart.itemText(2).toStdString(), HasSubstr("run 7, virtual: "));
    EXPECT_THAT(chart.itemText(2).toStdString(), HasSubstr("+100 % on the prediction"));
  }
}

TEST(Timeline, ARunWithoutTimesHasNoTrack) {
  const SnapshotPtr snapshot = snapshotFor("nucleo-f767zi");
  const Timeline timeline = timelineOf(snapshot->report.costs, TimelineMode::Order);
  db::RunRecord run = test::runFor(*snapshot, db::Provenance::Measured, {1.0});
  run.board.clockHz = 0;
  EXPECT_FALSE(trackOfRun(run, timeline));
}

TEST(Timeline, TheBaselineIsATrackOfItsOwnTimes) {
  const SnapshotPtr snapshot = snapshotFor("nucleo-f767zi");
  const SnapshotPtr base = snapshotFor("nucleo-f429zi");
  const ReportDiff diff = diffFigures(snapshot->figures, base->figures);
  for (const TimelineMode mode : {TimelineMode::Order, TimelineMode::Heavy}) {
    const TimelineTrack track = trackOfBaseline(diff, timelineOf(snapshot->report.costs, mode));
    EXPECT_NEAR(track.total, timelineOf(base->report.costs, mode).total, 1e-6);
  }
}

TEST(Timeline, PartsArePaintedInTheirColour) {
  const SnapshotPtr snapshot = snapshotFor("nucleo-f767zi");
  Selection selection;
  selection.setReport(std::shared_ptr<const Report>(snapshot, &snapshot->report));
  TimelineChart chart(selection);
  chart.setTimeline(timelineOf(snapshot->report.costs, TimelineMode::Order), TimelineMode::Order);
  chart.resize(1200, 400);
  const QImage image = chart.grab().toImage();
  int probed = 0;
  for (const TimelineRect& item : chart.geometryFor(chart.size()).parts) {
    const BoundStyle& style = boundStyles()[std::size_t(item.part)];
    if (item.rect.width() < 4 || style.pattern != Pattern::Solid) continue;
    EXPECT_EQ(image.pixelColor(item.rect.center().toPoint()).name(),
              Theme::light().color(style.ink).name());
    ++probed;
  }
  EXPECT_GT(probed, 4);
}

TEST(GraphLayout, EdgesGoToHigherRanksAndNoTwoNodesShareAPlace) {
  const SnapshotPtr snapshot = snapshotFor("nucleo-f767zi");
  const GraphLayout layout = layOutGraph(*snapshot->analysis.graph);
  ASSERT_EQ(layout.nodes.size(), snapshot->report.layers.size());
  EXPECT_GE(layout.edges.size(), layout.nodes.size() - 1);
  std::set<std::pair<int, int>> places;
  for (const GraphNode& node : layout.nodes) {
    EXPECT_TRUE(places.emplace(node.rank, node.lane).second);
    EXPECT_LT(node.rank, layout.ranks);
    EXPECT_LT(node.lane, layout.lanes);
  }
  int shortcuts = 0;
  for (const GraphEdge& edge : layout.edges) {
    const GraphNode& from = layout.nodes[std::size_t(edge.from)];
    const GraphNode& to = layout.nodes[std::size_t(edge.to)];
    EXPECT_LT(from.rank, to.rank);
    if (to.rank - from.rank == 1) continue;
    // A shortcut passes no box.
    EXPECT_GT(edge.lane, 0);
    for (int rank = from.rank + 1; rank < to.rank; ++rank) {
      EXPECT_FALSE(places.contains({rank, edge.lane}));
    }
    ++shortcuts;
  }
  EXPECT_EQ(shortcuts, 10);  // the residual additions of MobileNetV2
  EXPECT_EQ(layout.lanes, 2);
}

class GraphChartTest : public testing::Test {
 protected:
  GraphChartTest() : m_snapshot(snapshotFor("nucleo-f767zi")), m_chart(m_selection) {
    m_selection.setReport(std::shared_ptr<const Report>(m_snapshot, &m_snapshot->report));
    m_chart.setGraph(layOutGraph(*m_snapshot->analysis.graph));
  }
  SnapshotPtr m_snapshot;
  Selection m_selection;
  GraphChart m_chart;
};

TEST_F(GraphChartTest, ClickingABoxSelectsItsLayerAndTheLevelIsItsShare) {
  m_chart.resize(1400, 400);
  m_chart.show();
  const GraphGeometry geometry = m_chart.geometryFor(m_chart.size());
  ASSERT_EQ(geometry.boxes.size(), m_snapshot->report.layers.size());
  EXPECT_EQ(geometry.curves.size(), m_chart.graphLayout().edges.size());
  QTest::mouseClick(&m_chart, Qt::LeftButton, {}, geometry.boxes[7].rect.center().toPoint());
  EXPECT_EQ(m_selection.layer(), geometry.boxes[7].layer);

  std::int64_t most = 0;
  for (const LayerRow& row : m_snapshot->report.layers)
    most = std::max(most, row.parts.total().value);
  const Scene scene = m_chart.sceneFor(m_chart.size());
  int seen = 0;
  for (const SceneRect& rect : scene.rects) {
    if (rect.ink != Ink::Card) continue;
    const auto box = std::ranges::find_if(geometry.boxes, [&](const GraphBox& b) {
      return b.rect.left() == rect.rect.left() && b.rect.bottom() == rect.rect.bottom();
    });
    ASSERT_NE(box, geometry.boxes.end());
    const LayerRow& row = m_snapshot->report.layers[std::size_t(box->layer)];
    EXPECT_NEAR(rect.rect.height() / box->rect.height(),
                double(row.parts.total().value) / double(most), 1e-6);
    ++seen;
  }
  EXPECT_EQ(seen, int(geometry.boxes.size()));
}

TEST_F(GraphChartTest, NumbersEverySoManyBoxesThatAreTooNarrowForTheirs) {
  const auto numbers = [&](const QSizeF& size) {
    std::vector<int> out;
    for (const SceneText& text : m_chart.sceneFor(size).texts) {
      if (const int number = text.text.toInt(); number > 0) out.push_back(number);
    }
    return out;
  };
  const std::size_t layers = m_snapshot->report.layers.size();
  EXPECT_EQ(numbers(QSizeF(4000, 400)).size(), layers);
  const std::vector<int> few = numbers(QSizeF(700, 400));
  ASSERT_GT(few.size(), 3U);
  EXPECT_LT(few.size(), layers / 2);
  EXPECT_EQ(few[0], 1);
  for (std::size_t i = 2; i < few.size(); ++i) EXPECT_EQ(few[i] - few[i - 1], few[1]);
}

TEST_F(GraphChartTest, FollowsTheSelectionOfOtherViews) {
  m_chart.resize(1000, 400);
  m_chart.show();
  const GraphGeometry geometry = m_chart.geometryFor(m_chart.size());
  QTest::mouseDClick(&m_chart, Qt::LeftButton, {}, geometry.boxes[2].rect.center().toPoint());
  EXPECT_TRUE(m_chart.itemRect(60, m_chart.frameFor(m_chart.size())).isEmpty());
  m_selection.select(60);
  EXPECT_FALSE(m_chart.itemRect(60, m_chart.frameFor(m_chart.size())).isEmpty());
}

TEST(MemoryCosts, FollowFromTheBoardsFigures) {
  const SnapshotPtr snapshot = snapshotFor("nucleo-f767zi");
  const auto costs = memoryCosts(snapshot->analysis.target->board, snapshot->analysis.cycles.state);
  const auto find = [&](std::string_view memory, bool write) {
    return *std::ranges::find_if(
        costs, [&](const MemoryCost& c) { return c.memory == memory && c.write == write; });
  };
  // 262,144 words at 216 MHz.
  EXPECT_NEAR(*find("dtcm", false).milliseconds, 262'144 / 216e3, 1e-9);
  // 8,388,608 bits at 1 MHz, and what a command for each of 64 blocks takes where that is known.
  EXPECT_GE(*find("sd", false).milliseconds, 8'388.608 - 1e-6);
  EXPECT_EQ(find("sd", true).milliseconds, find("sd", false).milliseconds);
  EXPECT_FALSE(find("flash", true).milliseconds);
  EXPECT_GE(*find("flash", false).milliseconds, *find("dtcm", false).milliseconds);
  EXPECT_GT(*find("sd", false).millijoules, 100 * *find("flash", false).millijoules);
}

TEST(MemoryCostChart, BarsAreAtTheirValuesOnBothScales) {
  const SnapshotPtr snapshot = snapshotFor("nucleo-f429zi");
  Selection selection;
  selection.setReport(std::shared_ptr<const Report>(snapshot, &snapshot->report));
  MemoryCostChart chart(selection);
  chart.setCosts(memoryCosts(snapshot->analysis.target->board, snapshot->analysis.cycles.state));
  chart.resize(900, 500);
  for (const bool log : {true, false}) {
    chart.setLog(log);
    const MemoryCostGeometry geometry = chart.geometryFor(chart.size());
    EXPECT_EQ(geometry.bars.size(), 2 * chart.costs().size());
    for (const MemoryBar& bar : geometry.bars) {
      const MemoryCost& cost = chart.costs()[std::size_t(bar.cost)];
      const auto& value = bar.energy ? cost.millijoules : cost.milliseconds;
      EXPECT_EQ(bar.known, value.has_value());
      if (!value) continue;
      const ValueAxis& axis = bar.energy ? geometry.energy : geometry.time;
      EXPECT_NEAR(axis.valueAt(bar.rect.top()) / *value, 1, 1e-6);
    }
  }
  EXPECT_TRUE(chart.itemText(0).startsWith(QStringLiteral("Reading 1 MiB from ")));
}

TEST(AssumptionsModel, IsASoundItemModel) {
  AssumptionsModel model;
  const QAbstractItemModelTester tester(&model,
                                        QAbstractItemModelTester::FailureReportingMode::Fatal);
  const SnapshotPtr snapshot = snapshotFor("nucleo-f767zi");
  model.setRows(assumptionsOf(snapshot->analysis, snapshot->report));
  EXPECT_GT(model.rowCount(), 40);
  model.setRows({});
  EXPECT_EQ(model.rowCount(), 0);
}

TEST(Assumptions, EveryFactWithABasisNamesItsSource) {
  for (const char* board : {"nucleo-f767zi", "nucleo-f429zi", "nucleo-f091rc"}) {
    const SnapshotPtr snapshot = snapshotFor(board);
    for (const FactRow& row : assumptionsOf(snapshot->analysis, snapshot->report)) {
      EXPECT_FALSE(row.group.empty());
      EXPECT_FALSE(row.value.empty()) << row.group << " " << row.name;
      if (row.basis) {
        EXPECT_FALSE(row.source.empty()) << row.group << " " << row.name;
      }
    }
  }
}

TEST(AssumptionsView, FiltersAndCounts) {
  Session session;
  Selection selection;
  session.open(QString::fromStdString(largeMobilenetFile()));
  session.waitUntilIdle();
  AssumptionsView view({session, selection});
  view.resize(900, 400);
  view.show();
  view.refresh();
  const auto* count = view.findChild<QLabel*>(QStringLiteral("assumption-count"));
  EXPECT_TRUE(count->text().contains(QStringLiteral("datasheet"))) << count->text().toStdString();
  const int all = view.table()->model()->rowCount();
  QTest::keyClicks(view.filterBox(), QStringLiteral("assumed"));
  const int assumed = view.table()->model()->rowCount();
  EXPECT_GT(assumed, 0);
  EXPECT_LT(assumed, all);
  EXPECT_TRUE(count->text().contains(QStringLiteral("%1 of %2 shown").arg(assumed).arg(all)));
}

}  // namespace
}  // namespace mcuprof::gui
