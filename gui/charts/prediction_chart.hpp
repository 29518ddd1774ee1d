#pragma once

#include <vector>

#include "db/run.hpp"
#include "gui/charts/chart_base.hpp"

namespace mcuprof::gui {

/// One layer of a run that has both a prediction and a time, in cycles.
struct ComparedLayer {
  int layer = 0;  ///< position in the run, from 0
  double predicted = 0;
  double low = 0;  ///< of the 90 % interval
  double high = 0;
  double measured = 0;  ///< median
  double residual = 0;  ///< measured / predicted - 1
  bool inside = true;   ///< of the interval
  QString sentence;     ///< every number of it
};

/// The layers of a run that can be compared, in their order.
std::vector<ComparedLayer> compareLayers(const db::RunRecord& run);

/// Predicted against measured cycles, a point a layer on two logarithmic axes, with the 90 %
/// interval of each prediction as a whisker: it crosses the diagonal where it holds the time.
class PredictionChart : public ChartBase {
  Q_OBJECT
 public:
  explicit PredictionChart(Selection& selection, QWidget* parent = nullptr);

  /// `ours`: the run is of the open model, so that points stand for its layers.
  void setRun(const db::RunRecord* run, bool ours);
  const std::vector<ComparedLayer>& layers() const { return m_layers; }

  /// Where a pair of cycles lies.
  QPointF pointOf(double predicted, double measured, const ChartFrame& frame) const;

  int itemCount() const override { return static_cast<int>(m_layers.size()); }
  QString itemText(int item) const override;
  QRectF itemRect(int item, const ChartFrame& frame) const override;
  int itemAt(const QPointF& at, const ChartFrame& frame) const override;
  int layerOf(int item) const override;
  int itemOf(int layer) const override;

 protected:
  Scene build(const ChartFrame& frame) const override;
  QString emptyText() const override;
  bool sharesAxis() const override { return false; }
  /// Decades of predicted cycles.
  LayerRange fullRange() const override { return m_decades; }
  QMarginsF margins(const QFontMetricsF& font) const override;

 private:
  ValueAxis axisFor(const ChartFrame& frame) const;

  std::vector<ComparedLayer> m_layers;
  db::Provenance m_provenance = db::Provenance::Measured;
  bool m_ours = false;
  LayerRange m_decades{0, 1};
};

/// By how much each layer exceeds its prediction, in percent, over the band of its interval; on the
/// shared layer axis.
class ResidualChart : public ChartBase {
  Q_OBJECT
 public:
  explicit ResidualChart(Selection& selection, QWidget* parent = nullptr);

  void setRun(const db::RunRecord* run, bool ours);
  const std::vector<ComparedLayer>& layers() const { return m_layers; }
  /// Percent; values beyond it are cut and marked.
  ValueAxis axisFor(const ChartFrame& frame) const;

  int itemCount() const override { return static_cast<int>(m_layers.size()); }
  QString itemText(int item) const override;
  int layerOf(int item) const override;
  int itemOf(int layer) const override;
  QRectF itemRect(int item, const ChartFrame& frame) const override;
  int itemAt(const QPointF& at, const ChartFrame& frame) const override;

 protected:
  Scene build(const ChartFrame& frame) const override;
  QString emptyText() const override;
  bool sharesAxis() const override { return m_ours; }
  LayerRange fullRange() const override { return {0, double(m_count)}; }

 private:
  std::vector<ComparedLayer> m_layers;
  db::Provenance m_provenance = db::Provenance::Measured;
  bool m_ours = false;
  int m_count = 1;  ///< layers of the run
};

}  // namespace mcuprof::gui
