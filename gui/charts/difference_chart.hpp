#pragma once

#include <vector>

#include "analyzer/report/report_diff.hpp"
#include "gui/charts/chart_base.hpp"

namespace mcuprof::gui {

/// One bar of a difference: new less base.
struct DifferenceBar {
  QString label;     ///< below the axis: a layer's number in the new model, or in the base
  QString sentence;  ///< every number of it
  double change = 0;
  int layer = -1;  ///< position in the new report; -1: removed
  LayerChange kind = LayerChange::Same;
};

/// Bars of one figure of every layer, such as &LayerDifference::workingSet.
std::vector<DifferenceBar> barsOf(const ReportDiff& diff, Difference LayerDifference::*figure,
                                  const QString& title, Unit unit);

/// What changed from the baseline, a bar each layer of either side, above the line where it grew.
/// Its axis runs over the layers of both sides, so it has a zoom of its own.
class DifferenceChart : public ChartBase {
  Q_OBJECT
 public:
  DifferenceChart(Selection& selection, QString name, QWidget* parent = nullptr);

  /// `caption`: what the bars are, where the view's name does not say it.
  void setBars(std::vector<DifferenceBar> bars, Unit unit, QString caption = {});
  /// One figure of every layer, such as &LayerDifference::workingSet.
  void showFigure(const ReportDiff& diff, Difference LayerDifference::*figure, const QString& title,
                  Unit unit) {
    setBars(barsOf(diff, figure, title, unit), unit);
  }
  const std::vector<DifferenceBar>& bars() const { return m_bars; }
  const QString& caption() const { return m_caption; }
  /// Up to three bars that tower over the rest of their direction are outside of it.
  ValueAxis axisFor(const ChartFrame& frame) const;

  int itemCount() const override { return static_cast<int>(m_bars.size()); }
  QString itemText(int item) const override;
  QRectF itemRect(int item, const ChartFrame& frame) const override;
  int itemAt(const QPointF& at, const ChartFrame& frame) const override;
  int layerOf(int item) const override;
  int itemOf(int layer) const override;

 protected:
  Scene build(const ChartFrame& frame) const override;
  bool sharesAxis() const override { return false; }
  LayerRange fullRange() const override { return {0, double(m_bars.size())}; }

 private:
  void addBar(Scene& scene, const ChartFrame& frame, const ValueAxis& axis, int item) const;
  void addLabels(Scene& scene, const ChartFrame& frame) const;

  std::vector<DifferenceBar> m_bars;
  Unit m_unit = Unit::Bytes;
  QString m_caption;
};

}  // namespace mcuprof::gui
