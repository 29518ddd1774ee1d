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

bool oneSided(const DifferenceBar& bar) {
  return bar.kind == LayerChange::Inserted || bar.kind == LayerChange::Removed;
}

}  // namespace

DifferenceChart::DifferenceChart(Selection& selection, QString name, QWidget* parent)
    : ChartBase(selection, std::move(name), parent) {}

void DifferenceChart::setBars(std::vector<DifferenceBar> bars, Unit unit, QString caption) {
  m_bars = std::move(bars);
  m_unit = unit;
  m_caption = std::move(caption);
  invalidate();
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
  std::vector<double> more;
  std::vector<double> less;
  for (const DifferenceBar& bar : m_bars) {
    if (bar.change > 0) more.push_back(bar.change);
    if (bar.change < 0) less.push_back(-bar.change);
  }
  // Of a few bars each counts.
  constexpr std::size_t kFewBars = 10;
  const auto most = [this](std::vector<double> values) {
    if (m_bars.size() > kFewBars) return mostWithoutTowers(std::move(values));
    return values.empty() ? 0 : std::ranges::max(values);
  };
  double high = most(std::move(more));
  const double low = -most(std::move(less));
  if (low == 0 && high == 0) high = 1;
  const double air = (high - low) * 0.06;
  return {(low < 0 ? low - air : low) / valueZoom(),
          (high > 0 ? high + air : high) / valueZoom(),
          frame.plot.top(),
          frame.plot.bottom(),
          false,
          m_unit};
}

void DifferenceChart::addBar(Scene& scene, const ChartFrame& frame, const ValueAxis& axis,
                             int item) const {
  const DifferenceBar& bar = m_bars[static_cast<std::size_t>(item)];
  const bool above = bar.change >= 0;
  const double zero = axis.y(0);
  const double y = std::clamp(axis.y(bar.change), frame.plot.top(), frame.plot.bottom());
  const QRectF column = columnOf(frame.x, item, std::min(y, zero), std::max(y, zero));
  const bool fades = bar.layer >= 0 && !selection().matches(bar.layer);
  if (column.height() > 0) {
    scene.rects.push_back({column, inkOf(bar), oneSided(bar) ? Pattern::Hatched : Pattern::Solid,
                           fades ? 0.18F : 1.0F});
  }
  if (y != axis.y(bar.change)) addCut(scene, frame, column, above, signedHuman(bar.change, m_unit));
  if (oneSided(bar)) {
    scene.glyphs.push_back({QPointF(column.center().x(), above ? y - 7 : y + 7),
                            bar.kind == LayerChange::Inserted ? Glyph::Up : Glyph::Cross,
                            inkOf(bar), 8});
  }
}

void DifferenceChart::addLabels(Scene& scene, const ChartFrame& frame) const {
  double widest = 1;
  for (const DifferenceBar& bar : m_bars)
    widest = std::max(widest, frame.font.horizontalAdvance(bar.label) + 8);
  const int step = std::max(1, static_cast<int>(std::ceil(widest / frame.x.slot())));
  const int last = frame.x.lastVisible(itemCount());
  for (int item = frame.x.firstVisible(); item < last; ++item) {
    if (item % step != 0) continue;
    scene.texts.push_back({QRectF(frame.x.x(item + 0.5) - widest / 2, frame.plot.bottom() + 4,
                                  widest, frame.font.height()),
                           m_bars[static_cast<std::size_t>(item)].label,
                           Qt::AlignHCenter | Qt::AlignTop, Ink::FaintText});
  }
}

Scene DifferenceChart::build(const ChartFrame& frame) const {
  Scene scene;
  const bool same = std::ranges::all_of(
      m_bars, [](double change) { return change == 0; }, &DifferenceBar::change);
  const ValueAxis axis = axisFor(frame);
  if (!same) addValueAxis(scene, frame, axis);
  const auto change = [this](int item) {
    return std::abs(m_bars[static_cast<std::size_t>(item)].change);
  };
  for (const int item : visibleLayers(frame.x, itemCount(), change))
    addBar(scene, frame, axis, item);
  addLabels(scene, frame);
  const double zero = axis.y(0);
  scene.lines.push_back({QLineF(frame.plot.left(), zero, frame.plot.right(), zero), Ink::Axis});
  std::vector<LegendEntry> entries = {{tr("more than the baseline"), Ink::Card},
                                      {tr("less"), Ink::Weights}};
  if (std::ranges::any_of(m_bars, oneSided))
    entries.push_back({tr("hatched: only on one side (▲ inserted, × removed)"), Ink::Unknown});
  const double x = addLegend(scene, frame, entries);
  const double height = frame.font.height();
  scene.texts.push_back(
      {QRectF(x, frame.plot.top() - height - 8, frame.all.right() - x - 4, height), m_caption,
       Qt::AlignLeft | Qt::AlignVCenter, Ink::Text});
  if (same) {
    scene.texts.push_back({frame.plot, tr("The same as in the baseline: no figure changed."),
                           Qt::AlignCenter, Ink::FaintText});
  }
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
