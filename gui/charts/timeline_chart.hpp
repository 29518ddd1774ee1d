#pragma once

#include "gui/charts/timeline_geometry.hpp"

namespace mcuprof::gui {

/// An inference over time: each layer as wide as it takes, and below it what it waits for. Its
/// axis is time, so it has a zoom of its own.
class TimelineChart : public ChartBase {
  Q_OBJECT
 public:
  TimelineChart(Selection& selection, QWidget* parent = nullptr);

  /// `tracks` are shown below; their layers are those of the timeline's report.
  void setTimeline(Timeline timeline, TimelineMode mode, std::vector<TimelineTrack> tracks = {});
  const std::vector<TimelineTrack>& tracks() const { return m_tracks; }
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
  /// The longest of prediction and tracks.
  LayerRange fullRange() const override;
  void mouseDoubleClickEvent(QMouseEvent* event) override;

 private:
  void addPrediction(Scene& scene, const ChartFrame& frame, const TimelineGeometry& geometry) const;
  void addLayer(Scene& scene, const ChartFrame& frame, const TimelineRect& item) const;
  /// What each track takes in all, at the right of the first row.
  void addTotals(Scene& scene, const ChartFrame& frame, const QRectF& row) const;
  void addTrack(Scene& scene, const ChartFrame& frame, const TimelineTrack& track,
                const std::vector<TimelineRect>& rects, const QRectF& row) const;

  Timeline m_timeline;
  std::vector<TimelineTrack> m_tracks;
  std::vector<int> m_itemOf;  ///< by layer
  TimelineMode m_mode = TimelineMode::Order;
};

}  // namespace mcuprof::gui
