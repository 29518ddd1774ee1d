#include "gui/charts/timeline_geometry.hpp"

#include <algorithm>
#include <cmath>
#include <map>

#include "gui/charts/bound_inks.hpp"

namespace mcuprof::gui {
namespace {

constexpr double kGap = 3;

std::vector<int> orderOf(const CostReport& costs, TimelineMode mode) {
  std::vector<int> order(costs.layers.size());
  for (std::size_t i = 0; i < order.size(); ++i) order[i] = int(i);
  if (mode == TimelineMode::Order) return order;
  const auto cost = [&](int i) -> const CostRow& {
    return costs.layers[static_cast<std::size_t>(i)];
  };
  std::map<std::string_view, double> sums;
  for (const int i : order) sums[cost(i).kind] += cost(i).milliseconds.value;
  std::ranges::stable_sort(order, [&](int a, int b) {
    const double sumA = sums[cost(a).kind];
    const double sumB = sums[cost(b).kind];
    if (sumA != sumB) return sumA > sumB;
    if (cost(a).kind != cost(b).kind) return cost(a).kind < cost(b).kind;
    return cost(a).milliseconds.value > cost(b).milliseconds.value;
  });
  return order;
}

/// Adds rectangles in order of time; those narrower than a pixel replace a shorter neighbour in
/// their column.
class Row {
 public:
  Row(std::vector<TimelineRect>& out, const ChartFrame& frame, const QRectF& row)
      : m_out(out), m_frame(frame), m_top(row.top()), m_height(row.height()) {}

  void add(double start, double end, int index, int part = -1) {
    const LayerRange& range = m_frame.x.range;
    if (end <= range.first || start >= range.last || end <= start) return;
    const double left = std::max(m_frame.plot.left(), m_frame.x.x(start));
    const double right = std::min(m_frame.plot.right(), m_frame.x.x(end));
    const QRectF rect(left, m_top, right - left, m_height);
    if (rect.width() >= 1) {
      m_out.push_back({rect, index, part});
      m_column = -1;
      return;
    }
    const double column = std::floor(left);
    if (column == m_column) {
      if (rect.width() > m_widest) {
        m_out.back().index = index;
        m_out.back().part = part;
        m_widest = rect.width();
      }
      m_out.back().rect.setRight(std::max(m_out.back().rect.right(), right));
      return;
    }
    m_column = column;
    m_widest = rect.width();
    m_out.push_back({rect, index, part});
  }

 private:
  std::vector<TimelineRect>& m_out;
  const ChartFrame& m_frame;
  double m_top;
  double m_height;
  double m_column = -1;
  double m_widest = 0;
};

}  // namespace

Timeline timelineOf(const CostReport& costs, TimelineMode mode) {
  Timeline out;
  double at = 0;
  for (const int i : orderOf(costs, mode)) {
    const CostRow& row = costs.layers[static_cast<std::size_t>(i)];
    TimelineSpan span;
    span.layer = row.number - 1;
    span.cost = i;
    span.start = at;
    if (row.known && row.cycles.value > 0) {
      const auto cycles = cyclesByBound(row.terms);
      for (std::size_t p = 0; p < cycles.size(); ++p) {
        span.parts[p] = row.milliseconds.value * cycles[p] / row.cycles.value;
      }
      at += row.milliseconds.value;
    }
    span.end = at;
    if (mode == TimelineMode::Heavy) {
      if (out.groups.empty() || out.groups.back().kind != row.kind) {
        out.groups.push_back({row.kind, 0, span.start, span.end});
      }
      ++out.groups.back().count;
      out.groups.back().end = span.end;
    }
    out.spans.push_back(span);
  }
  out.total = at;
  return out;
}

TimelineRows rowsOf(const Timeline& timeline, std::size_t tracks, const ChartFrame& frame) {
  const QRectF& plot = frame.plot;
  const double thinRows = timeline.groups.empty() ? 1 : 2;
  const double all = thinRows + 2 + double(tracks);
  const double thin = std::min(frame.font.height() + 10, plot.height() / all - kGap);
  const double track = std::min(2 * frame.font.height() + 10, plot.height() / all - kGap);
  // The rows of the layers and of their parts share what is left.
  const double rest =
      plot.height() - thinRows * (thin + kGap) - double(tracks) * (track + kGap) - kGap;
  double y = plot.top();
  const auto next = [&](double height) {
    const QRectF row(plot.left(), y, plot.width(), height);
    y += height + kGap;
    return row;
  };
  TimelineRows out;
  out.whole = next(thin);
  if (!timeline.groups.empty()) out.groups = next(thin);
  out.layers = next(rest / 2);
  out.parts = next(rest / 2);
  for (std::size_t i = 0; i < tracks; ++i) out.tracks.push_back(next(track));
  return out;
}

TimelineGeometry layOutTimeline(const Timeline& timeline, std::span<const TimelineTrack> tracks,
                                const ChartFrame& frame) {
  TimelineGeometry out;
  const TimelineRows rows = rowsOf(timeline, tracks.size(), frame);
  const double left = std::max(frame.plot.left(), frame.x.x(0));
  const double right = std::min(frame.plot.right(), frame.x.x(timeline.total));
  out.whole = QRectF(left, rows.whole.top(), std::max(0.0, right - left), rows.whole.height());
  Row groups(out.groups, frame, rows.groups);
  for (std::size_t i = 0; i < timeline.groups.size(); ++i)
    groups.add(timeline.groups[i].start, timeline.groups[i].end, int(i));
  Row layers(out.layers, frame, rows.layers);
  Row parts(out.parts, frame, rows.parts);
  for (std::size_t i = 0; i < timeline.spans.size(); ++i) {
    const TimelineSpan& span = timeline.spans[i];
    layers.add(span.start, span.end, int(i));
    double at = span.start;
    for (std::size_t p = 0; p < span.parts.size(); ++p) {
      if (span.parts[p] <= 0) continue;
      parts.add(at, at + span.parts[p], int(i), int(p));
      at += span.parts[p];
    }
  }
  for (std::size_t t = 0; t < tracks.size(); ++t) {
    Row row(out.tracks.emplace_back(), frame, rows.tracks[t]);
    for (std::size_t i = 0; i < tracks[t].spans.size(); ++i)
      row.add(tracks[t].spans[i].start, tracks[t].spans[i].end, int(i));
  }
  return out;
}

int spanAt(const Timeline& timeline, double milliseconds) {
  const auto after = std::ranges::upper_bound(timeline.spans, milliseconds, {}, &TimelineSpan::end);
  if (after == timeline.spans.end() || after->start > milliseconds) return -1;
  return int(after - timeline.spans.begin());
}

}  // namespace mcuprof::gui
