#include "gui/charts/chart_parts.hpp"

#include <algorithm>
#include <cmath>

namespace mcuprof::gui {

namespace {

constexpr double kWidestColumn = 90;

}  // namespace

void addValueAxis(Scene& scene, const ChartFrame& frame, const ValueAxis& axis) {
  const double half = frame.font.height() / 2;
  constexpr double kTickPixels = 34;  // a low chart has a scale too
  for (const Tick& tick : axis.ticks(kTickPixels)) {
    const double y = std::round(axis.y(tick.value)) + 0.5;
    if (y < axis.top - 1 || y > axis.bottom + 1) continue;
    scene.grid.push_back({QLineF(frame.plot.left(), y, frame.plot.right(), y), Ink::Grid});
    scene.texts.push_back({QRectF(0, y - half, frame.plot.left() - 6, 2 * half), tick.text,
                           Qt::AlignRight | Qt::AlignVCenter, Ink::FaintText});
  }
}

void addRule(Scene& scene, const ChartFrame& frame) {
  const double y = frame.plot.bottom() + 0.5;
  scene.lines.push_back({QLineF(frame.plot.left(), y, frame.plot.right(), y), Ink::Axis});
}

void addLayerAxis(Scene& scene, const ChartFrame& frame, int layers) {
  addRule(scene, frame);
  const double width = frame.font.horizontalAdvance(QString::number(layers)) + 10;
  for (const int layer : frame.x.labelled(layers, width)) {
    const double middle = frame.x.x(layer + 0.5);
    if (middle < frame.plot.left() || middle > frame.plot.right()) continue;
    scene.texts.push_back(
        {QRectF(middle - width / 2, frame.plot.bottom() + 4, width, frame.font.height()),
         QString::number(layer + 1), Qt::AlignHCenter | Qt::AlignTop, Ink::FaintText});
  }
  const QString title = QStringLiteral("layer");
  scene.texts.push_back(
      {QRectF(0, frame.plot.bottom() + 4, frame.plot.left() - 6, frame.font.height()), title,
       Qt::AlignRight | Qt::AlignTop, Ink::FaintText});
}

void addTimeAxis(Scene& scene, const ChartFrame& frame) {
  // The ticks are those of a value axis that lies on its side.
  const ValueAxis axis{
      frame.x.range.first, frame.x.range.last, frame.plot.left(), frame.plot.right(), false,
      Unit::Milliseconds};
  const double y = frame.plot.bottom() + 0.5;
  addRule(scene, frame);
  for (const Tick& tick : axis.ticks(90)) {
    const double x = std::round(frame.x.x(tick.value)) + 0.5;
    if (x < frame.plot.left() - 1 || x > frame.plot.right() + 1) continue;
    scene.lines.push_back({QLineF(x, y, x, y - 4), Ink::Axis});
    const double half = 42;
    const double left = std::min(x - half, frame.all.right() - 2 * half);
    scene.texts.push_back({QRectF(left, frame.plot.bottom() + 4, 2 * half, frame.font.height()),
                           tick.text, Qt::AlignHCenter | Qt::AlignTop, Ink::FaintText});
  }
}

double addLegend(Scene& scene, const ChartFrame& frame, std::span<const LegendEntry> entries) {
  const double height = frame.font.height();
  const double swatch = std::round(height * 0.65);
  const double y = frame.plot.top() - height - 8;
  double x = frame.plot.left();
  for (const LegendEntry& entry : entries) {
    const double text = frame.font.horizontalAdvance(entry.text);
    if (x + swatch + 5 + text > frame.all.right() - 4) break;
    // Drawn as a glyph is, outside the plot's clip; a pattern needs the clip's rectangle instead.
    scene.glyphs.push_back(
        {QPointF(x + swatch / 2, y + height / 2), Glyph::Square, entry.ink, swatch});
    scene.texts.push_back({QRectF(x + swatch + 5, y, text + 2, height), entry.text,
                           Qt::AlignLeft | Qt::AlignVCenter, Ink::Text});
    x += swatch + 5 + text + 16;
  }
  return x;
}

double mostWithoutTowers(std::vector<double> values) {
  constexpr double kTowers = 4;
  constexpr double kGap = 2;
  std::ranges::sort(values, std::ranges::greater());
  for (std::size_t i = 1; i < std::min<std::size_t>(4, values.size()); ++i) {
    const bool stands = values.front() > kTowers * values[i] && values[i - 1] > kGap * values[i];
    if (values[i] > 0 && stands) return values[i] * 1.15;
  }
  return values.empty() ? 0 : values.front();
}

void addBreak(Scene& scene, const QRectF& bar, double y) {
  for (const double middle : {y - 2.5, y + 2.5}) {
    scene.lines.push_back(
        {QLineF(bar.left() - 2, middle + 3, bar.right() + 2, middle - 3), Ink::Background, 2});
  }
}

void addCut(Scene& scene, const ChartFrame& frame, const QRectF& bar, bool atTop,
            const QString& value) {
  addBreak(scene, bar, atTop ? bar.top() + 14.5 : bar.bottom() - 14.5);
  const double height = frame.font.height();
  const double width = frame.font.horizontalAdvance(value) + 6;
  const bool left = bar.right() + width + 6 > frame.plot.right();
  QRectF label(left ? bar.left() - width - 4 : bar.right() + 4,
               atTop ? bar.top() + height + 6 : bar.bottom() - 2 * height - 6, width, height);
  // Towers side by side have their values one below the other.
  for (const SceneText& text : scene.texts) {
    if (text.box.intersects(label)) label.translate(0, atTop ? height : -height);
  }
  scene.texts.push_back({label, value, Qt::AlignCenter, Ink::Text, true, true});
}

QRectF columnOf(const LayerAxis& axis, int layer, double top, double bottom) {
  const double slot = axis.slot();
  const double gap = slot >= 4 ? std::min(3.0, slot * 0.15) : 0;
  // A network of three layers must not look like a wall.
  const double width = std::min(axis.slot() - gap, kWidestColumn);
  double left = axis.x(layer + 0.5) - width / 2;
  double right = left + width;
  // Whole pixels keep edges sharp.
  left = std::round(left);
  right = std::max(left + 1, std::round(right));
  return {left, top, right - left, bottom - top};
}

}  // namespace mcuprof::gui
