#include "gui/models/headroom_delegate.hpp"

#include <QApplication>
#include <QPainter>
#include <QStyle>
#include <algorithm>

#include "gui/charts/scene.hpp"

namespace mcuprof::gui {
namespace {

constexpr double kMostShare = 1.5;
constexpr int kTextWidth = 58;
constexpr int kBarWidth = 90;

}  // namespace

HeadroomBar layOutHeadroom(const QRectF& room, double share, double low, double high) {
  const auto x = [&](double value) {
    return room.left() + std::clamp(value / kMostShare, 0.0, 1.0) * room.width();
  };
  HeadroomBar out;
  out.bar = QRectF(QPointF(room.left(), room.top()), QPointF(x(share), room.bottom()));
  out.limit = x(1);
  out.over = share > 1;
  out.cut = share > kMostShare;
  if (high > low)
    out.whisker =
        QRectF(QPointF(x(low), room.center().y() - 2), QPointF(x(high), room.center().y() + 2));
  return out;
}

void HeadroomDelegate::paint(QPainter* painter, const QStyleOptionViewItem& option,
                             const QModelIndex& index) const {
  const QVariant share = index.data(kShareRole);
  QStyleOptionViewItem plain = option;
  initStyleOption(&plain, index);
  const QString text = plain.text;
  plain.text.clear();
  // Background and selection as everywhere.
  QApplication::style()->drawControl(QStyle::CE_ItemViewItem, &plain, painter, option.widget);
  const QRectF cell = option.rect;
  painter->save();
  painter->setFont(plain.font);
  const bool selected = (option.state & QStyle::State_Selected) != 0;
  painter->setPen(option.palette.color(selected ? QPalette::HighlightedText : QPalette::Text));
  painter->drawText(QRectF(cell.left(), cell.top(), kTextWidth, cell.height()),
                    Qt::AlignRight | Qt::AlignVCenter, text);
  if (share.isValid()) {
    const QRectF room = cell.adjusted(kTextWidth + 8, 4, -6, -4);
    const QVariant interval = index.data(kShareIntervalRole);
    const QPointF ends = interval.isValid() ? interval.toPointF() : QPointF();
    const HeadroomBar bar = layOutHeadroom(room, share.toDouble(), ends.x(), ends.y());
    Scene scene;
    scene.rects.push_back({room, Ink::Grid});
    scene.rects.push_back(
        {bar.bar, bar.over ? Ink::Bad : Ink::Good, bar.over ? Pattern::Hatched : Pattern::Solid});
    if (!bar.whisker.isEmpty()) {
      const double y = bar.whisker.center().y();
      scene.lines.push_back({QLineF(bar.whisker.left(), y, bar.whisker.right(), y), Ink::Text, 1});
      for (const double x : {bar.whisker.left(), bar.whisker.right()})
        scene.lines.push_back({QLineF(x, y - 3, x, y + 3), Ink::Text, 1});
    }
    scene.lines.push_back(
        {QLineF(bar.limit, room.top() - 2, bar.limit, room.bottom() + 2), Ink::Limit, 1.5});
    paintScene(*painter, scene, Theme::of(option.palette), cell);
  }
  painter->restore();
}

QSize HeadroomDelegate::sizeHint(const QStyleOptionViewItem& option,
                                 const QModelIndex& index) const {
  QSize out = QStyledItemDelegate::sizeHint(option, index);
  out.setWidth(kTextWidth + kBarWidth);
  return out;
}

}  // namespace mcuprof::gui
