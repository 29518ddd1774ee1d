#pragma once

#include "gui/charts/power_chart.hpp"
#include "gui/measure/measurements.hpp"
#include "gui/views/lazy_view.hpp"

class QLabel;

namespace mcuprof::gui {

/// What a power meter saw during the chosen run.
class PowerView : public LazyView {
  Q_OBJECT
 public:
  explicit PowerView(const Workbench& bench, QWidget* parent = nullptr);

  /// A row a block of the trigger input, with the layer that ran in it.
  std::string csv() const override;
  std::string command() const override;
  const ChartBase* chart() const override { return m_chart; }
  QString summary() const;

 protected:
  void compute() override;

 private:
  void show(std::shared_ptr<const PowerTrace> trace, const QString& why);
  /// What ran in the blocks of m_trace, for the chart.
  std::vector<PowerBlock> blocks() const;

  QLabel* m_summary;
  PowerChart* m_chart;
  std::shared_ptr<const PowerTrace> m_trace;
  MeasurementPtr m_run;                 ///< whose trace it is
  std::vector<std::int32_t> m_numbers;  ///< by block: its layer, 0 for all; empty: cannot be told
  std::string m_key;                    ///< of the run whose trace is shown or under way
};

}  // namespace mcuprof::gui
