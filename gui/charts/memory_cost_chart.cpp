#include "gui/charts/memory_cost_chart.hpp"

#include <algorithm>
#include <cmath>

#include "gui/charts/chart_parts.hpp"
#include "gui/session/qt_text.hpp"

namespace mcuprof::gui {
namespace {

Ink inkOf(const MemoryCost& cost) {
  return cost.write ? Ink::SpillWrite : Ink::Series0;
}

const std::optional<double>& figureOf(const MemoryCost& cost, bool energy) {
  return energy ? cost.millijoules : cost.milliseconds;
}

Unit unitOf(bool energy) {
  return energy ? Unit::Millijoules : Unit::Milliseconds;
}

}  // namespace

MemoryCostGeometry layOutMemoryCosts(const std::vector<MemoryCost>& costs,
                                     const std::vector<int>& memoryOf, bool log,
                                     const ChartFrame& frame, double valueZoom) {
  MemoryCostGeometry out;
  const double header = frame.font.height() * 2 + 4;  // the panel's name, and values above bars
  const double height = (frame.plot.height() - 2 * header) / 2;
  out.timePanel = QRectF(frame.plot.left(), frame.plot.top() + header, frame.plot.width(),
                         std::max(1.0, height));
  out.energyPanel = out.timePanel.translated(0, height + header);
  const auto axis = [&](bool energy, const QRectF& panel) {
    double least = 0;
    double most = 0;
    for (const MemoryCost& cost : costs) {
      const auto& value = figureOf(cost, energy);
      if (!value || *value <= 0) continue;
      most = std::max(most, *value);
      least = least == 0 ? *value : std::min(least, *value);
    }
    // Small values keep a bar that can be seen.
    return log && most > 0
               ? ValueAxis::logarithmic(least / 3, most, unitOf(energy), panel.top(),
                                        panel.bottom())
               : ValueAxis::linear(most / valueZoom, unitOf(energy), panel.top(), panel.bottom());
  };
  out.time = axis(false, out.timePanel);
  out.energy = axis(true, out.energyPanel);
  const double slot = frame.x.slot();
  const double width = std::clamp(slot * 0.28, 2.0, 70.0);
  for (const bool energy : {false, true}) {
    const ValueAxis& on = energy ? out.energy : out.time;
    for (std::size_t i = 0; i < costs.size(); ++i) {
      const double middle = frame.x.x(memoryOf[i] + 0.5);
      const double left = std::round(costs[i].write ? middle + 2 : middle - 2 - width);
      const auto& value = figureOf(costs[i], energy);
      const double y = value ? std::max(on.top, on.y(*value)) : on.bottom;
      out.bars.push_back(
          {int(i), energy, QRectF(left, y, width, on.bottom - y), value.has_value()});
    }
  }
  return out;
}

MemoryCostChart::MemoryCostChart(Selection& selection, QWidget* parent)
    : FreeChart(selection, QStringLiteral("Memories of the board"), parent) {}

void MemoryCostChart::setCosts(std::vector<MemoryCost> costs) {
  const int before = m_memories;
  m_costs = std::move(costs);
  m_memoryOf.clear();
  m_memories = 0;
  for (std::size_t i = 0; i < m_costs.size(); ++i) {
    if (i == 0 || m_costs[i].memory != m_costs[i - 1].memory) ++m_memories;
    m_memoryOf.push_back(m_memories - 1);
  }
  if (m_memories != before && m_memories > 0) {
    setCurrentRange(fullRange(), Selection::Step::New);
  }
  invalidate();
}

void MemoryCostChart::setLog(bool log) {
  m_log = log;
  invalidate();
}

QMarginsF MemoryCostChart::margins(const QFontMetricsF& font) const {
  return {font.horizontalAdvance(QStringLiteral("1,000 KiB ")) + 8, font.height() + 10, 12,
          2 * font.height() + 10};
}

MemoryCostGeometry MemoryCostChart::geometryFor(const QSizeF& size) const {
  return layOutMemoryCosts(m_costs, m_memoryOf, m_log, frameFor(size), valueZoom());
}

QString MemoryCostChart::itemText(int item) const {
  if (item < 0 || item >= itemCount()) return {};
  const MemoryCost& cost = m_costs[static_cast<std::size_t>(item)];
  QString out =
      QStringLiteral("%1 1 MiB %2 %3 (%4): ")
          .arg(cost.write ? tr("Writing") : tr("Reading"), cost.write ? tr("to") : tr("from"),
               toQt(cost.memory), toQt(nameOf(cost.kind)));
  if (!cost.milliseconds) return out + tr("unknown: ") + toQt(cost.how);
  out += human(*cost.milliseconds, Unit::Milliseconds);
  if (cost.millijoules) out += QStringLiteral(", ") + human(*cost.millijoules, Unit::Millijoules);
  return out + QStringLiteral("; %1 [%2]").arg(toQt(cost.how), toQt(nameOf(cost.basis)));
}

QRectF MemoryCostChart::itemRect(int item, const ChartFrame& frame) const {
  if (item < 0 || item >= itemCount()) return {};
  const double middle = frame.x.x(m_memoryOf[static_cast<std::size_t>(item)] + 0.5);
  const double half = frame.x.slot() / 2;
  const bool write = m_costs[static_cast<std::size_t>(item)].write;
  return QRectF(write ? middle : middle - half, frame.plot.top(), half, frame.plot.height())
      .intersected(frame.plot);
}

int MemoryCostChart::itemAt(const QPointF& at, const ChartFrame& frame) const {
  for (int item = 0; item < itemCount(); ++item) {
    if (itemRect(item, frame).contains(at)) return item;
  }
  return -1;
}

Scene MemoryCostChart::build(const ChartFrame& frame) const {
  Scene scene;
  const MemoryCostGeometry geometry =
      layOutMemoryCosts(m_costs, m_memoryOf, m_log, frame, valueZoom());
  const double height = frame.font.height();
  const auto panel = [&](const QRectF& rect, const ValueAxis& axis, const QString& title) {
    ChartFrame inner = frame;
    inner.plot = rect;
    addValueAxis(scene, inner, axis);
    scene.lines.push_back(
        {QLineF(rect.left(), rect.bottom() + 0.5, rect.right(), rect.bottom() + 0.5), Ink::Axis});
    scene.texts.push_back({QRectF(rect.left(), rect.top() - 2 * height - 4, rect.width(), height),
                           title, Qt::AlignLeft | Qt::AlignVCenter, Ink::Text, true});
  };
  panel(geometry.timePanel, geometry.time, tr("time of 1 MiB"));
  panel(geometry.energyPanel, geometry.energy, tr("energy of 1 MiB"));
  bool anyEnergy = false;
  for (const MemoryBar& bar : geometry.bars) {
    const MemoryCost& cost = m_costs[static_cast<std::size_t>(bar.cost)];
    const bool missed = !bar.known && !cost.milliseconds;
    const double middle = bar.rect.center().x();
    if (!bar.known) {
      // Of energy nothing is said where the time is not known either.
      if (missed) {
        scene.glyphs.push_back(
            {QPointF(middle, bar.rect.bottom() - 9), Glyph::Question, Ink::Unknown, 13});
      }
      continue;
    }
    anyEnergy |= bar.energy;
    scene.rects.push_back({bar.rect, inkOf(cost), cost.write ? Pattern::Hatched : Pattern::Solid});
    const QString value = human(*figureOf(cost, bar.energy), unitOf(bar.energy));
    const double width = frame.font.horizontalAdvance(value) + 4;
    // The left one ends, the right one begins at the gap between both bars.
    const double x = cost.write ? std::max(bar.rect.left(), middle - width / 2)
                                : std::min(bar.rect.right() - width, middle - width / 2);
    scene.texts.push_back(
        {QRectF(x, bar.rect.top() - height - 1, width, height), value, Qt::AlignCenter, Ink::Text});
  }
  if (!anyEnergy) {
    scene.texts.push_back({geometry.energyPanel, tr("No source gives this board's power."),
                           Qt::AlignCenter, Ink::FaintText});
  }
  for (std::size_t i = 0; i < m_costs.size(); ++i) {
    if (m_costs[i].write) continue;
    const double slot = frame.x.slot();
    const QRectF name(frame.x.x(m_memoryOf[i]) + 2, frame.plot.bottom() + 3, slot - 4, height);
    scene.texts.push_back(
        {name, toQt(m_costs[i].memory), Qt::AlignHCenter | Qt::AlignTop, Ink::Text, true});
    scene.texts.push_back({name.translated(0, height),
                           m_costs[i].milliseconds ? toQt(nameOf(m_costs[i].basis)) : tr("unknown"),
                           Qt::AlignHCenter | Qt::AlignTop, Ink::FaintText});
  }
  const LegendEntry entries[] = {{tr("read"), Ink::Series0},
                                 {tr("hatched: write"), Ink::SpillWrite},
                                 {tr("“?”: unknown, point at it for why"), Ink::Unknown}};
  addLegend(scene, frame, entries);
  return scene;
}

}  // namespace mcuprof::gui
