#pragma once

#include <QObject>
#include <QString>
#include <memory>
#include <vector>

#include "analyzer/report/report.hpp"
#include "gui/session/layer_filter.hpp"

namespace mcuprof::gui {

/// Layers [first, last) that the shared axis shows, by position in Report::layers; fractions of a
/// layer are allowed, so that zooming is smooth.
struct LayerRange {
  double first = 0;
  double last = 0;
  double span() const { return last - first; }
  friend bool operator==(const LayerRange&, const LayerRange&) = default;
};

/// What all views look at together: one selected layer, one under the pointer, one visible range,
/// one filter. Layers are positions in Report::layers, -1 is none. Range and filter have an undo
/// stack.
class Selection : public QObject {
  Q_OBJECT
 public:
  using QObject::QObject;

  /// The layers that are looked at; nullptr for none. Where their number changes, what still exists
  /// of the selection is kept and the undo stack is emptied.
  void setReport(std::shared_ptr<const Report> report);
  int count() const { return m_count; }
  const std::shared_ptr<const Report>& report() const { return m_report; }

  int layer() const { return m_layer; }
  int hovered() const { return m_hovered; }
  /// Values outside the layers are moved to the nearest one; -1 selects nothing.
  void select(int layer);
  void hover(int layer);
  /// Selects the next (1) or previous (-1) layer that exceeds the RAM, with its activations or with
  /// its weights, beginning anew at the end. False when there is none.
  bool selectViolation(int direction);
  static bool isViolation(const LayerRow& layer);

  const LayerRange& range() const { return m_view.range; }
  const LayerFilter& filter() const { return m_filter; }
  /// Whether the filter lets the layer through.
  bool matches(int layer) const;
  int matchCount() const;
  const QString& filterText() const { return m_view.filter; }
  bool showsAll() const { return m_view.range == LayerRange{0, double(m_count)}; }

  /// Shows another range, cut to the layers and at least one layer wide. Continued steps (a wheel,
  /// a drag) become one step of undo together.
  enum class Step : std::uint8_t { New, Continued };
  void setRange(LayerRange range, Step step = Step::New);
  /// Scales the range by `factor` around a layer that keeps its place.
  void zoom(double factor, double around, Step step = Step::New);
  void showAll() { setRange({0, double(m_count)}); }
  /// Scrolls so that the layer is visible.
  void reveal(int layer);
  /// Sets the filter; the error tells what was wanted and nothing changes.
  Result<void> setFilter(const QString& text);

  void undo();
  void redo();
  bool canUndo() const { return !m_past.empty(); }
  bool canRedo() const { return !m_future.empty(); }
  /// "all > op:conv > layers 3 to 9", the way to what is visible.
  QString trail() const;

 Q_SIGNALS:
  void layerChanged(int layer);
  void hoverChanged(int layer);
  void rangeChanged();
  void filterChanged();

 private:
  struct ViewState {
    LayerRange range;
    QString filter;
    friend bool operator==(const ViewState&, const ViewState&) = default;
  };
  void apply(ViewState next);
  void remember();
  void match();
  LayerRange cut(LayerRange range) const;

  std::shared_ptr<const Report> m_report;
  std::vector<bool> m_matches;  ///< empty: all

  int m_count = 0;
  int m_layer = -1;
  int m_hovered = -1;
  ViewState m_view;
  LayerFilter m_filter;
  std::vector<ViewState> m_past;
  std::vector<ViewState> m_future;
};

}  // namespace mcuprof::gui
