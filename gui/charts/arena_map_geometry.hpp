#pragma once

#include <QPolygonF>
#include <QRectF>
#include <vector>

#include "gui/charts/arena_map.hpp"
#include "gui/charts/chart_base.hpp"

namespace mcuprof::gui {

struct ArenaLaneGeometry {
  QRectF header;   ///< the line above, with the memory's name
  QRectF body;     ///< addresses upwards
  ValueAxis axis;  ///< bytes over body
  bool used = false;
};

struct ArenaRect {
  QRectF rect;
  std::int32_t stay = -1;  ///< index into ArenaMap::stays; -1: several that are too narrow to tell
                           ///< apart
};

/// Where things of the arena map are, in pixels. The height of a rectangle is its bytes times
/// body.height() / (axis.high - axis.low).
struct ArenaGeometry {
  std::vector<ArenaLaneGeometry> lanes;
  std::vector<ArenaRect> rects;
  std::vector<ArenaRect> holes;   ///< `stay` is an index into ArenaMap::holes
  std::vector<QPolygonF> waters;  ///< one a used lane: the end of the highest buffer by layer
};

/// Lanes that hold buffers share the height by their sizes, others get a line. Stays narrower than
/// a pixel are merged by pixel column, so that there are never more rectangles than pixels.
ArenaGeometry layOutArena(const ArenaMap& map, const ChartFrame& frame, double valueZoom);

}  // namespace mcuprof::gui
