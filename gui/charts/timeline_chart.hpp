#pragma once

#include "gui/charts/timeline_geometry.hpp"

namespace mcuprof::gui {

/// An inference over time: each layer as wide as it takes, and below it what it waits for. Its
/// axis is time, so it has a zoom of its own.
class TimelineChart : public ChartBase {
  Q_OBJECT
 public:
  TimelineChart(Selection& selection, QWidget* parent = nullptr);

  void setTimeline(Timeline timeline, TimelineMode mode);
  const Timeline& timeline() const { return m_timeline; }
  TimelineMode mode() const { return m_mode; }
  TimelineGeometry geometryFor(const QSizeF& size) const;

  int itemCount() const override;
  QString itemText(int item) const override;
  QRectF itemRect(int item, const ChartFrame& frame) const override;
  int itemAt(const QPointF& at, const ChartFrame& frame) const override;
  int layerOf(int item) const override;
  int itemOf(int layer) const override;

 protected:
  Scene build(const ChartFrame& frame) const override;
  QString emptyText() const override;
  bool sharesAxis() const override { return false; }
  LayerRange fullRange() const override { return {0, m_timeline.total}; }
  void mouseDoubleClickEvent(QMouseEvent* event) override;

 private:
  Timeline m_timeline;
  std::vector<int> m_itemOf;  ///< by layer
  TimelineMode m_mode = TimelineMode::Order;
};

}  // namespace mcuprof::gui
