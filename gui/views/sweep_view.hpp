#pragma once

#include "gui/charts/sweep_chart.hpp"
#include "gui/views/lazy_view.hpp"

class QComboBox;
class QLabel;
class QLineEdit;

namespace mcuprof::gui {

/// One variable over its values: latency, memory, everything as multiples, and the cliffs where the
/// verdict changes or spilling begins.
class SweepView : public LazyView {
  Q_OBJECT
 public:
  explicit SweepView(const Workbench& bench, QWidget* parent = nullptr);

  /// Equal to `mcuprof sweep`.
  std::string csv() const override;
  std::string command() const override;
  const ChartBase* chart() const override { return m_chart; }
  QStringList modes() const override;
  QString mode() const override;
  void setMode(const QString& mode) override;
  /// "var" as `mcuprof sweep --var` takes it, "at" as --at.
  Result<void> setOption(const QString& name, const QString& value) override;

  const SweepPtr& result() const { return m_result; }
  QString summary() const;

 protected:
  void compute() override;

 private:
  void show(SweepPtr result, const QString& problem);

  QComboBox* m_variable;
  QLineEdit* m_values;
  QLineEdit* m_at;
  QLabel* m_summary;
  SweepChart* m_chart;
  SweepPtr m_result;
};

}  // namespace mcuprof::gui
