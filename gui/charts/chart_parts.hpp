#pragma once

#include <span>

#include "gui/charts/chart_base.hpp"

namespace mcuprof::gui {

/// Horizontal grid lines with their values at the left of the plot.
void addValueAxis(Scene& scene, const ChartFrame& frame, const ValueAxis& axis);

/// The rule below the plot.
void addRule(Scene& scene, const ChartFrame& frame);

/// Layer numbers below the plot, and the rule between.
void addLayerAxis(Scene& scene, const ChartFrame& frame, int layers);

/// Milliseconds below the plot, for charts whose horizontal axis is time.
void addTimeAxis(Scene& scene, const ChartFrame& frame);

struct LegendEntry {
  QString text;
  Ink ink = Ink::Series0;
  Pattern pattern = Pattern::Solid;
};

/// One row of swatches and names above the plot; those that find no room are left out from the end.
/// Returns where it ends.
double addLegend(Scene& scene, const ChartFrame& frame, std::span<const LegendEntry> entries);

/// At most one layer a pixel column: of those that share one, the layer with the largest value, so
/// that peaks are never lost. `value` is called once a visible layer. All layers in order where a
/// layer is at least a pixel wide.
std::vector<int> visibleLayers(const LayerAxis& axis, int count, auto&& value) {
  std::vector<int> out;
  const int first = axis.firstVisible();
  const int last = axis.lastVisible(count);
  if (axis.slot() >= 1) {
    for (int layer = first; layer < last; ++layer) out.push_back(layer);
    return out;
  }
  int column = -1;
  double best = 0;
  for (int layer = first; layer < last; ++layer) {
    const int here = static_cast<int>(axis.x(layer));
    const double size = value(layer);
    if (out.empty() || here != column) {
      out.push_back(layer);
      best = size;
      column = here;
    } else if (size > best) {
      out.back() = layer;
      best = size;
    }
  }
  return out;
}

/// What an axis holds: the largest of the values, unless up to three tower over the rest and would
/// flatten it (the largest is four times as large, and each twice as large as the rest); then a
/// little more than the largest of the rest. 0 for none.
double mostWithoutTowers(std::vector<double> values);

/// Two strokes of paper across a bar that is cut, about `y`.
void addBreak(Scene& scene, const QRectF& bar, double y);

/// A break near the cut end of a bar, and its value beside it.
void addCut(Scene& scene, const ChartFrame& frame, const QRectF& bar, bool atTop,
            const QString& value);

/// The column of a layer with a gap to its neighbours where there is room; at least a pixel wide.
QRectF columnOf(const LayerAxis& axis, int layer, double top, double bottom);

}  // namespace mcuprof::gui
