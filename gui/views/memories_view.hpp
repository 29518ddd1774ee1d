#pragma once

#include "gui/charts/memory_cost_chart.hpp"
#include "gui/views/view.hpp"

namespace mcuprof::gui {

/// What each memory of the board costs to read and to write (the paper's figure 5).
class MemoriesView : public View {
  Q_OBJECT
 public:
  explicit MemoriesView(const Workbench& bench, QWidget* parent = nullptr);

  void refresh() override;
  std::string csv() const override;
  std::string command() const override;
  const ChartBase* chart() const override { return m_chart; }
  QStringList modes() const override;
  QString mode() const override;
  void setMode(const QString& mode) override;

 private:
  MemoryCostChart* m_chart;
};

}  // namespace mcuprof::gui
