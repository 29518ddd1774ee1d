#include "gui/views/time_view.hpp"

#include "analyzer/report/render_csv.hpp"

namespace mcuprof::gui {

TimeView::TimeView(const Workbench& bench, QWidget* parent)
    : ChartView(bench, parent), m_chart(new CostChart(bench.selection, this)) {
  build(*m_chart,
        {QStringLiteral("ms"), QStringLiteral("cycles"), QStringLiteral("mJ"),
         QStringLiteral("cycles/MAC")},
        tr("Difference of time and energy"));
}

void TimeView::showChart() {
  m_chart->setMode(static_cast<CostMode>(modeIndex()));
}

void TimeView::showDifference(const ReportDiff& diff, DifferenceChart& chart) {
  switch (static_cast<CostMode>(modeIndex())) {
    case CostMode::Milliseconds:
      chart.showFigure(diff, &LayerDifference::milliseconds, tr("time"), Unit::Milliseconds);
      return;
    case CostMode::Millijoules:
      chart.showFigure(diff, &LayerDifference::millijoules, tr("energy"), Unit::Millijoules);
      return;
    case CostMode::Cycles:
    case CostMode::CyclesPerMac:
      chart.showFigure(diff, &LayerDifference::cycles, tr("cycles"), Unit::Cycles);
      return;
  }
}

std::string TimeView::chartCsv() const {
  return renderCsv(snapshot()->report);
}

}  // namespace mcuprof::gui
