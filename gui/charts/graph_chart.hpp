#pragma once

#include <memory>
#include <optional>
#include <vector>

#include "analyzer/report/report_diff.hpp"
#include "gui/charts/graph_layout.hpp"

namespace mcuprof::gui {

/// What nodes are coloured by.
enum class GraphMetric : std::uint8_t {
  WorkingSet,
  Macs,
  Milliseconds,
  Millijoules,
  Moved,
  CyclesPerMac,
};

/// Nothing where it is not known.
std::optional<double> metricOf(const LayerRow& layer, const CostRow* cost, GraphMetric metric);

/// The network: a box each layer, filled as high and as strongly as its metric is of the largest.
class GraphChart : public ChartBase {
  Q_OBJECT
 public:
  GraphChart(Selection& selection, QWidget* parent = nullptr);

  void setGraph(GraphLayout layout);
  const GraphLayout& graphLayout() const { return m_layout; }
  void setMetric(GraphMetric metric);
  GraphMetric metric() const { return m_metric; }
  /// What changed from a baseline, in place of the metric itself; nothing: the metric.
  void setDifference(std::shared_ptr<const ReportDiff> diff);
  GraphGeometry geometryFor(const QSizeF& size) const;

  QString itemText(int item) const override;
  QRectF itemRect(int item, const ChartFrame& frame) const override;
  int itemAt(const QPointF& at, const ChartFrame& frame) const override;

 protected:
  Scene build(const ChartFrame& frame) const override;
  bool sharesAxis() const override { return false; }
  LayerRange fullRange() const override { return {0, double(m_layout.ranks)}; }
  bool marksColumns() const override { return false; }
  QMarginsF margins(const QFontMetricsF& font) const override;
  void mouseDoubleClickEvent(QMouseEvent* event) override;

 private:
  /// What follows from graph, metric and difference.
  void weigh();
  void addLegendOf(Scene& scene, const ChartFrame& frame) const;
  /// `share` of the box is filled.
  void addBox(Scene& scene, const GraphBox& box, double share, bool known, Ink ink) const;
  void addWords(Scene& scene, const ChartFrame& frame, const GraphBox& box,
                const QString& figure) const;
  /// Every so many boxes have their number below them; 0 where it fits into each.
  int numberStep(const ChartFrame& frame, const GraphGeometry& geometry) const;
  void reveal(int layer);

  GraphLayout m_layout;
  GraphMetric m_metric = GraphMetric::WorkingSet;
  std::shared_ptr<const ReportDiff> m_diff;
  /// By node, with sign; empty where the metric itself is shown.
  std::vector<std::optional<double>> m_changes;
  /// By node: its metric, or by how much it changed without the sign; -1 where unknown.
  std::vector<double> m_values;
};

}  // namespace mcuprof::gui
