#pragma once

#include "gui/charts/difference_chart.hpp"
#include "gui/charts/movement_chart.hpp"
#include "gui/views/view.hpp"

class QStackedLayout;

namespace mcuprof::gui {

/// The bytes that each layer moves, by memory and purpose, and the energy of moving them.
class MovementView : public View {
  Q_OBJECT
 public:
  explicit MovementView(const Workbench& bench, QWidget* parent = nullptr);

  void refresh() override;
  std::string csv() const override;
  const ChartBase* chart() const override;
  QStringList modes() const override;
  QString mode() const override;
  void setMode(const QString& mode) override;

 private:
  MovementChart* m_chart;
  DifferenceChart* m_difference;
  QStackedLayout* m_stack;
};

}  // namespace mcuprof::gui
