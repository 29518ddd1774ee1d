#pragma once

#include <QElapsedTimer>
#include <QFontMetricsF>
#include <QWidget>

#include "gui/charts/axis.hpp"
#include "gui/charts/scene.hpp"
#include "gui/session/selection.hpp"

namespace mcuprof::gui {

/// The room a chart has to draw in.
struct ChartFrame {
  QRectF all;   ///< the whole widget
  QRectF plot;  ///< inside the margins
  LayerAxis x;  ///< over plot
  QFontMetricsF font;
};

/// What all charts share: the horizontal axis and its zoom and pan, selection, pointer, keys,
/// tooltips, a screen reader's view of every item, and drawing to any paint device.
///
/// A chart says what there is: build() makes a Scene from its data, itemText() the sentence of one
/// item. By default items are layers, the axis is the shared one of Selection, and the item under
/// the pointer is the layer of its column.
///
/// Pointer: wheel zooms, Shift+wheel and drag pan, Ctrl+wheel stretches the values, Shift+drag
/// zooms to what it spans, click selects, double click zooms to the item. Keys: docs/gui.md.
class ChartBase : public QWidget {
  Q_OBJECT
 public:
  ChartBase(Selection& selection, QString name, QWidget* parent = nullptr);

  /// Draws everything but the pointer's marks into a device of this size.
  void draw(QPainter& painter, const QSizeF& size, const Theme& theme) const;

  /// The scene of a size; what the next paint shows. For tests and exports.
  Scene sceneFor(const QSizeF& size) const;
  ChartFrame frameFor(const QSizeF& size) const;

  // Items, for tooltips, keys and screen readers.
  virtual int itemCount() const { return m_selection.count(); }
  /// A full sentence with every number plotted for the item.
  virtual QString itemText(int item) const = 0;
  /// Where the item is in a frame; empty where it is out of sight.
  virtual QRectF itemRect(int item, const ChartFrame& frame) const;
  /// -1: none.
  virtual int itemAt(const QPointF& at, const ChartFrame& frame) const;
  /// The layer that an item belongs to, -1 for none; and the item that stands for a layer.
  virtual int layerOf(int item) const { return item; }
  virtual int itemOf(int layer) const { return layer; }
  int selectedItem() const;
  /// Selects what belongs to the item.
  virtual void activate(int item);

  Selection& selection() const { return m_selection; }
  const QString& name() const { return m_name; }
  /// Scale of the values, at least 1, that Ctrl+wheel sets.
  double valueZoom() const { return m_valueZoom; }

  QSize sizeHint() const override { return {640, 260}; }
  QSize minimumSizeHint() const override { return {160, 90}; }

 public Q_SLOTS:
  /// To be called when the data changed: builds the scene anew.
  void invalidate();

 Q_SIGNALS:
  /// What the status bar says: of the pointer's item, or empty.
  void statusText(const QString& text);

 protected:
  virtual Scene build(const ChartFrame& frame) const = 0;
  /// Shown in the middle of a chart without items.
  virtual QString emptyText() const { return tr("Open a model to see it here."); }
  virtual QMarginsF margins(const QFontMetricsF& font) const;
  /// False: the chart has a horizontal axis of its own, fullRange() wide, with the same zoom.
  virtual bool sharesAxis() const { return true; }
  virtual LayerRange fullRange() const { return {0, double(m_selection.count())}; }
  /// Whether a column behind the selected and the pointed item is marked.
  virtual bool marksColumns() const { return true; }

  void paintEvent(QPaintEvent* event) override;
  void resizeEvent(QResizeEvent* event) override;
  void changeEvent(QEvent* event) override;
  void wheelEvent(QWheelEvent* event) override;
  void mousePressEvent(QMouseEvent* event) override;
  void mouseMoveEvent(QMouseEvent* event) override;
  void mouseReleaseEvent(QMouseEvent* event) override;
  void mouseDoubleClickEvent(QMouseEvent* event) override;
  void leaveEvent(QEvent* event) override;
  void keyPressEvent(QKeyEvent* event) override;
  bool event(QEvent* event) override;

  LayerRange currentRange() const;
  void setCurrentRange(LayerRange range, Selection::Step step);
  const Theme& theme() const { return Theme::of(palette()); }

 private:
  enum class Drag : std::uint8_t { None, Pending, Pan, Span };
  void paintMarks(QPainter& painter, const ChartFrame& frame, const Theme& theme,
                  bool pointer) const;
  void zoomAt(double factor, double pixel);
  void pan(double layers);
  Selection::Step stepOfGesture();
  void showTip(const QPointF& at, const QPoint& global);

  Selection& m_selection;
  QString m_name;
  LayerRange m_ownRange;
  mutable Scene m_scene;
  mutable bool m_stale = true;
  double m_valueZoom = 1;
  int m_hoveredItem = -1;
  Drag m_drag = Drag::None;
  QPointF m_dragStart;
  QPointF m_dragNow;
  LayerRange m_dragRange;
  QElapsedTimer m_lastGesture;
};

/// A chart whose items are no layers, with an axis of its own.
class FreeChart : public ChartBase {
  Q_OBJECT
 public:
  using ChartBase::ChartBase;
  int layerOf(int) const override { return -1; }
  int itemOf(int) const override { return -1; }

 protected:
  bool sharesAxis() const override { return false; }
};

}  // namespace mcuprof::gui
