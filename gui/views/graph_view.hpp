#pragma once

#include "gui/charts/graph_chart.hpp"
#include "gui/views/view.hpp"

namespace mcuprof::gui {

/// The operators and what flows between them, coloured by a metric.
class GraphView : public View {
  Q_OBJECT
 public:
  explicit GraphView(const Workbench& bench, QWidget* parent = nullptr);

  void refresh() override;
  std::string csv() const override;
  const ChartBase* chart() const override { return m_chart; }
  QStringList modes() const override;
  QString mode() const override;
  void setMode(const QString& mode) override;

 private:
  GraphChart* m_chart;
  std::shared_ptr<const Graph> m_graph;  ///< that the layout belongs to
};

}  // namespace mcuprof::gui
