#pragma once

#include "gui/charts/prediction_chart.hpp"
#include "gui/measure/measure_job.hpp"
#include "gui/measure/measurements.hpp"
#include "gui/views/background.hpp"
#include "gui/views/view.hpp"
#include "gui/views/view_inputs.hpp"

class QComboBox;
class QLabel;
class QProgressBar;
class QPushButton;
class QSpinBox;

namespace mcuprof::gui {

/// Runs the open model on a board or the virtual one. Layers' times are shown as they arrive; the
/// finished run is stored, and held against its prediction in the other views.
class MeasureView : public View, public ViewInputs {
  Q_OBJECT
 public:
  explicit MeasureView(const Workbench& bench, QWidget* parent = nullptr);

  void refresh() override;
  /// The finished run, equal to `mcuprof show ID --format csv`.
  std::string csv() const override;
  std::string command() const override;
  /// "where" (virtual, board, stlink, jlink, cmsis-dap), "runs", "run" (now: runs to its end).
  void settle() override { m_loading->finish(); }
  Result<void> setOption(const QString& name, const QString& value) override;

  MeasureJob& job() { return *m_job; }
  void start();
  void cancel() { m_job->cancel(); }
  ResidualChart* chartOfArrived() const { return m_chart; }
  QString state() const;

 private:
  MeasureRequest request() const;
  void arrived(int layer, const db::CycleSummary& cycles);
  void finish(const MeasureEnd& end);
  void enable();

  MeasureJob* m_job;
  QComboBox* m_where;
  QSpinBox* m_runs;
  QPushButton* m_start;
  QProgressBar* m_bar;
  QLabel* m_state;
  QLabel* m_notes;
  ResidualChart* m_chart;
  Background* m_loading;
  db::RunRecord m_live;  ///< what arrived so far, with the predictions of the open analysis
  MeasurementPtr m_finished;
};

}  // namespace mcuprof::gui
