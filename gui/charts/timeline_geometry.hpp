#pragma once

#include <QRectF>
#include <array>
#include <span>
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

/// Another account of the same inference on the same axis: a run, or the baseline.
struct TimelineTrack {
  struct Span {
    int layer = -1;  ///< position in the report; -1: no layer of it
    double start = 0;
    double end = 0;
  };
  QString title;  ///< beside the row: "virtual"
  QString name;   ///< in sentences: "run 3, virtual"
  Glyph glyph = Glyph::Square;
  Ink ink = Ink::Unknown;
  std::vector<Span> spans;  ///< by start
  double total = 0;         ///< milliseconds
};

Timeline timelineOf(const CostReport& costs, TimelineMode mode);

struct TimelineRect {
  QRectF rect;
  int index = 0;  ///< of the group, span, or span whose part it is
  int part = -1;  ///< of boundStyles(); -1: no part
};

/// Rows from the top: the inference, operators (of TimelineMode::Heavy), layers, what each waits
/// for, tracks.
struct TimelineRows {
  QRectF whole;
  QRectF groups;  ///< empty without groups
  QRectF layers;
  QRectF parts;
  std::vector<QRectF> tracks;
};

TimelineRows rowsOf(const Timeline& timeline, std::size_t tracks, const ChartFrame& frame);

/// The width of a rectangle is its milliseconds times plot.width() / range.span().
struct TimelineGeometry {
  QRectF whole;
  std::vector<TimelineRect> groups;
  std::vector<TimelineRect> layers;
  std::vector<TimelineRect> parts;
  std::vector<std::vector<TimelineRect>> tracks;
};

/// Of layers that share a pixel column the longest is shown.
TimelineGeometry layOutTimeline(const Timeline& timeline, std::span<const TimelineTrack> tracks,
                                const ChartFrame& frame);

/// Index of the span at a time, -1 for none.
int spanAt(const Timeline& timeline, double milliseconds);

}  // namespace mcuprof::gui
