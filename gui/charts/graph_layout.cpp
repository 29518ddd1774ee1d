#include "gui/charts/graph_layout.hpp"

#include <algorithm>
#include <cmath>

namespace mcuprof::gui {
namespace {

constexpr int kLongestRouted = 512;  ///< ranks; edges over more are drawn straight

/// Which lanes are taken at each rank.
class Lanes {
 public:
  explicit Lanes(int ranks) : m_taken(static_cast<std::size_t>(ranks)) {}

  bool free(int rank, int lane) const {
    const std::vector<bool>& taken = m_taken[static_cast<std::size_t>(rank)];
    return static_cast<std::size_t>(lane) >= taken.size() || !taken[static_cast<std::size_t>(lane)];
  }
  void take(int rank, int lane) {
    std::vector<bool>& taken = m_taken[static_cast<std::size_t>(rank)];
    if (static_cast<std::size_t>(lane) >= taken.size()) {
      taken.resize(static_cast<std::size_t>(lane) + 1);
    }
    taken[static_cast<std::size_t>(lane)] = true;
    m_count = std::max(m_count, lane + 1);
  }
  int firstFree(int rank, int from) const {
    while (!free(rank, from)) ++from;
    return from;
  }
  int count() const { return m_count; }

 private:
  std::vector<std::vector<bool>> m_taken;
  int m_count = 1;
};

void rankNodes(const Graph& graph, GraphLayout& out) {
  int base = 0;
  for (const GraphSubgraph& subgraph : graph.subgraphs) {
    int last = base - 1;
    for (std::size_t i = 0; i < subgraph.opCount; ++i) {
      const OpId op(subgraph.firstOp.index() + i);
      int rank = base;
      for (const GraphInput& input : graph.ops[op].inputs) {
        if (!input.tensor.valid()) continue;
        const OpId producer = graph.tensors[input.tensor].producer;
        if (producer.valid()) rank = std::max(rank, out.nodes[producer.index()].rank + 1);
      }
      out.nodes[op.index()].rank = rank;
      last = std::max(last, rank);
    }
    base = last + 1;
  }
  out.ranks = base;
}

void collectEdges(const Graph& graph, GraphLayout& out) {
  for (const OpId op : graph.ops.ids()) {
    for (const TensorId tensor : graph.ops[op].outputs) {
      if (!tensor.valid()) continue;
      for (const OpId reader : graph.tensors[tensor].readers) {
        out.edges.push_back({op.value, reader.value, 0});
      }
    }
  }
  const auto ends = [](const GraphEdge& e) { return std::pair(e.from, e.to); };
  std::ranges::sort(out.edges, {}, ends);
  const auto same = std::ranges::unique(out.edges, {}, ends);
  out.edges.erase(same.begin(), same.end());
}

}  // namespace

GraphLayout layOutGraph(const Graph& graph) {
  GraphLayout out;
  out.nodes.resize(graph.ops.size());
  rankNodes(graph, out);
  collectEdges(graph, out);
  Lanes lanes(out.ranks);

  const auto node = [&](int op) -> GraphNode& { return out.nodes[static_cast<std::size_t>(op)]; };
  const auto span = [&](const GraphEdge& e) { return node(e.to).rank - node(e.from).rank; };
  std::vector<std::size_t> longEdges;
  for (std::size_t i = 0; i < out.edges.size(); ++i) {
    if (span(out.edges[i]) > 1 && span(out.edges[i]) <= kLongestRouted) longEdges.push_back(i);
  }
  std::ranges::stable_sort(longEdges, {}, [&](std::size_t i) { return span(out.edges[i]); });
  for (const std::size_t i : longEdges) {
    GraphEdge& edge = out.edges[i];
    int lane = 1;
    for (int rank = node(edge.from).rank + 1; rank < node(edge.to).rank; ++rank) {
      if (lanes.free(rank, lane)) continue;
      lane = lanes.firstFree(rank, lane + 1);
      rank = node(edge.from).rank;  // it must be free all the way
    }
    for (int rank = node(edge.from).rank + 1; rank < node(edge.to).rank; ++rank) {
      lanes.take(rank, lane);
    }
    edge.lane = lane;
  }
  for (const OpId op : graph.ops.ids()) {
    GraphNode& at = out.nodes[op.index()];
    int wanted = 0;
    for (const GraphInput& input : graph.ops[op].inputs) {
      if (!input.tensor.valid()) continue;
      const OpId producer = graph.tensors[input.tensor].producer;
      if (!producer.valid()) continue;
      wanted = out.nodes[producer.index()].lane;
      break;
    }
    // Where the way is taken, the innermost lane that is free.
    at.lane = lanes.free(at.rank, wanted) ? wanted : lanes.firstFree(at.rank, 0);
    if (lanes.free(at.rank, 0)) at.lane = 0;
    lanes.take(at.rank, at.lane);
  }
  out.lanes = lanes.count();
  return out;
}

QRectF boxOf(const GraphLayout& layout, int layer, const ChartFrame& frame) {
  const GraphNode& node = layout.nodes[static_cast<std::size_t>(layer)];
  const double slot = frame.x.slot();
  const double laneHeight = std::min(150.0, frame.plot.height() / std::max(1, layout.lanes));
  const double top = frame.plot.top() + (frame.plot.height() - laneHeight * layout.lanes) / 2;
  const double width = slot < 4 ? std::max(1.0, slot) : std::min(slot * 0.8, 190.0);
  const double height = std::max(3.0, laneHeight * 0.62);
  const double x = frame.x.x(node.rank + 0.5) - width / 2;
  return {x, top + laneHeight * node.lane + (laneHeight - height) / 2, width, height};
}

GraphGeometry placeGraph(const GraphLayout& layout, const std::vector<double>& value,
                         const ChartFrame& frame) {
  GraphGeometry out;
  const double slot = frame.x.slot();
  const auto visible = [&](int first, int last) {
    return last + 1 > frame.x.range.first && first < frame.x.range.last;
  };
  // Position in `out.boxes` of the box that stands for a column and lane.
  std::vector<int> shown;
  const auto columns = static_cast<std::size_t>(std::max(1.0, frame.plot.width() + 2));
  const auto lanes = static_cast<std::size_t>(std::max(1, layout.lanes));
  if (slot < 1) shown.assign(columns * lanes, -1);
  for (std::size_t i = 0; i < layout.nodes.size(); ++i) {
    const GraphNode& node = layout.nodes[i];
    if (!visible(node.rank, node.rank)) continue;
    const GraphBox box{int(i), boxOf(layout, int(i), frame)};
    if (slot < 1) {
      const double column =
          std::clamp(box.rect.left() - frame.plot.left(), 0.0, frame.plot.width());
      int& at =
          shown[static_cast<std::size_t>(column) * lanes + static_cast<std::size_t>(node.lane)];
      if (at >= 0) {
        GraphBox& old = out.boxes[static_cast<std::size_t>(at)];
        if (value[i] > value[static_cast<std::size_t>(old.layer)]) old = box;
        continue;
      }
      at = int(out.boxes.size());
    }
    out.boxes.push_back(box);
  }
  if (slot < 5) return out;
  const double laneHeight = std::min(150.0, frame.plot.height() / std::max(1, layout.lanes));
  const double top = frame.plot.top() + (frame.plot.height() - laneHeight * layout.lanes) / 2;
  for (std::size_t i = 0; i < layout.edges.size(); ++i) {
    const GraphEdge& edge = layout.edges[i];
    const GraphNode& from = layout.nodes[static_cast<std::size_t>(edge.from)];
    const GraphNode& to = layout.nodes[static_cast<std::size_t>(edge.to)];
    if (!visible(from.rank, to.rank)) continue;
    const QRectF a = boxOf(layout, edge.from, frame);
    const QRectF b = boxOf(layout, edge.to, frame);
    GraphCurve curve;
    curve.edge = int(i);
    const QPointF start(a.right(), a.center().y());
    const QPointF end(b.left(), b.center().y());
    curve.points << start;
    if (edge.lane > 0) {
      const double y = top + laneHeight * (edge.lane + 0.5);
      const double reach = slot * 0.5;
      // Short slants at both ends, so that it does not cross its neighbours' boxes.
      curve.points << QPointF(start.x() + (frame.x.x(from.rank + 1) - start.x()), start.y());
      curve.points << QPointF(frame.x.x(from.rank + 1) + reach, y)
                   << QPointF(frame.x.x(to.rank) - reach, y);
      curve.points << QPointF(frame.x.x(to.rank), end.y());
    }
    curve.points << end;
    out.curves.push_back(std::move(curve));
  }
  return out;
}

}  // namespace mcuprof::gui
