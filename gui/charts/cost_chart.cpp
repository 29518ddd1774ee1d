#include "gui/charts/cost_chart.hpp"

#include <algorithm>
#include <cmath>

#include "gui/charts/bound_inks.hpp"
#include "gui/session/layer_filter.hpp"
#include "gui/session/qt_text.hpp"

namespace mcuprof::gui {
namespace {

Unit unitOf(CostMode mode) {
  switch (mode) {
    case CostMode::Milliseconds:
      return Unit::Milliseconds;
    case CostMode::Cycles:
      return Unit::Cycles;
    case CostMode::Millijoules:
      return Unit::Millijoules;
    case CostMode::CyclesPerMac:
      return Unit::Count;
  }
  return Unit::Count;
}

/// human(), but small ratios keep their decimals.
QString valueText(double value, CostMode mode) {
  if (mode == CostMode::CyclesPerMac) return QString::number(value, 'f', value < 10 ? 2 : 1);
  return human(value, unitOf(mode));
}

QString intervalText(const Estimate& e, CostMode mode) {
  return QStringLiteral("%1 (90 %: %2 to %3)")
      .arg(valueText(e.value, mode), valueText(e.low, mode), valueText(e.high, mode));
}

const CostReport& costsOf(const Selection& selection) {
  return selection.report()->costs;
}

}  // namespace

std::optional<Estimate> costOf(const CostRow* row, CostMode mode) {
  if (row == nullptr || !row->known) return std::nullopt;
  switch (mode) {
    case CostMode::Milliseconds:
      return row->milliseconds;
    case CostMode::Cycles:
      return row->cycles;
    case CostMode::Millijoules:
      return row->millijoules;
    case CostMode::CyclesPerMac: {
      if (!row->macs || *row->macs <= 0) return std::nullopt;
      const double macs = double(*row->macs);
      const Estimate& c = row->cycles;
      return Estimate{c.value / macs, c.low / macs, c.high / macs, c.basis};
    }
  }
  return std::nullopt;
}

CostGeometry layOutCosts(const Report& report, CostMode mode, const ChartFrame& frame,
                         double valueZoom) {
  CostGeometry out;
  const std::vector<const CostRow*> rows = costsByLayer(report);
  std::vector<double> highs;
  for (const CostRow* row : rows) {
    if (const auto cost = costOf(row, mode)) highs.push_back(cost->high);
  }
  const double most = mostWithoutTowers(std::move(highs));
  out.axis =
      ValueAxis::linear(most / valueZoom, unitOf(mode), frame.plot.top(), frame.plot.bottom());
  const auto value = [&](int layer) {
    const auto cost = costOf(rows[static_cast<std::size_t>(layer)], mode);
    return cost ? cost->value : 0;
  };
  for (const int layer : visibleLayers(frame.x, int(rows.size()), value)) {
    const CostRow* row = rows[static_cast<std::size_t>(layer)];
    const auto cost = costOf(row, mode);
    CostBar bar;
    bar.layer = layer;
    bar.known = cost.has_value();
    const double y = cost ? std::max(out.axis.top, out.axis.y(cost->value)) : out.axis.bottom;
    bar.bar = columnOf(frame.x, layer, y, out.axis.bottom);
    bar.lowY = cost ? out.axis.y(cost->low) : out.axis.bottom;
    bar.highY = cost ? out.axis.y(cost->high) : out.axis.bottom;
    bar.cut = cost && cost->value > out.axis.high;
    out.bars.push_back(bar);
  }
  return out;
}

CostChart::CostChart(Selection& selection, QWidget* parent)
    : ChartBase(selection, QStringLiteral("Time and energy"), parent) {}

void CostChart::setMode(CostMode mode) {
  m_mode = mode;
  invalidate();
}

CostGeometry CostChart::geometryFor(const QSizeF& size) const {
  if (!selection().report()) return {};
  return layOutCosts(*selection().report(), m_mode, frameFor(size), valueZoom());
}

QString CostChart::itemText(int item) const {
  const auto& report = selection().report();
  if (!report || item < 0 || item >= selection().count()) return {};
  const LayerRow& layer = report->layers[static_cast<std::size_t>(item)];
  const CostRow* row = costsByLayer(*report)[static_cast<std::size_t>(item)];
  const QString head =
      QStringLiteral("Layer %1 %2: ").arg(layer.number).arg(QString::fromStdString(layer.kind));
  if (row == nullptr) return head + tr("it never runs");
  if (!row->known) return head + tr("cost unknown: ") + QString::fromStdString(row->unknown);
  QString out = head + intervalText(row->milliseconds, CostMode::Milliseconds) +
                QStringLiteral("; cycles ") + intervalText(row->cycles, CostMode::Cycles);
  if (row->millijoules) {
    out += QStringLiteral("; energy ") + intervalText(*row->millijoules, CostMode::Millijoules);
  } else {
    out += QStringLiteral("; no energy: ") + QString::fromStdString(report->costs.energyReason);
  }
  if (const auto perMac = costOf(row, CostMode::CyclesPerMac)) {
    out +=
        QStringLiteral("; %1 cycles per MAC").arg(valueText(perMac->value, CostMode::CyclesPerMac));
  }
  out += QStringLiteral("; bound by %1").arg(QString::fromStdString(row->bound));
  const auto parts = cyclesByBound(row->terms);
  const auto styles = boundStyles();
  for (std::size_t i = 0; i < parts.size(); ++i) {
    if (parts[i] <= 0 || row->cycles.value <= 0) continue;
    out += QStringLiteral("%1 %2 %3")
               .arg(i == 0 ? QStringLiteral(" (") : QStringLiteral(", "),
                    toQt(nameOf(styles[i].bound)),
                    human(100 * parts[i] / row->cycles.value, Unit::Percent));
  }
  if (parts[0] > 0) out += QLatin1Char(')');
  if (row->outsideFit) out += tr("; its shape lies outside those the kernel table was fitted on");
  if (row->coarse) out += tr("; coarse: counted on a few shapes only");
  return out;
}

Scene CostChart::build(const ChartFrame& frame) const {
  Scene scene;
  const Report& report = *selection().report();
  if (m_mode == CostMode::Millijoules && !report.costs.millijoules) {
    addLayerAxis(scene, frame, selection().count());
    scene.texts.push_back({frame.plot,
                           tr("No energy: ") + QString::fromStdString(report.costs.energyReason),
                           Qt::AlignCenter, Ink::FaintText});
    return scene;
  }
  const CostGeometry geometry = layOutCosts(report, m_mode, frame, valueZoom());
  addValueAxis(scene, frame, geometry.axis);
  addLayerAxis(scene, frame, selection().count());
  const std::vector<const CostRow*> rows = costsByLayer(report);
  std::array<bool, 6> used{};
  double lastGlyph = -100;
  for (const CostBar& bar : geometry.bars) {
    const CostRow* row = rows[static_cast<std::size_t>(bar.layer)];
    const float opacity = selection().matches(bar.layer) ? 1 : 0.18F;
    if (!bar.known) {
      // Layers without MACs have no cost per MAC; only a cost that should be there is missed.
      const bool missed = row != nullptr && !row->known;
      if (missed) used.back() = true;
      if (missed && bar.bar.center().x() - lastGlyph >= 10) {
        scene.glyphs.push_back({QPointF(bar.bar.center().x(), frame.plot.bottom() - 8),
                                Glyph::Question, Ink::Unknown, 11});
        lastGlyph = bar.bar.center().x();
      }
      continue;
    }
    const BoundStyle style = styleOfBound(row->bound);
    const auto at = std::ranges::find(boundStyles(), style.bound, &BoundStyle::bound);
    used[static_cast<std::size_t>(at - boundStyles().begin())] = true;
    scene.rects.push_back({bar.bar, style.ink, style.pattern, opacity});
    if (bar.cut) {
      addCut(scene, frame, bar.bar, true, valueText(costOf(row, m_mode)->value, m_mode));
      continue;
    }
    if (bar.bar.width() < 3 || bar.highY >= bar.lowY) continue;
    const double middle = std::round(bar.bar.center().x()) + 0.5;
    const double arm = std::min(4.0, bar.bar.width() / 2 - 0.5);
    scene.lines.push_back({QLineF(middle, bar.highY, middle, bar.lowY), Ink::Text, 1});
    for (const double y : {bar.highY, bar.lowY}) {
      scene.lines.push_back({QLineF(middle - arm, y, middle + arm, y), Ink::Text, 1});
    }
  }
  addBoundLegend(scene, frame, used);
  const CostReport& costs = costsOf(selection());
  QString sum;
  const QString least = costs.unknownLayers > 0 ? tr("at least ") : QString();
  switch (m_mode) {
    case CostMode::Milliseconds:
      sum = tr("total ") + least + intervalText(costs.milliseconds, m_mode);
      break;
    case CostMode::Cycles:
      sum = tr("total ") + least + intervalText(costs.cycles, m_mode);
      break;
    case CostMode::Millijoules:
      sum = tr("total ") + least + intervalText(*costs.millijoules, m_mode);
      break;
    case CostMode::CyclesPerMac:
      sum = tr("cycles per multiply-accumulate");
      break;
  }
  const double width = frame.font.horizontalAdvance(sum) + 10;
  scene.texts.push_back(
      {QRectF(frame.plot.right() - width, frame.plot.top() + 2, width, frame.font.height()), sum,
       Qt::AlignCenter, Ink::Text, false, true});
  return scene;
}

}  // namespace mcuprof::gui
