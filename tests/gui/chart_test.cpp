// Geometry and pixels of the working set chart, against the report's numbers.
#include <gtest/gtest.h>

#include <QAccessible>
#include <QApplication>
#include <QImage>
#include <QTest>
#include <QWheelEvent>
#include <cmath>

#include "gui/charts/chart_parts.hpp"
#include "gui/charts/working_set_chart.hpp"
#include "tests/gui/fixture.hpp"

namespace mcuprof::gui {
namespace {

using test::largeMobilenetFile;
using test::setupFor;
using test::snapshotOf;

class WorkingSetChartTest : public testing::Test {
 protected:
  WorkingSetChartTest() : m_snapshot(snapshotOf(setupFor(largeMobilenetFile()))) {
    m_selection.setReport(std::shared_ptr<const Report>(m_snapshot, &m_snapshot->report));
    m_chart = std::make_unique<WorkingSetChart>(m_selection);
    m_chart->resize(1200, 500);
    m_chart->show();
  }
  const LayerRow& row(int layer) const {
    return m_snapshot->report.layers[static_cast<std::size_t>(layer)];
  }

  SnapshotPtr m_snapshot;
  Selection m_selection;
  std::unique_ptr<WorkingSetChart> m_chart;
};

TEST_F(WorkingSetChartTest, ABarIsAsHighAsItsBytes) {
  const WorkingSetGeometry geometry = m_chart->geometryFor(m_chart->size());
  ASSERT_EQ(geometry.bars.size(), m_snapshot->report.layers.size());
  const double pixelsPerByte =
      (geometry.axis.bottom - geometry.axis.top) / (geometry.axis.high - geometry.axis.low);
  for (const WorkingSetBar& bar : geometry.bars) {
    const WorkingSet& parts = row(bar.layer).parts;
    if (bar.broken) continue;
    EXPECT_NEAR(bar.whole.height(), double(parts.total().value) * pixelsPerByte, 1e-6);
    EXPECT_NEAR(bar.input.height(), double(parts.input.value) * pixelsPerByte, 1e-6);
    EXPECT_NEAR(bar.output.height(), double(parts.output.value) * pixelsPerByte, 1e-6);
    EXPECT_NEAR(bar.weights.height(), double(parts.weights.value) * pixelsPerByte, 1e-6);
    EXPECT_NEAR(bar.bias.height(), double(parts.bias.value) * pixelsPerByte, 1e-6);
  }
  EXPECT_NEAR(geometry.axis.bottom - geometry.usableY,
              double(m_snapshot->report.sram.usable.value) * pixelsPerByte, 1e-6);
}

TEST_F(WorkingSetChartTest, LowBarsHaveTheirSizesAboveThem) {
  const auto sized = [this](const QSizeF& size) {
    const QString text = human(double(row(0).parts.total().value), Unit::Bytes);
    return std::ranges::any_of(m_chart->sceneFor(size).texts,
                               [&](const SceneText& t) { return t.text == text; });
  };
  const QSizeF wide(10'000, 400);
  EXPECT_FALSE(sized(wide)) << "bars are as high as the plot";
  m_snapshot = snapshotOf(setupFor(largeMobilenetFile(), "arduino-giga-r1"));
  m_selection.setReport(std::shared_ptr<const Report>(m_snapshot, &m_snapshot->report));
  EXPECT_TRUE(sized(wide));
  EXPECT_FALSE(sized(QSizeF(1000, 400))) << "columns are too narrow for words";
}

TEST_F(WorkingSetChartTest, PaintsEachPartInItsColourAtItsPlace) {
  const QImage image = m_chart->grab().toImage();
  const Theme& theme = Theme::light();
  int probed = 0;
  for (const WorkingSetBar& bar : m_chart->geometryFor(m_chart->size()).bars) {
    if (bar.over || bar.streams || bar.broken) continue;  // hatched
    const auto probe = [&](const QRectF& rect, Ink ink) {
      if (rect.height() < 4 || rect.width() < 4) return;
      // Away from the limit lines, which lie above bars.
      const QPoint at(int(rect.center().x()), int(rect.top() + 2));
      const double usable = m_chart->geometryFor(m_chart->size()).usableY;
      const double largest = m_chart->geometryFor(m_chart->size()).largestY;
      if (std::abs(at.y() - usable) < 30 || std::abs(at.y() - largest) < 30) return;
      EXPECT_EQ(image.pixelColor(at).name(), theme.color(ink).name()) << "layer " << bar.layer;
      ++probed;
    };
    probe(bar.input, Ink::Input);
    probe(bar.output, Ink::Output);
    probe(bar.weights, Ink::Weights);
  }
  EXPECT_GT(probed, 40);
}

TEST_F(WorkingSetChartTest, MarksViolationsByGlyphAndHatch) {
  const Scene scene = m_chart->sceneFor(m_chart->size());
  const WorkingSetGeometry geometry = m_chart->geometryFor(m_chart->size());
  std::size_t over = 0;
  std::size_t streams = 0;
  for (const LayerRow& layer : m_snapshot->report.layers) {
    if (!layer.fit.activationsFit) ++over;
    if (layer.fit.activationsFit && !layer.fit.workingSetFits) ++streams;
  }
  ASSERT_EQ(over, 1U);  // layer 5, the PAD of 128x128
  ASSERT_EQ(streams, 1U);
  // The legend has one more of each.
  EXPECT_EQ(std::ranges::count(scene.glyphs, Glyph::Alert, &SceneGlyph::glyph), 2);
  EXPECT_EQ(std::ranges::count(scene.glyphs, Glyph::Stream, &SceneGlyph::glyph), 2);
  for (const WorkingSetBar& bar : geometry.bars) {
    const auto drawn = std::ranges::find(scene.rects, bar.input, &SceneRect::rect);
    if (bar.input.isEmpty()) continue;
    ASSERT_NE(drawn, scene.rects.end());
    EXPECT_EQ(drawn->pattern == Pattern::Hatched, bar.over || bar.streams);
  }
}

TEST_F(WorkingSetChartTest, ClickSelectsTheLayerOfItsColumn) {
  const ChartFrame frame = m_chart->frameFor(m_chart->size());
  QTest::mouseClick(m_chart.get(), Qt::LeftButton, {},
                    QPoint(int(frame.x.x(20.5)), int(frame.plot.center().y())));
  EXPECT_EQ(m_selection.layer(), 20);
}

TEST_F(WorkingSetChartTest, WheelZoomsAtThePointerAndUndoComesBack) {
  const ChartFrame before = m_chart->frameFor(m_chart->size());
  const QPointF at(before.x.x(30), before.plot.center().y());
  QWheelEvent wheel(at, m_chart->mapToGlobal(at), {}, {0, 120}, Qt::NoButton, Qt::NoModifier,
                    Qt::NoScrollPhase, false);
  QApplication::sendEvent(m_chart.get(), &wheel);
  const ChartFrame after = m_chart->frameFor(m_chart->size());
  EXPECT_LT(after.x.range.span(), before.x.range.span());
  EXPECT_NEAR(after.x.x(30), at.x(), 1e-6);
  m_selection.undo();
  EXPECT_EQ(m_selection.range(), before.x.range);
}

TEST_F(WorkingSetChartTest, DraggingTheLineAsksForThatManyBytes) {
  qint64 asked = 0;
  QObject::connect(m_chart.get(), &WorkingSetChart::usableDragged,
                   [&asked](qint64 bytes) { asked = bytes; });
  const WorkingSetGeometry geometry = m_chart->geometryFor(m_chart->size());
  const QPoint start(600, int(std::lround(geometry.usableY)));
  const int to = int(std::lround(geometry.axis.y(256 * 1024)));
  QTest::mousePress(m_chart.get(), Qt::LeftButton, {}, start);
  QTest::mouseMove(m_chart.get(), QPoint(600, to));
  QTest::mouseRelease(m_chart.get(), Qt::LeftButton, {}, QPoint(600, to));
  EXPECT_NEAR(double(asked), 256 * 1024, 4096);
}

TEST_F(WorkingSetChartTest, ScreenReadersGetEveryLayersNumbers) {
  QAccessibleInterface* list = QAccessible::queryAccessibleInterface(m_chart.get());
  ASSERT_NE(list, nullptr);
  EXPECT_EQ(list->role(), QAccessible::List);
  ASSERT_EQ(list->childCount(), m_selection.count());
  QAccessibleInterface* fifth = list->child(4);
  EXPECT_EQ(fifth->role(), QAccessible::ListItem);
  const QString text = fifth->text(QAccessible::Name);
  EXPECT_TRUE(text.startsWith(QStringLiteral("Layer 5 PAD: working set 390 KiB (399,440 B)")))
      << text.toStdString();
  EXPECT_TRUE(text.contains(QStringLiteral("exceed sram1 by 22,576 B: blocks")))
      << text.toStdString();
  m_selection.select(4);
  EXPECT_TRUE(fifth->state().selected);
  EXPECT_EQ(list->indexOfChild(fifth), 4);
  EXPECT_EQ(list->childAt(fifth->rect().center().x(), fifth->rect().center().y()), fifth);
}

TEST_F(WorkingSetChartTest, CumulativeSumsEndAtTheTotals) {
  m_chart->setMode(WorkingSetMode::Cumulative);
  const WorkingSetGeometry geometry = m_chart->geometryFor(m_chart->size());
  const WorkingSet& total = m_snapshot->report.totals.parts;
  const double pixelsPerByte =
      (geometry.axis.bottom - geometry.axis.top) / (geometry.axis.high - geometry.axis.low);
  EXPECT_NEAR(geometry.bars.back().whole.height(),
              double((total.weights + total.bias + total.output).value) * pixelsPerByte, 1e-6);
}

TEST_F(WorkingSetChartTest, LogAxisPlacesEachBarAtTheLogarithmOfItsBytes) {
  m_chart->setMode(WorkingSetMode::Log);
  const WorkingSetGeometry geometry = m_chart->geometryFor(m_chart->size());
  for (const WorkingSetBar& bar : geometry.bars) {
    const double bytes = double(row(bar.layer).parts.total().value);
    EXPECT_FALSE(bar.broken);
    EXPECT_NEAR(geometry.axis.valueAt(bar.whole.top()) / bytes, 1, 1e-6);
  }
}

TEST(LevelOfDetail, KeepsThePeakOfEachPixelColumn) {
  std::vector<double> values(10'000, 1);
  values[4321] = 9;
  const LayerAxis axis{{0, 10'000}, 0, 500};
  const std::vector<int> shown = visibleLayers(
      axis, 10'000, [&](int layer) { return values[static_cast<std::size_t>(layer)]; });
  EXPECT_EQ(shown.size(), 500U);
  EXPECT_EQ(std::ranges::count(shown, 4321), 1);
  EXPECT_LT(axis.slot(), 1);
}

}  // namespace
}  // namespace mcuprof::gui
