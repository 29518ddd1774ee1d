#pragma once

#include "gui/charts/difference_chart.hpp"
#include "gui/charts/working_set_chart.hpp"
#include "gui/views/view.hpp"

class QStackedLayout;

namespace mcuprof::gui {

/// The working set of every layer against usable SRAM; dragging the line changes the RAM assumed.
class WorkingSetView : public View {
  Q_OBJECT
 public:
  explicit WorkingSetView(const Workbench& bench, QWidget* parent = nullptr);

  void refresh() override;
  std::string csv() const override;
  const ChartBase* chart() const override;
  QStringList modes() const override;
  QString mode() const override;
  void setMode(const QString& mode) override;

 private:
  WorkingSetChart* m_chart;
  DifferenceChart* m_difference;
  QStackedLayout* m_stack;
};

}  // namespace mcuprof::gui
