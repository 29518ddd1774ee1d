#pragma once

#include "gui/charts/memory_cost_chart.hpp"
#include "gui/views/chart_view.hpp"

namespace mcuprof::gui {

/// What each memory of the board costs to read and to write (the paper's figure 5).
class MemoriesView : public ChartView {
  Q_OBJECT
 public:
  explicit MemoriesView(const Workbench& bench, QWidget* parent = nullptr);

  /// While the difference is shown, both sides and the change of every memory.
  std::string csv() const override;
  std::string command() const override;

 protected:
  void showChart() override;
  void showDifference(const ReportDiff& diff, DifferenceChart& chart) override;
  std::string chartCsv() const override;

 private:
  /// Of what is open and a baseline that is an analysis.
  std::vector<MemoryPair> pairs() const;

  MemoryCostChart* m_chart;
};

}  // namespace mcuprof::gui
