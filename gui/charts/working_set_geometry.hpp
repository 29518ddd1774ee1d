#pragma once

#include <QRectF>
#include <vector>

#include "analyzer/report/report.hpp"
#include "gui/charts/chart_base.hpp"

namespace mcuprof::gui {

enum class WorkingSetMode : std::uint8_t {
  PerLayer,
  Cumulative,  ///< weights read and activations written so far
  Log,
};

/// The column of one layer, stacked from the bottom: what must be in RAM first, so that it can be
/// compared with the limit; weights may stay in flash.
struct WorkingSetBar {
  int layer = 0;
  QRectF input;
  QRectF output;
  QRectF weights;
  QRectF bias;
  QRectF whole;
  bool broken = false;   ///< reaches above the axis; cut there, with its value beside it
  bool over = false;     ///< its activations exceed the largest region
  bool streams = false;  ///< its activations do not, with its weights it does
  bool unknown = false;  ///< its cost is not known
};

/// Where things of the working set chart are, in pixels. On a linear axis the height of each part
/// is its bytes times (bottom - top) / (high - low), but for broken bars.
struct WorkingSetGeometry {
  ValueAxis axis;
  std::vector<WorkingSetBar> bars;
  double usableY = 0;   ///< of all usable SRAM
  double largestY = 0;  ///< of the largest region's usable bytes, which a layer is held against
};

/// `valueZoom` at least 1 shows less of the values. The linear axis holds every bar unless one is
/// more than twice as tall as the limit: such bars are broken.
WorkingSetGeometry layOutWorkingSets(const Report& report, WorkingSetMode mode,
                                     const ChartFrame& frame, double valueZoom);

}  // namespace mcuprof::gui
