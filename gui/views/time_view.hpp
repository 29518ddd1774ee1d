#pragma once

#include "gui/charts/cost_chart.hpp"
#include "gui/charts/difference_chart.hpp"
#include "gui/views/view.hpp"

class QStackedLayout;

namespace mcuprof::gui {

/// Time and energy of every layer with their intervals, and what binds it.
class TimeView : public View {
  Q_OBJECT
 public:
  explicit TimeView(const Workbench& bench, QWidget* parent = nullptr);

  void refresh() override;
  std::string csv() const override;
  const ChartBase* chart() const override;
  QStringList modes() const override;
  QString mode() const override;
  void setMode(const QString& mode) override;

 private:
  CostChart* m_chart;
  DifferenceChart* m_difference;
  QStackedLayout* m_stack;
};

}  // namespace mcuprof::gui
