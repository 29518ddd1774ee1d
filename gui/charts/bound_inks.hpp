#pragma once

#include <QString>
#include <array>
#include <span>
#include <string_view>

#include "analyzer/analysis/cycles.hpp"
#include "gui/charts/chart_parts.hpp"

namespace mcuprof::gui {

/// Colour and pattern of what binds a layer, and of the terms of its time, the same in all views.
struct BoundStyle {
  Bound bound{};
  Ink ink{};
  Pattern pattern = Pattern::Solid;
};
/// In the order of the legend.
std::span<const BoundStyle> boundStyles();
/// `name` as nameOf(Bound) says it; the style of Bound::Unknown for any other.
BoundStyle styleOfBound(std::string_view name);

/// Cycles of a layer by what it waits for, in the order of boundStyles(); they sum to the cycles.
/// Corrections that are fitted on top belong to computing.
std::array<double, 5> cyclesByBound(const CycleTerms& terms);

/// Swatches of those that occur; `used` is by position in boundStyles().
void addBoundLegend(Scene& scene, const ChartFrame& frame, const std::array<bool, 6>& used);

}  // namespace mcuprof::gui
