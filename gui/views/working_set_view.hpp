#pragma once

#include "gui/charts/working_set_chart.hpp"
#include "gui/views/chart_view.hpp"

namespace mcuprof::gui {

/// The working set of every layer against usable SRAM; dragging the line changes the RAM assumed.
class WorkingSetView : public ChartView {
  Q_OBJECT
 public:
  explicit WorkingSetView(const Workbench& bench, QWidget* parent = nullptr);

 protected:
  void showChart() override;
  void showDifference(const ReportDiff& diff, DifferenceChart& chart) override;
  std::string chartCsv() const override;

 private:
  WorkingSetChart* m_chart;
};

}  // namespace mcuprof::gui
