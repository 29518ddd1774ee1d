#pragma once

#include "gui/charts/working_set_geometry.hpp"

namespace mcuprof::gui {

/// Working set of each layer, stacked by part, against the usable SRAM.
class WorkingSetChart : public ChartBase {
  Q_OBJECT
 public:
  explicit WorkingSetChart(Selection& selection, QWidget* parent = nullptr);

  WorkingSetMode mode() const { return m_mode; }
  void setMode(WorkingSetMode mode);

  QString itemText(int item) const override;
  WorkingSetGeometry geometryFor(const QSizeF& size) const;

 Q_SIGNALS:
  /// The line of usable SRAM is dragged to this many bytes; follows the pointer.
  void usableDragged(qint64 bytes);
  /// The line was double-clicked: back to what the board has.
  void usableReset();

 protected:
  Scene build(const ChartFrame& frame) const override;
  void mousePressEvent(QMouseEvent* event) override;
  void mouseMoveEvent(QMouseEvent* event) override;
  void mouseReleaseEvent(QMouseEvent* event) override;
  void mouseDoubleClickEvent(QMouseEvent* event) override;

 private:
  bool onLine(const QPointF& at) const;
  void addBars(Scene& scene, const WorkingSetGeometry& geometry, const ChartFrame& frame) const;
  /// Their sizes above bars that are low on the scale of the limit.
  void addValues(Scene& scene, const WorkingSetGeometry& geometry, const ChartFrame& frame) const;
  void addLimits(Scene& scene, const WorkingSetGeometry& geometry, const ChartFrame& frame) const;

  WorkingSetMode m_mode = WorkingSetMode::PerLayer;
  bool m_dragging = false;
};

/// "usable SRAM 504.0 KiB = 512.0 KiB total - 4.0 KiB static - 4.0 KiB stack".
QString usableSentence(const BudgetReport& sram);

}  // namespace mcuprof::gui
