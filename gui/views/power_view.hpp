#pragma once

#include "gui/charts/power_chart.hpp"
#include "gui/views/lazy_view.hpp"

class QLabel;

namespace mcuprof::gui {

/// What a power meter saw during the chosen run.
class PowerView : public LazyView {
  Q_OBJECT
 public:
  explicit PowerView(const Workbench& bench, QWidget* parent = nullptr);

  /// A row a block of the trigger input.
  std::string csv() const override;
  std::string command() const override;
  const ChartBase* chart() const override { return m_chart; }
  QString summary() const;

 protected:
  void compute() override;

 private:
  void show(std::shared_ptr<const PowerTrace> trace, const QString& why);

  QLabel* m_summary;
  PowerChart* m_chart;
  std::shared_ptr<const PowerTrace> m_trace;
  std::string m_key;  ///< of the run whose trace is shown or under way
};

}  // namespace mcuprof::gui
