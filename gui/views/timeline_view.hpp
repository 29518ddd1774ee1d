#pragma once

#include "db/run.hpp"
#include "gui/charts/timeline_chart.hpp"
#include "gui/views/chart_view.hpp"

namespace mcuprof::gui {

/// One inference over time: as it is predicted, and the baseline and the chosen run below.
class TimelineView : public ChartView {
  Q_OBJECT
 public:
  explicit TimelineView(const Workbench& bench, QWidget* parent = nullptr);

 protected:
  void showChart() override;
  std::string chartCsv() const override;

 private:
  /// The chosen run where it is of the open model, else nullptr.
  const db::RunRecord* runOfModel() const;

  TimelineChart* m_chart;
};

}  // namespace mcuprof::gui
