#include "gui/views/working_set_view.hpp"

#include <algorithm>

#include "analyzer/report/render_csv.hpp"

namespace mcuprof::gui {

WorkingSetView::WorkingSetView(const Workbench& bench, QWidget* parent)
    : ChartView(bench, parent), m_chart(new WorkingSetChart(bench.selection, this)) {
  build(*m_chart, {QStringLiteral("layer"), QStringLiteral("cumulative"), QStringLiteral("log")},
        tr("Difference of working sets"));
  connect(m_chart, &WorkingSetChart::usableDragged, this, [this](qint64 bytes) {
    if (!snapshot()) return;
    const BudgetReport& sram = snapshot()->report.sram;
    // What is taken from RAM stays; only the total follows the line.
    const std::int64_t taken = sram.total.value - sram.usable.value;
    this->bench().session.change(
        [&](Setup& s) { s.placement.sram = Bytes(std::max<std::int64_t>(1024, bytes + taken)); });
  });
  connect(m_chart, &WorkingSetChart::usableReset, this,
          [this] { this->bench().session.change([](Setup& s) { s.placement.sram.reset(); }); });
}

void WorkingSetView::showChart() {
  m_chart->setMode(static_cast<WorkingSetMode>(modeIndex()));
}

void WorkingSetView::showDifference(const ReportDiff& diff, DifferenceChart& chart) {
  chart.showFigure(diff, &LayerDifference::workingSet, tr("working set"), Unit::Bytes);
}

std::string WorkingSetView::chartCsv() const {
  return renderCsv(snapshot()->report);
}

}  // namespace mcuprof::gui
