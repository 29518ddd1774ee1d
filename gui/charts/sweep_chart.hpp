#pragma once

#include <memory>
#include <vector>

#include "analyzer/whatif/cliffs.hpp"
#include "gui/charts/chart_base.hpp"

namespace mcuprof::gui {

enum class SweepMode : std::uint8_t {
  Latency,   ///< stacked: compute, spill write, spill read; the interval of the sum
  Memory,    ///< arena, peak activations, largest working set
  Relative,  ///< everything as multiples of the first point
};

/// One variable's sweep, and what is usable.
struct SweepResult {
  SweepAxis axis;
  std::vector<SweepPoint> points;
  std::vector<Cliff> cliffs;  ///< of the points
};

using SweepPtr = std::shared_ptr<const SweepResult>;

/// "weights flash → card, latency ×14".
QString textOf(const Cliff& cliff);

/// Figures over the values of one variable, with a marker at every cliff. Items are points.
class SweepChart : public FreeChart {
  Q_OBJECT
 public:
  explicit SweepChart(Selection& selection, QWidget* parent = nullptr);

  void setResult(SweepPtr result);
  SweepMode mode() const { return m_mode; }
  void setMode(SweepMode mode);
  ValueAxis axisFor(const ChartFrame& frame) const;

  int itemCount() const override;
  QString itemText(int item) const override;
  QRectF itemRect(int item, const ChartFrame& frame) const override;
  int itemAt(const QPointF& at, const ChartFrame& frame) const override;

 protected:
  Scene build(const ChartFrame& frame) const override;
  QString emptyText() const override;
  LayerRange fullRange() const override { return {0, double(std::max(1, itemCount()))}; }
  QMarginsF margins(const QFontMetricsF& font) const override;

 private:
  void addLatency(Scene& scene, const ChartFrame& frame, const ValueAxis& axis) const;
  void addLines(Scene& scene, const ChartFrame& frame, const ValueAxis& axis) const;
  void addCliffs(Scene& scene, const ChartFrame& frame) const;

  SweepPtr m_result;
  SweepMode m_mode = SweepMode::Latency;
};

}  // namespace mcuprof::gui
