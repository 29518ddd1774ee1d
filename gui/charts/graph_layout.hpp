#pragma once

#include <QPolygonF>
#include <QRectF>
#include <optional>
#include <vector>

#include "analyzer/model/graph.hpp"
#include "gui/charts/chart_base.hpp"

namespace mcuprof::gui {

struct GraphNode {
  int rank =
      0;  ///< longest way from an input; ranks of one subgraph follow those of the one before
  int lane = 0;
};

/// An activation between two layers.
struct GraphEdge {
  int from = 0;
  int to = 0;
  int lane = 0;  ///< that it runs in between its ends, where it passes other ranks
};

/// Operators in layers, edges from left to right.
struct GraphLayout {
  std::vector<GraphNode> nodes;  ///< by position in Report::layers
  std::vector<GraphEdge> edges;  ///< by `from`, then `to`
  int ranks = 0;
  int lanes = 0;
};

/// Networks are near chains: the chain keeps lane 0, an edge past other layers gets the innermost
/// lane that is free all its way (short ones first), branches the lanes between. No two nodes of a
/// rank share a lane.
GraphLayout layOutGraph(const Graph& graph);

struct GraphBox {
  int layer = 0;
  QRectF rect;
};

struct GraphCurve {
  int edge = 0;
  QPolygonF points;
};

struct GraphGeometry {
  std::vector<GraphBox> boxes;
  std::vector<GraphCurve> curves;
};

QRectF boxOf(const GraphLayout& layout, int layer, const ChartFrame& frame);
/// What is visible. Of nodes narrower than a pixel one a column is shown, that of the largest
/// `value`; edges need a rank of a few pixels.
GraphGeometry placeGraph(const GraphLayout& layout, const std::vector<double>& value,
                         const ChartFrame& frame);

}  // namespace mcuprof::gui
