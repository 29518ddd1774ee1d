#include "gui/charts/whatif_chart.hpp"

#include <algorithm>
#include <array>
#include <cmath>

#include "gui/charts/chart_parts.hpp"

namespace mcuprof::gui {
namespace {

struct Part {
  const char* name;
  double WhatIfReport::Split::*ms;
  Ink ink;
  Pattern pattern;
};

// The patterns tell them apart without colour.
constexpr std::array<Part, 3> kParts = {{
    {"compute", &WhatIfReport::Split::compute, Ink::Compute, Pattern::Solid},
    {"spill write", &WhatIfReport::Split::spillWrite, Ink::SpillWrite, Pattern::Hatched},
    {"spill read", &WhatIfReport::Split::spillRead, Ink::SpillRead, Pattern::Dotted},
}};

double bytes(Bytes value) {
  return static_cast<double>(value.value);
}

QString signedMs(double value) {
  return (value < 0 ? QStringLiteral("−") : QStringLiteral("+")) +
         human(std::abs(value), Unit::Milliseconds);
}

const WhatIfReport::Layer* layerAt(const WhatIfPtr& result, int item) {
  if (!result || item < 0 || item >= int(result->report.layers.size())) return nullptr;
  return &result->report.layers[static_cast<std::size_t>(item)];
}

/// The value that every bar but a few reach; those are cut, so that they do not flatten the rest.
double usualMost(std::vector<double> values, double least) {
  if (values.empty()) return least;
  std::ranges::sort(values);
  const double all = values.back();
  const double usual = values[values.size() * 19 / 20];
  return std::max(least, all > 3 * std::max(usual, least) ? std::max(usual, least) * 1.3 : all);
}

}  // namespace

QString whatIfSentence(const WhatIfReport::Layer& layer) {
  QString out =
      QStringLiteral("Layer %1 %2: working set %3, edited %4; %5, edited %6")
          .arg(layer.number)
          .arg(QString::fromStdString(layer.kind), exact(bytes(layer.before), Unit::Bytes),
               exact(bytes(layer.after), Unit::Bytes),
               exact(layer.msBefore.total(), Unit::Milliseconds),
               exact(layer.msAfter.total(), Unit::Milliseconds));
  QStringList added;
  for (const Part& part : kParts) {
    const double more = layer.msAfter.*part.ms - layer.msBefore.*part.ms;
    if (std::abs(more) > 1e-9)
      added << QStringLiteral("%1 %2").arg(QLatin1String(part.name), signedMs(more));
  }
  if (!added.isEmpty()) out += QStringLiteral("; added: ") + added.join(QStringLiteral(", "));
  return out;
}

WhatIfChart::WhatIfChart(WhatIfFigure figure, Selection& selection, QWidget* parent)
    : ChartBase(selection,
                figure == WhatIfFigure::WorkingSets
                    ? QStringLiteral("Working sets, base and edited")
                    : QStringLiteral("Added latency"),
                parent),
      m_figure(figure) {}

void WhatIfChart::setResult(WhatIfPtr result) {
  m_result = std::move(result);
  invalidate();
}

int WhatIfChart::itemCount() const {
  return m_result ? static_cast<int>(m_result->report.layers.size()) : 0;
}

QString WhatIfChart::itemText(int item) const {
  const WhatIfReport::Layer* layer = layerAt(m_result, item);
  return layer == nullptr ? QString() : whatIfSentence(*layer);
}

ValueAxis WhatIfChart::axisFor(const ChartFrame& frame) const {
  return m_figure == WhatIfFigure::WorkingSets ? workingSetAxis(frame) : latencyAxis(frame);
}

Scene WhatIfChart::build(const ChartFrame& frame) const {
  Scene scene;
  const ValueAxis axis = axisFor(frame);
  addValueAxis(scene, frame, axis);
  addLayerAxis(scene, frame, itemCount());
  if (m_figure == WhatIfFigure::WorkingSets) {
    addWorkingSets(scene, frame, axis);
    addUsable(scene, frame, axis);
  } else {
    addLatency(scene, frame, axis);
  }
  return scene;
}

ValueAxis WhatIfChart::workingSetAxis(const ChartFrame& frame) const {
  double most = 1;
  if (m_result) {
    std::vector<double> sizes;
    for (const WhatIfReport::Layer& layer : m_result->report.layers)
      sizes.push_back(std::max(bytes(layer.before), bytes(layer.after)));
    most = usualMost(std::move(sizes),
                     std::max(bytes(m_result->usableBefore), bytes(m_result->usableAfter)));
  }
  return ValueAxis::linear(most / valueZoom(), Unit::Bytes, frame.plot.top(), frame.plot.bottom());
}

void WhatIfChart::addWorkingSets(Scene& scene, const ChartFrame& frame,
                                 const ValueAxis& axis) const {
  const double limit = bytes(m_result->usableAfter);
  const auto size = [this](int layer) {
    const WhatIfReport::Layer* row = layerAt(m_result, layer);
    return row == nullptr ? 0 : std::max(bytes(row->before), bytes(row->after));
  };
  double lastGlyph = -100;
  for (const int position : visibleLayers(frame.x, itemCount(), size)) {
    const WhatIfReport::Layer& layer = *layerAt(m_result, position);
    const float opacity = selection().matches(position) ? 1 : 0.18F;
    const auto top = [&](Bytes value) {
      return std::clamp(axis.y(bytes(value)), frame.plot.top(), frame.plot.bottom());
    };
    QRectF column = columnOf(frame.x, position, frame.plot.top(), frame.plot.bottom());
    const bool pair = column.width() >= 4;
    QRectF base = column;
    base.setTop(top(layer.before));
    QRectF edited = column;
    edited.setTop(top(layer.after));
    if (pair) {
      base.setRight(column.left() + std::floor(column.width() / 2));
      edited.setLeft(base.right());
    }
    if (base.height() > 0) scene.rects.push_back({base, Ink::Unknown, Pattern::Solid, opacity});
    const bool over = bytes(layer.after) > limit;
    if (edited.height() > 0) {
      scene.rects.push_back(
          {edited, Ink::Series0, over ? Pattern::Hatched : Pattern::Solid, opacity});
    }
    const bool cut = axis.y(std::max(bytes(layer.before), bytes(layer.after))) < frame.plot.top();
    if ((!over && !cut) || column.center().x() - lastGlyph < 10) continue;
    scene.glyphs.push_back(
        {QPointF(column.center().x(), std::max(frame.plot.top() + 6, edited.top() - 8)),
         cut ? Glyph::Up : Glyph::Alert, Ink::Bad, 10});
    lastGlyph = column.center().x();
  }
  const LegendEntry entries[] = {{tr("working set, base"), Ink::Unknown},
                                 {tr("edited"), Ink::Series0},
                                 {tr("hatched: over the usable SRAM"), Ink::Bad}};
  addLegend(scene, frame, entries);
}

void WhatIfChart::addUsable(Scene& scene, const ChartFrame& frame, const ValueAxis& axis) const {
  const double height = frame.font.height();
  const auto line = [&](Bytes usable, Dash dash, const QString& what) {
    const double y = axis.y(bytes(usable));
    if (y < frame.plot.top() - 1) return;
    scene.lines.push_back(
        {QLineF(frame.plot.left(), y, frame.plot.right(), y), Ink::Limit, 1.5, dash});
    const QString text = what + QLatin1Char(' ') + human(bytes(usable), Unit::Bytes);
    const double width = frame.font.horizontalAdvance(text) + 6;
    const double at = y - height - 2 > frame.plot.top() ? y - height - 2 : y + 3;
    scene.texts.push_back({QRectF(frame.plot.right() - width - 6, at, width, height), text,
                           Qt::AlignHCenter | Qt::AlignVCenter, Ink::Limit, false, true});
  };
  const bool same = m_result->usableBefore == m_result->usableAfter;
  line(m_result->usableAfter, Dash::Solid, same ? tr("usable SRAM") : tr("usable SRAM, edited"));
  if (!same) line(m_result->usableBefore, Dash::Dashed, tr("usable SRAM, base"));
}

ValueAxis WhatIfChart::latencyAxis(const ChartFrame& frame) const {
  double low = 0;
  double high = 0;
  if (m_result) {
    for (const WhatIfReport::Layer& layer : m_result->report.layers) {
      double more = 0;
      double less = 0;
      for (const Part& part : kParts) {
        const double change = layer.msAfter.*part.ms - layer.msBefore.*part.ms;
        (change > 0 ? more : less) += change;
      }
      high = std::max(high, more);
      low = std::min(low, less);
    }
  }
  if (high - low < 1e-9) high = 1;
  const double air = (high - low) * 0.06;
  ValueAxis axis{(low < 0 ? low - air : 0) / valueZoom(),
                 (high > 0 ? high + air : 0) / valueZoom(),
                 frame.plot.top(),
                 frame.plot.bottom(),
                 false,
                 Unit::Milliseconds};
  // One tick is no scale: of a low chart, show more until a second fits.
  for (int i = 0; i < 6 && axis.ticks().size() < 2; ++i)
    (axis.high >= -axis.low ? axis.high : axis.low) *= 1.25;
  return axis;
}

void WhatIfChart::addLatency(Scene& scene, const ChartFrame& frame, const ValueAxis& axis) const {
  const auto size = [this](int item) {
    const WhatIfReport::Layer* layer = layerAt(m_result, item);
    return layer == nullptr ? 0 : std::abs(layer->msAfter.total() - layer->msBefore.total());
  };
  bool any = false;
  for (const int position : visibleLayers(frame.x, itemCount(), size)) {
    const WhatIfReport::Layer& layer = *layerAt(m_result, position);
    const float opacity = selection().matches(position) ? 1 : 0.18F;
    double up = 0;
    double down = 0;
    for (const Part& part : kParts) {
      const double change = layer.msAfter.*part.ms - layer.msBefore.*part.ms;
      if (std::abs(change) < 1e-9) continue;
      any = true;
      double& stack = change > 0 ? up : down;
      const double from = axis.y(stack);
      stack += change;
      const double to = axis.y(stack);
      scene.rects.push_back({columnOf(frame.x, position, std::min(from, to), std::max(from, to)),
                             part.ink, part.pattern, opacity});
    }
  }
  const double zero = axis.y(0);
  scene.lines.push_back({QLineF(frame.plot.left(), zero, frame.plot.right(), zero), Ink::Axis});
  const LegendEntry entries[] = {{tr("added compute"), Ink::Compute},
                                 {tr("added spill write (hatched)"), Ink::SpillWrite},
                                 {tr("added spill read (dotted)"), Ink::SpillRead}};
  addLegend(scene, frame, entries);
  if (!any) {
    scene.texts.push_back({frame.plot,
                           tr("Nothing is changed: the fields above edit the model, "
                              "the machine and the placement."),
                           Qt::AlignCenter, Ink::FaintText});
  }
}

}  // namespace mcuprof::gui
