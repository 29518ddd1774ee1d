#pragma once

#include "gui/charts/arena_map_geometry.hpp"
#include "gui/charts/chart_base.hpp"

namespace mcuprof::gui {

/// Addresses over layers, one lane a memory: who lies where when, holes, and the high water. The
/// buffers that are alive in the selected layer stand out.
class ArenaChart : public ChartBase {
  Q_OBJECT
 public:
  ArenaChart(Selection& selection, QWidget* parent = nullptr);

  void setMap(ArenaMap map);
  const ArenaMap& map() const { return m_map; }
  ArenaGeometry geometryFor(const QSizeF& size) const;
  /// Index into map().stays of what is drawn there; -1: nothing, or several.
  int stayAt(const QPointF& at) const;
  /// A sentence with every number of a stay.
  QString stayText(int stay) const;

  QString itemText(int item) const override;

 protected:
  Scene build(const ChartFrame& frame) const override;
  void mouseMoveEvent(QMouseEvent* event) override;
  bool event(QEvent* event) override;

 private:
  void addLanes(Scene& scene, const ArenaGeometry& geometry, const ChartFrame& frame) const;
  static void addLimit(Scene& scene, const ArenaLaneGeometry& at, const ArenaLane& lane,
                       const ChartFrame& frame);
  void addStays(Scene& scene, const ArenaGeometry& geometry, const ChartFrame& frame) const;

  ArenaMap m_map;
};

}  // namespace mcuprof::gui
