#pragma once

#include "gui/charts/movement_geometry.hpp"

namespace mcuprof::gui {

/// Bytes that move between the core and each memory, reads above the line, writes below; or what
/// moving costs against computing.
class MovementChart : public ChartBase {
  Q_OBJECT
 public:
  MovementChart(Selection& selection, QWidget* parent = nullptr);

  void setMovement(Movement movement);
  const Movement& movement() const { return m_data; }
  void setMode(MovementMode mode);
  MovementMode mode() const { return m_mode; }
  MovementGeometry geometryFor(const QSizeF& size) const;

  QString itemText(int item) const override;
  Ink inkOf(int kind) const;
  Pattern patternOf(int kind) const;

 protected:
  Scene build(const ChartFrame& frame) const override;

 private:
  QString nameOfKind(int kind) const;

  Movement m_data;
  MovementMode m_mode = MovementMode::Purpose;
};

}  // namespace mcuprof::gui
