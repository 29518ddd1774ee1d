#pragma once

#include "gui/charts/movement_chart.hpp"
#include "gui/views/chart_view.hpp"

namespace mcuprof::gui {

/// The bytes that each layer moves, by memory and purpose, and the energy of moving them.
class MovementView : public ChartView {
  Q_OBJECT
 public:
  explicit MovementView(const Workbench& bench, QWidget* parent = nullptr);

 protected:
  void showChart() override;
  void showDifference(const ReportDiff& diff, DifferenceChart& chart) override;
  std::string chartCsv() const override;

 private:
  MovementChart* m_chart;
};

}  // namespace mcuprof::gui
