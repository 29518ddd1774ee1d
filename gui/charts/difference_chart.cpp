#include "gui/charts/difference_chart.hpp"

#include <algorithm>
#include <cmath>

#include "gui/charts/chart_parts.hpp"
#include "gui/session/qt_text.hpp"

namespace mcuprof::gui {
namespace {

Ink inkOf(const DifferenceBar& bar) {
  return bar.change > 0 ? Ink::Card : Ink::Weights;
}

}  // namespace

DifferenceChart::DifferenceChart(Selection& selection, QString name, QWidget* parent)
    : ChartBase(selection, std::move(name), parent) {}

void DifferenceChart::setBars(std::vector<DifferenceBar> bars, Unit unit) {
  m_bars = std::move(bars);
  m_unit = unit;
  invalidate();
}

void DifferenceChart::showNothing(QString why) {
  m_why = std::move(why);
  setBars({}, m_unit);
}

QString DifferenceChart::emptyText() const {
  return m_why;
}

QString DifferenceChart::itemText(int item) const {
  if (item < 0 || item >= itemCount()) return {};
  return m_bars[static_cast<std::size_t>(item)].sentence;
}

int DifferenceChart::layerOf(int item) const {
  if (item < 0 || item >= itemCount()) return -1;
  return m_bars[static_cast<std::size_t>(item)].layer;
}

int DifferenceChart::itemOf(int layer) const {
  const auto found = std::ranges::find(m_bars, layer, &DifferenceBar::layer);
  return found == m_bars.end() ? -1 : static_cast<int>(found - m_bars.begin());
}

QRectF DifferenceChart::itemRect(int item, const ChartFrame& frame) const {
  if (item < 0) return {};
  const QRectF column(frame.x.x(item), frame.plot.top(), frame.x.slot(), frame.plot.height());
  return column.intersected(frame.plot);
}

int DifferenceChart::itemAt(const QPointF& at, const ChartFrame& frame) const {
  if (!frame.plot.contains(at)) return -1;
  const int item = static_cast<int>(std::floor(frame.x.layerAt(at.x())));
  return item >= 0 && item < itemCount() ? item : -1;
}

ValueAxis DifferenceChart::axisFor(const ChartFrame& frame) const {
  double low = 0;
  double high = 0;
  for (const DifferenceBar& bar : m_bars) {
    low = std::min(low, bar.change);
    high = std::max(high, bar.change);
  }
  if (low == 0 && high == 0) high = 1;
  const double air = (high - low) * 0.06;
  return {(low < 0 ? low - air : low) / valueZoom(),
          (high > 0 ? high + air : high) / valueZoom(),
          frame.plot.top(),
          frame.plot.bottom(),
          false,
          m_unit};
}

Scene DifferenceChart::build(const ChartFrame& frame) const {
  Scene scene;
  const ValueAxis axis = axisFor(frame);
  addValueAxis(scene, frame, axis);
  const double zero = axis.y(0);
  double lastLabel = -1e9;
  const auto change = [this](int item) {
    return std::abs(m_bars[static_cast<std::size_t>(item)].change);
  };
  for (const int item : visibleLayers(frame.x, itemCount(), change)) {
    const DifferenceBar& bar = m_bars[static_cast<std::size_t>(item)];
    const double y = std::clamp(axis.y(bar.change), frame.plot.top(), frame.plot.bottom());
    const QRectF column = columnOf(frame.x, item, std::min(y, zero), std::max(y, zero));
    const bool oneSided = bar.kind == LayerChange::Inserted || bar.kind == LayerChange::Removed;
    const bool fades = bar.layer >= 0 && !selection().matches(bar.layer);
    if (column.height() > 0) {
      scene.rects.push_back(
          {column, inkOf(bar), oneSided ? Pattern::Hatched : Pattern::Solid, fades ? 0.18F : 1.0F});
    }
    if (oneSided) {
      const bool above = bar.change >= 0;
      scene.glyphs.push_back({QPointF(column.center().x(), above ? y - 7 : y + 7),
                              bar.kind == LayerChange::Inserted ? Glyph::Up : Glyph::Cross,
                              inkOf(bar), 8});
    }
    const double width = frame.font.horizontalAdvance(bar.label) + 8;
    const double middle = frame.x.x(item + 0.5);
    if (middle - width / 2 < lastLabel) continue;
    lastLabel = middle + width / 2;
    scene.texts.push_back(
        {QRectF(middle - width / 2, frame.plot.bottom() + 4, width, frame.font.height()), bar.label,
         Qt::AlignHCenter | Qt::AlignTop, Ink::FaintText});
  }
  scene.lines.push_back({QLineF(frame.plot.left(), zero, frame.plot.right(), zero), Ink::Axis});
  const LegendEntry entries[] = {
      {tr("more than the baseline"), Ink::Card},
      {tr("less"), Ink::Weights},
      {tr("hatched: only on one side (▲ inserted, × removed)"), Ink::Unknown}};
  addLegend(scene, frame, entries);
  return scene;
}

std::vector<DifferenceBar> barsOf(const ReportDiff& diff, Difference LayerDifference::*figure,
                                  const QString& title, Unit unit) {
  std::vector<DifferenceBar> out;
  for (const LayerDifference& layer : diff.layers) {
    const Difference& d = layer.*figure;
    DifferenceBar bar;
    bar.kind = layer.kind;
    bar.layer = layer.freshNumber ? *layer.freshNumber - 1 : -1;
    bar.label = layer.freshNumber ? QString::number(*layer.freshNumber)
                                  : QStringLiteral("(%1)").arg(layer.baseNumber.value_or(0));
    bar.change = d.change ? d.change->value : 0;
    const auto side = [&](const std::optional<Estimate>& e) {
      return e ? exact(e->value, unit) : QStringLiteral("none");
    };
    bar.sentence =
        QStringLiteral("Layer %1 %2: %3 %4, baseline %5, change %6%7")
            .arg(bar.label, QString::fromStdString(layer.op), title, side(d.fresh), side(d.base),
                 d.change ? signedHuman(d.change->value, unit) : QStringLiteral("unknown"),
                 d.withinUncertainty() ? QStringLiteral(" (within uncertainty)") : QString());
    if (layer.kind != LayerChange::Same) {
      bar.sentence += QStringLiteral("; %1").arg(toQt(nameOf(layer.kind)));
      for (const std::string& what : layer.what) {
        bar.sentence += QStringLiteral(", ") + QString::fromStdString(what);
      }
    }
    out.push_back(std::move(bar));
  }
  return out;
}

}  // namespace mcuprof::gui
