#pragma once

#include <QRectF>
#include <array>
#include <vector>

#include "analyzer/report/layer_costs.hpp"
#include "gui/charts/chart_base.hpp"

namespace mcuprof::gui {

enum class TimelineMode : std::uint8_t {
  Order,  ///< as the layers run
  Heavy,  ///< layers of one operator together, the most expensive operators and layers first
};

/// One layer on the axis of milliseconds.
struct TimelineSpan {
  int layer = 0;
  int cost = 0;  ///< index into CostReport::layers
  double start = 0;
  double end = 0;
  std::array<double, 5> parts{};  ///< milliseconds by boundStyles()
};

/// Layers of one operator that lie together.
struct TimelineGroup {
  std::string kind;
  int count = 0;
  double start = 0;
  double end = 0;
};

struct Timeline {
  std::vector<TimelineSpan> spans;    ///< by start; layers of unknown cost take no time
  std::vector<TimelineGroup> groups;  ///< of TimelineMode::Heavy only
  double total = 0;                   ///< milliseconds
};

Timeline timelineOf(const CostReport& costs, TimelineMode mode);

struct TimelineRect {
  QRectF rect;
  int index = 0;  ///< of the group, span, or span whose part it is
  int part = -1;  ///< of boundStyles(); -1: no part
};

/// Rows from the top: the inference, operators (of TimelineMode::Heavy), layers, what each waits
/// for. The width of a rectangle is its milliseconds times plot.width() / range.span().
struct TimelineGeometry {
  QRectF whole;
  std::vector<TimelineRect> groups;
  std::vector<TimelineRect> layers;
  std::vector<TimelineRect> parts;
};

/// Of layers that share a pixel column the longest is shown.
TimelineGeometry layOutTimeline(const Timeline& timeline, const ChartFrame& frame);

/// Index of the span at a time, -1 for none.
int spanAt(const Timeline& timeline, double milliseconds);

}  // namespace mcuprof::gui
