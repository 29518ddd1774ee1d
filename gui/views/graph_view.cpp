#include "gui/views/graph_view.hpp"

#include <fmt/format.h>

#include "gui/session/layer_filter.hpp"
#include "gui/views/csv_text.hpp"

namespace mcuprof::gui {

GraphView::GraphView(const Workbench& bench, QWidget* parent)
    : ChartView(bench, parent), m_chart(new GraphChart(bench.selection, this)) {
  build(*m_chart,
        {QStringLiteral("working set"), QStringLiteral("MACs"), QStringLiteral("ms"),
         QStringLiteral("mJ"), QStringLiteral("bytes moved"), QStringLiteral("cycles/MAC")});
}

void GraphView::showChart() {
  const std::shared_ptr<const Graph> graph = snapshot() ? snapshot()->analysis.graph : nullptr;
  if (graph != m_graph) {
    m_graph = graph;
    m_chart->setGraph(graph ? layOutGraph(*graph) : GraphLayout());
  }
  m_chart->setMetric(static_cast<GraphMetric>(modeIndex()));
  m_chart->setDifference(sharedDifference());
}

std::string GraphView::chartCsv() const {
  const Report& report = snapshot()->report;
  const GraphLayout& layout = m_chart->graphLayout();
  std::vector<std::string> readers(report.layers.size());
  for (const GraphEdge& edge : layout.edges) {
    std::string& list = readers[static_cast<std::size_t>(edge.from)];
    if (!list.empty()) list += ' ';
    list += std::to_string(edge.to + 1);
  }
  const std::vector<const CostRow*> costs = costsByLayer(report);
  CsvText csv({"layer", "operator", "name", "rank", "read_by_layers", mode().toStdString()});
  for (std::size_t i = 0; i < report.layers.size(); ++i) {
    const LayerRow& row = report.layers[i];
    const auto value = metricOf(row, costs[i], m_chart->metric());
    csv.row({std::to_string(row.number), row.kind, row.name,
             std::to_string(layout.nodes[i].rank + 1), readers[i],
             value ? fmt::format("{}", *value) : std::string()});
  }
  return csv.text();
}

}  // namespace mcuprof::gui
