#pragma once

#include "gui/charts/prediction_chart.hpp"
#include "gui/views/view.hpp"

class QLabel;
class QTableView;

namespace mcuprof::gui {

class ComparedModel;

/// A run held against its prediction: scatter, residuals, how often the intervals hold, and the
/// worst layers. Of one provenance at a time, which is said by word, shape and colour.
class MeasuredView : public View {
  Q_OBJECT
 public:
  explicit MeasuredView(const Workbench& bench, QWidget* parent = nullptr);

  void refresh() override;
  /// Equal to `mcuprof show ID --format csv`.
  std::string csv() const override;
  std::string command() const override;

  PredictionChart* scatter() const { return m_scatter; }
  ResidualChart* residuals() const { return m_residuals; }
  QString summary() const;

 private:
  void showLayer(int layer);

  QLabel* m_mark;
  QLabel* m_head;
  QLabel* m_summary;
  PredictionChart* m_scatter;
  ResidualChart* m_residuals;
  ComparedModel* m_model;
  QTableView* m_table;
  bool m_ours = false;  ///< the run is of the open model
};

}  // namespace mcuprof::gui
