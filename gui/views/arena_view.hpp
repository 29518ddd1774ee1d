#pragma once

#include "gui/charts/arena_chart.hpp"
#include "gui/views/view.hpp"

namespace mcuprof::gui {

/// Where each buffer lies in RAM, layer by layer.
class ArenaView : public View {
  Q_OBJECT
 public:
  explicit ArenaView(const Workbench& bench, QWidget* parent = nullptr);

  void refresh() override;
  std::string csv() const override;
  std::string command() const override;
  const ChartBase* chart() const override { return m_chart; }
  QStringList modes() const override;
  QString mode() const override;
  void setMode(const QString& mode) override;

 private:
  ArenaChart* m_chart;
  ArenaMode m_mode = ArenaMode::Memories;
};

}  // namespace mcuprof::gui
