#include "gui/charts/chart_base.hpp"

#include <QAccessible>
#include <QEvent>
#include <QPainter>
#include <algorithm>

namespace mcuprof::gui {

ChartBase::ChartBase(Selection& selection, QString name, QWidget* parent)
    : QWidget(parent), m_selection(selection), m_name(std::move(name)) {
  setObjectName(m_name);
  setAccessibleName(m_name);
  setMouseTracking(true);
  setFocusPolicy(Qt::StrongFocus);
  setAttribute(Qt::WA_OpaquePaintEvent);
  setSizePolicy(QSizePolicy::Expanding, QSizePolicy::Expanding);
  connect(&selection, &Selection::rangeChanged, this, &ChartBase::invalidate);
  connect(&selection, &Selection::filterChanged, this, &ChartBase::invalidate);
  connect(&selection, &Selection::hoverChanged, this, [this](int) { update(); });
  connect(&selection, &Selection::layerChanged, this, [this](int) {
    update();
    if (!hasFocus() || !QAccessible::isActive()) return;
    QAccessibleEvent moved(this, QAccessible::Focus);
    moved.setChild(selectedItem());
    QAccessible::updateAccessibility(&moved);
  });
}

void ChartBase::invalidate() {
  m_stale = true;
  update();
}

QMarginsF ChartBase::margins(const QFontMetricsF& font) const {
  return {font.horizontalAdvance(QStringLiteral("1,000 KiB ")) + 8, font.height() + 14, 12,
          font.height() + 8};
}

LayerRange ChartBase::currentRange() const {
  if (sharesAxis()) return m_selection.range();
  if (m_ownRange.span() <= 0) return fullRange();
  return m_ownRange;
}

void ChartBase::setCurrentRange(LayerRange range, Selection::Step step) {
  if (sharesAxis()) {
    m_selection.setRange(range, step);
    return;
  }
  const LayerRange full = fullRange();
  const double span = std::clamp(range.span(), full.span() / 1e6, full.span());
  const double first =
      std::clamp((range.first + range.last - span) / 2, full.first, full.last - span);
  m_ownRange = {first, first + span};
  invalidate();
}

ChartFrame ChartBase::frameFor(const QSizeF& size) const {
  const QFontMetricsF metrics(font());
  const QRectF all(QPointF(0, 0), size);
  QRectF plot = all.marginsRemoved(margins(metrics));
  if (plot.width() < 1) plot.setWidth(1);
  if (plot.height() < 1) plot.setHeight(1);
  LayerRange range = currentRange();
  if (range.span() <= 0) range = {0, 1};
  return {all, plot, LayerAxis{range, plot.left(), plot.right()}, metrics};
}

Scene ChartBase::sceneFor(const QSizeF& size) const {
  if (itemCount() == 0) return {};
  return build(frameFor(size));
}

void ChartBase::draw(QPainter& painter, const QSizeF& size, const Theme& theme) const {
  painter.setFont(font());
  painter.fillRect(QRectF(QPointF(0, 0), size), theme.color(Ink::Background));
  const ChartFrame frame = frameFor(size);
  if (itemCount() == 0) {
    painter.setPen(theme.color(Ink::FaintText));
    painter.drawText(frame.all.adjusted(16, 8, -16, -8), Qt::AlignCenter | Qt::TextWordWrap,
                     emptyText());
    return;
  }
  paintMarks(painter, frame, theme, false);
  paintScene(painter, sceneFor(size), theme, frame.plot);
}

void ChartBase::paintMarks(QPainter& painter, const ChartFrame& frame, const Theme& theme,
                           bool pointer) const {
  if (!marksColumns()) return;
  const auto mark = [&](int item, Ink ink, float opacity) {
    if (item < 0 || item >= itemCount()) return;
    const QRectF at = itemRect(item, frame).intersected(frame.plot);
    if (at.isEmpty()) return;
    QRectF column(at.left(), frame.plot.top(), std::max(1.0, at.width()), frame.plot.height());
    QColor color = theme.color(ink);
    color.setAlphaF(opacity);
    painter.fillRect(column, color);
  };
  if (pointer && m_selection.hovered() >= 0)
    mark(itemOf(m_selection.hovered()), Ink::Hovered, 0.18F);
  mark(selectedItem(), Ink::Selected, 0.16F);
  const int chosen = selectedItem();
  if (chosen < 0 || chosen >= itemCount()) return;
  const QRectF at = itemRect(chosen, frame).intersected(frame.plot);
  if (at.isEmpty()) return;
  painter.setPen(QPen(theme.color(Ink::Selected), 1));
  painter.drawLine(QPointF(at.left(), frame.plot.bottom() + 1),
                   QPointF(at.right(), frame.plot.bottom() + 1));
  painter.drawLine(QPointF(at.left(), frame.plot.bottom() + 2),
                   QPointF(at.right(), frame.plot.bottom() + 2));
}

void ChartBase::paintEvent(QPaintEvent*) {
  QPainter painter(this);
  const Theme& colours = theme();
  if (itemCount() == 0) {
    draw(painter, size(), colours);
    return;
  }
  const ChartFrame frame = frameFor(size());
  if (m_stale) {
    m_scene = build(frame);
    m_stale = false;
  }
  painter.fillRect(rect(), colours.color(Ink::Background));
  paintMarks(painter, frame, colours, true);
  paintScene(painter, m_scene, colours, frame.plot);
  if (m_drag == Drag::Span) {
    QColor span = colours.color(Ink::Series0);
    span.setAlphaF(0.2F);
    painter.fillRect(QRectF(QPointF(m_dragStart.x(), frame.plot.top()),
                            QPointF(m_dragNow.x(), frame.plot.bottom()))
                         .normalized(),
                     span);
  }
  if (hasFocus()) {
    painter.setPen(QPen(palette().color(QPalette::Highlight), 1));
    painter.drawRect(rect().adjusted(0, 0, -1, -1));
  }
}

void ChartBase::resizeEvent(QResizeEvent* event) {
  m_stale = true;
  QWidget::resizeEvent(event);
}

void ChartBase::changeEvent(QEvent* event) {
  if (event->type() == QEvent::FontChange || event->type() == QEvent::PaletteChange) invalidate();
  QWidget::changeEvent(event);
}

QRectF ChartBase::itemRect(int item, const ChartFrame& frame) const {
  const int layer = layerOf(item);
  if (layer < 0) return {};
  const QRectF column(frame.x.x(layer), frame.plot.top(), frame.x.slot(), frame.plot.height());
  return column.intersected(frame.plot);
}

int ChartBase::itemAt(const QPointF& at, const ChartFrame& frame) const {
  if (!frame.plot.contains(at)) return -1;
  const int layer = static_cast<int>(std::floor(frame.x.layerAt(at.x())));
  return layer >= 0 && layer < m_selection.count() ? itemOf(layer) : -1;
}

int ChartBase::selectedItem() const {
  return m_selection.layer() < 0 ? -1 : itemOf(m_selection.layer());
}

void ChartBase::activate(int item) {
  if (const int layer = layerOf(item); layer >= 0) m_selection.select(layer);
}

}  // namespace mcuprof::gui
