#pragma once

#include <QStyledItemDelegate>

namespace mcuprof::gui {

/// A share of a limit as double, for cells that HeadroomDelegate paints; 1 is the limit.
inline constexpr int kShareRole = Qt::UserRole + 1;
/// Ends of the share's interval as QPointF(low, high); invalid: none.
inline constexpr int kShareIntervalRole = Qt::UserRole + 2;

/// What a share's bar looks like in a rectangle.
struct HeadroomBar {
  QRectF bar;      ///< from 0 to the share, cut at the right end
  double limit;    ///< x of the share 1
  QRectF whisker;  ///< from low to high, empty without an interval
  bool over = false;
  bool cut = false;  ///< the share is beyond the right end
};

/// The limit lies at two thirds of the width, so that a share of 1.5 fills it.
HeadroomBar layOutHeadroom(const QRectF& room, double share, double low, double high);

/// Paints a bar behind the text of cells that have a share: how much of a limit is used, hatched
/// where it is more than all.
class HeadroomDelegate : public QStyledItemDelegate {
  Q_OBJECT
 public:
  using QStyledItemDelegate::QStyledItemDelegate;
  void paint(QPainter* painter, const QStyleOptionViewItem& option,
             const QModelIndex& index) const override;
  QSize sizeHint(const QStyleOptionViewItem& option, const QModelIndex& index) const override;
};

}  // namespace mcuprof::gui
