#pragma once

#include "gui/charts/cost_chart.hpp"
#include "gui/views/chart_view.hpp"

namespace mcuprof::gui {

/// Time and energy of every layer with their intervals, and what binds it.
class TimeView : public ChartView {
  Q_OBJECT
 public:
  explicit TimeView(const Workbench& bench, QWidget* parent = nullptr);

 protected:
  void showChart() override;
  void showDifference(const ReportDiff& diff, DifferenceChart& chart) override;
  std::string chartCsv() const override;

 private:
  CostChart* m_chart;
};

}  // namespace mcuprof::gui
