#pragma once

#include "gui/charts/arena_chart.hpp"
#include "gui/views/chart_view.hpp"

namespace mcuprof::gui {

/// Where each buffer lies in RAM, layer by layer.
class ArenaView : public ChartView {
  Q_OBJECT
 public:
  explicit ArenaView(const Workbench& bench, QWidget* parent = nullptr);

  std::string command() const override;

 protected:
  void showChart() override;
  void showDifference(const ReportDiff& diff, DifferenceChart& chart) override;
  std::string chartCsv() const override;

 private:
  ArenaMode arenaMode() const { return static_cast<ArenaMode>(modeIndex()); }

  ArenaChart* m_chart;
};

}  // namespace mcuprof::gui
