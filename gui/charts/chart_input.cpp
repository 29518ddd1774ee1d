// Pointer and keys of a chart.
#include <QHelpEvent>
#include <QKeyEvent>
#include <QMouseEvent>
#include <QToolTip>
#include <QWheelEvent>
#include <algorithm>
#include <cmath>

#include "gui/charts/chart_base.hpp"

namespace mcuprof::gui {
namespace {

/// Steps of a wheel or a key that follow each other sooner are one step of undo.
constexpr qint64 kGestureMilliseconds = 700;
constexpr double kDragPixels = 4;
constexpr double kZoomStep = 0.8;

}  // namespace

Selection::Step ChartBase::stepOfGesture() {
  const bool continued = m_lastGesture.isValid() && m_lastGesture.elapsed() < kGestureMilliseconds;
  m_lastGesture.restart();
  return continued ? Selection::Step::Continued : Selection::Step::New;
}

void ChartBase::zoomAt(double factor, double pixel) {
  const ChartFrame frame = frameFor(size());
  const double around = frame.x.layerAt(std::clamp(pixel, frame.plot.left(), frame.plot.right()));
  if (sharesAxis()) {
    m_selection.zoom(factor, around, stepOfGesture());
    return;
  }
  const LayerRange range = currentRange();
  setCurrentRange(
      {around - (around - range.first) * factor, around + (range.last - around) * factor},
      stepOfGesture());
}

void ChartBase::pan(double layers) {
  const LayerRange range = currentRange();
  setCurrentRange({range.first + layers, range.last + layers}, stepOfGesture());
}

void ChartBase::wheelEvent(QWheelEvent* event) {
  if (itemCount() == 0) return;
  const QPoint delta = event->angleDelta();
  const double notches = (delta.y() != 0 ? delta.y() : delta.x()) / 120.0;
  if (notches == 0) return;
  if (event->modifiers() & Qt::ControlModifier) {
    m_valueZoom = std::clamp(m_valueZoom * std::pow(1 / kZoomStep, notches), 1.0, 1e4);
    invalidate();
  } else if (event->modifiers() & Qt::ShiftModifier || (delta.y() == 0 && delta.x() != 0)) {
    pan(-notches * currentRange().span() * 0.1);
  } else {
    zoomAt(std::pow(kZoomStep, notches), event->position().x());
  }
  event->accept();
}

void ChartBase::mousePressEvent(QMouseEvent* event) {
  setFocus(Qt::MouseFocusReason);
  if (itemCount() == 0) return;
  if (event->button() == Qt::LeftButton || event->button() == Qt::MiddleButton) {
    m_drag = event->modifiers() & Qt::ShiftModifier ? Drag::Span : Drag::Pending;
    m_dragStart = m_dragNow = event->position();
    m_dragRange = currentRange();
  }
}

void ChartBase::mouseMoveEvent(QMouseEvent* event) {
  const QPointF at = event->position();
  const ChartFrame frame = frameFor(size());
  if (m_drag == Drag::Pending && std::abs(at.x() - m_dragStart.x()) >= kDragPixels) {
    m_drag = Drag::Pan;
    m_lastGesture.invalidate();
    setCursor(Qt::ClosedHandCursor);
  }
  if (m_drag == Drag::Pan) {
    const double layers =
        (m_dragStart.x() - at.x()) / frame.plot.width() * std::max(1e-9, m_dragRange.span());
    setCurrentRange({m_dragRange.first + layers, m_dragRange.last + layers}, stepOfGesture());
    return;
  }
  if (m_drag == Drag::Span) {
    m_dragNow = at;
    update();
    return;
  }
  m_hoveredItem = itemCount() == 0 ? -1 : itemAt(at, frame);
  m_selection.hover(m_hoveredItem < 0 ? -1 : layerOf(m_hoveredItem));
  Q_EMIT statusText(m_hoveredItem < 0 ? QString() : itemText(m_hoveredItem));
}

void ChartBase::mouseReleaseEvent(QMouseEvent* event) {
  const Drag drag = std::exchange(m_drag, Drag::None);
  unsetCursor();
  if (drag == Drag::None) return;
  const ChartFrame frame = frameFor(size());
  if (drag == Drag::Span && std::abs(event->position().x() - m_dragStart.x()) >= kDragPixels) {
    const auto [from, to] = std::minmax(m_dragStart.x(), event->position().x());
    setCurrentRange({frame.x.layerAt(std::max(from, frame.plot.left())),
                     frame.x.layerAt(std::min(to, frame.plot.right()))},
                    Selection::Step::New);
  } else if (drag == Drag::Pending && event->button() == Qt::LeftButton) {
    if (const int item = itemAt(event->position(), frame); item >= 0) activate(item);
  }
  update();
}

void ChartBase::mouseDoubleClickEvent(QMouseEvent* event) {
  if (itemCount() == 0) return;
  const int item = itemAt(event->position(), frameFor(size()));
  const int layer = item < 0 ? -1 : layerOf(item);
  if (layer < 0 || !sharesAxis()) return;
  const double half = 4;
  setCurrentRange({layer + 0.5 - half, layer + 0.5 + half}, Selection::Step::New);
}

void ChartBase::leaveEvent(QEvent* event) {
  m_selection.hover(-1);
  m_hoveredItem = -1;
  Q_EMIT statusText({});
  QWidget::leaveEvent(event);
}

void ChartBase::keyPressEvent(QKeyEvent* event) {
  const int count = itemCount();
  // Items without a layer, such as one that was removed, are stepped over.
  const auto go = [&](int item, int step) {
    while (item >= 0 && item < count && layerOf(item) < 0) item += step;
    if (item < 0 || item >= count) return;
    activate(item);
    if (sharesAxis()) m_selection.reveal(m_selection.layer());
  };
  const ChartFrame frame = frameFor(size());
  const double middle = frame.plot.center().x();
  const int chosen = selectedItem();
  switch (event->key()) {
    case Qt::Key_Left:
      go(chosen < 0 ? count - 1 : chosen - 1, -1);
      return;
    case Qt::Key_Right:
      go(chosen + 1, 1);
      return;
    case Qt::Key_Home:
      go(0, 1);
      return;
    case Qt::Key_End:
      go(count - 1, -1);
      return;
    case Qt::Key_W:
    case Qt::Key_Plus:
    case Qt::Key_Equal:
      zoomAt(kZoomStep, chosen < 0 ? middle : itemRect(chosen, frame).center().x());
      return;
    case Qt::Key_S:
    case Qt::Key_Minus:
      zoomAt(1 / kZoomStep, chosen < 0 ? middle : itemRect(chosen, frame).center().x());
      return;
    case Qt::Key_A:
      pan(-currentRange().span() * 0.15);
      return;
    case Qt::Key_D:
      pan(currentRange().span() * 0.15);
      return;
    case Qt::Key_0:
    case Qt::Key_Escape:
      m_valueZoom = 1;
      setCurrentRange(fullRange(), Selection::Step::New);
      invalidate();
      return;
    default:
      QWidget::keyPressEvent(event);
  }
}

bool ChartBase::event(QEvent* event) {
  if (event->type() == QEvent::ToolTip) {
    const auto* help = static_cast<QHelpEvent*>(event);
    showTip(help->pos(), help->globalPos());
    return true;
  }
  return QWidget::event(event);
}

void ChartBase::showTip(const QPointF& at, const QPoint& global) {
  const ChartFrame frame = frameFor(size());
  const int item = itemCount() == 0 ? -1 : itemAt(at, frame);
  if (item < 0) {
    QToolTip::hideText();
    return;
  }
  QToolTip::showText(global, itemText(item), this, itemRect(item, frame).toAlignedRect());
}

}  // namespace mcuprof::gui
