#pragma once

#include "gui/charts/timeline_chart.hpp"
#include "gui/views/view.hpp"

namespace mcuprof::gui {

/// One inference over time, as it is predicted.
class TimelineView : public View {
  Q_OBJECT
 public:
  explicit TimelineView(const Workbench& bench, QWidget* parent = nullptr);

  void refresh() override;
  std::string csv() const override;
  const ChartBase* chart() const override { return m_chart; }
  QStringList modes() const override;
  QString mode() const override;
  void setMode(const QString& mode) override;

 private:
  TimelineChart* m_chart;
};

}  // namespace mcuprof::gui
