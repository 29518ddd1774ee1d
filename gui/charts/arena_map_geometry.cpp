#include "gui/charts/arena_map_geometry.hpp"

#include <algorithm>
#include <cmath>

namespace mcuprof::gui {
namespace {

constexpr double kNarrow = 1.5;  ///< pixels below which stays of a column are merged
constexpr double kLeastLane = 48;

/// The most bytes that a lane shows: the memory, unless what is used would be a thin line.
double mostOf(const ArenaLane& lane) {
  double used = double(lane.head);
  for (const ArenaFixed& fixed : lane.fixed) {
    if (fixed.arena) used = std::max(used, double(fixed.offset + fixed.size));
  }
  double most = double(lane.size);
  if (lane.limit > lane.size) most = std::min(double(lane.limit), used * 1.3);
  return used > 0 && most > 3 * used ? used * 1.3 : std::max(most, used);
}

void layOutLanes(const ArenaMap& map, const ChartFrame& frame, double valueZoom,
                 ArenaGeometry& out) {
  const double header = std::ceil(frame.font.height()) + 5;
  double sum = 0;
  double count = 0;
  for (const ArenaLane& lane : map.lanes) {
    if (lane.head == 0) continue;
    sum += mostOf(lane);
    ++count;
  }
  const double room =
      std::max(count * 8, frame.plot.height() - header * double(map.lanes.size()) - 2);
  const double least = std::min(kLeastLane, count > 0 ? room / count : room);
  double y = frame.plot.top();
  for (const ArenaLane& lane : map.lanes) {
    ArenaLaneGeometry at;
    at.used = lane.head > 0;
    at.header = QRectF(frame.plot.left(), y, frame.plot.width(), header);
    const double share = count <= 1 || sum <= 0 ? 1 : mostOf(lane) / sum;
    const double height = at.used ? least + (room - least * count) * share : 0;
    at.body = QRectF(frame.plot.left(), y + header, frame.plot.width(), height);
    const double most = std::max(1.0, mostOf(lane));
    at.axis = {0, most / valueZoom, at.body.top(), at.body.bottom(), false, Unit::Bytes};
    y = at.body.bottom();
    out.lanes.push_back(at);
  }
}

/// Rectangles of one lane that are too narrow to be told apart, by pixel column.
class Columns {
 public:
  Columns(double left, double right)
      : m_left(left),
        m_spans(static_cast<std::size_t>(std::max(1.0, std::ceil(right - left) + 1))) {}

  void add(const QRectF& rect) {
    const auto column = static_cast<std::ptrdiff_t>(std::floor(rect.left() - m_left));
    const auto last = static_cast<std::ptrdiff_t>(m_spans.size()) - 1;
    m_spans[static_cast<std::size_t>(std::clamp<std::ptrdiff_t>(column, 0, last))].emplace_back(
        rect.top(), rect.bottom());
  }
  void take(std::vector<ArenaRect>& out) {
    for (std::size_t c = 0; c < m_spans.size(); ++c) {
      auto& spans = m_spans[c];
      std::ranges::sort(spans);
      for (std::size_t i = 0; i < spans.size();) {
        const double top = spans[i].first;
        double bottom = spans[i].second;
        // Spans less than half a pixel apart look like one.
        for (++i; i < spans.size() && spans[i].first <= bottom + 0.5; ++i) {
          bottom = std::max(bottom, spans[i].second);
        }
        out.push_back({QRectF(m_left + double(c), top, 1, std::max(1.0, bottom - top)), -1});
      }
    }
  }

 private:
  double m_left;
  std::vector<std::vector<std::pair<double, double>>> m_spans;
};

template <typename Item>
std::vector<ArenaRect> place(const std::vector<Item>& items, const ArenaGeometry& geometry,
                             const ChartFrame& frame) {
  std::vector<ArenaRect> out;
  std::vector<Columns> narrow(geometry.lanes.size(),
                              Columns(frame.plot.left(), frame.plot.right()));
  for (std::size_t i = 0; i < items.size(); ++i) {
    const Item& item = items[i];
    if (item.end <= frame.x.range.first || item.first >= frame.x.range.last) continue;
    const ArenaLaneGeometry& lane = geometry.lanes[static_cast<std::size_t>(item.lane)];
    const double left = std::max(frame.plot.left(), frame.x.x(item.first));
    const double right = std::min(frame.plot.right(), frame.x.x(item.end));
    const double bottom = lane.axis.y(double(item.offset));
    const double top = lane.axis.y(double(item.offset + item.size));
    if (bottom <= lane.body.top() || right <= left) continue;
    const QRectF rect(left, std::max(top, lane.body.top()), right - left,
                      bottom - std::max(top, lane.body.top()));
    if (rect.width() < kNarrow) {
      narrow[static_cast<std::size_t>(item.lane)].add(rect);
    } else {
      out.push_back({rect, std::int32_t(i)});
    }
  }
  for (Columns& columns : narrow) columns.take(out);
  return out;
}

QPolygonF waterOf(const ArenaLane& lane, const ArenaLaneGeometry& at, const ChartFrame& frame) {
  QPolygonF out;
  const int count = static_cast<int>(lane.water.size());
  const int last = frame.x.lastVisible(count);
  double lastX = -1e9;
  std::int64_t highest = 0;
  for (int layer = frame.x.firstVisible(); layer < last; ++layer) {
    // Of layers in one pixel column the highest counts.
    highest = std::max(highest, lane.water[static_cast<std::size_t>(layer)]);
    const double right = frame.x.x(layer + 1);
    if (right - lastX < 1 && layer + 1 < last) continue;
    const double y = at.axis.y(double(highest));
    out << QPointF(std::max(frame.plot.left(), std::max(lastX, frame.x.x(layer))), y)
        << QPointF(right, y);
    lastX = right;
    highest = 0;
  }
  return out;
}

}  // namespace

ArenaGeometry layOutArena(const ArenaMap& map, const ChartFrame& frame, double valueZoom) {
  ArenaGeometry out;
  layOutLanes(map, frame, valueZoom, out);
  out.rects = place(map.stays, out, frame);
  out.holes = place(map.holes, out, frame);
  for (std::size_t i = 0; i < map.lanes.size(); ++i) {
    if (out.lanes[i].used) out.waters.push_back(waterOf(map.lanes[i], out.lanes[i], frame));
  }
  return out;
}

}  // namespace mcuprof::gui
