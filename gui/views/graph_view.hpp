#pragma once

#include "gui/charts/graph_chart.hpp"
#include "gui/views/chart_view.hpp"

namespace mcuprof::gui {

/// The operators and what flows between them, coloured by a metric.
class GraphView : public ChartView {
  Q_OBJECT
 public:
  explicit GraphView(const Workbench& bench, QWidget* parent = nullptr);

 protected:
  void showChart() override;
  std::string chartCsv() const override;

 private:
  GraphChart* m_chart;
  std::shared_ptr<const Graph> m_graph;  ///< that the layout belongs to
};

}  // namespace mcuprof::gui
