#include "gui/charts/timeline_chart.hpp"

#include <QMouseEvent>
#include <algorithm>
#include <cmath>

#include "gui/charts/bound_inks.hpp"

namespace mcuprof::gui {
namespace {

QString ms(double value) {
  return human(value, Unit::Milliseconds);
}

}  // namespace

TimelineChart::TimelineChart(Selection& selection, QWidget* parent)
    : ChartBase(selection, QStringLiteral("Timeline"), parent) {}

void TimelineChart::setTimeline(Timeline timeline, TimelineMode mode) {
  const bool sameAxis = timeline.total == m_timeline.total;
  m_timeline = std::move(timeline);
  m_mode = mode;
  m_itemOf.clear();
  for (std::size_t i = 0; i < m_timeline.spans.size(); ++i) {
    const auto layer = static_cast<std::size_t>(m_timeline.spans[i].layer);
    if (layer >= m_itemOf.size()) m_itemOf.resize(layer + 1, -1);
    m_itemOf[layer] = int(i);
  }
  if (!sameAxis && m_timeline.total > 0) setCurrentRange(fullRange(), Selection::Step::New);
  invalidate();
}

TimelineGeometry TimelineChart::geometryFor(const QSizeF& size) const {
  return layOutTimeline(m_timeline, frameFor(size));
}

int TimelineChart::itemCount() const {
  return m_timeline.total > 0 ? int(m_timeline.spans.size()) : 0;
}

QString TimelineChart::emptyText() const {
  return selection().count() > 0 ? tr("No layer's time is known for this board and runtime.")
                                 : ChartBase::emptyText();
}

int TimelineChart::layerOf(int item) const {
  if (item < 0 || item >= itemCount()) return -1;
  return m_timeline.spans[static_cast<std::size_t>(item)].layer;
}

int TimelineChart::itemOf(int layer) const {
  const auto at = static_cast<std::size_t>(layer);
  return layer >= 0 && at < m_itemOf.size() ? m_itemOf[at] : -1;
}

QString TimelineChart::itemText(int item) const {
  const auto& report = selection().report();
  if (!report || item < 0 || item >= itemCount()) return {};
  const TimelineSpan& span = m_timeline.spans[static_cast<std::size_t>(item)];
  if (static_cast<std::size_t>(span.cost) >= report->costs.layers.size()) return {};
  const CostRow& row = report->costs.layers[static_cast<std::size_t>(span.cost)];
  QString out =
      QStringLiteral("Layer %1 %2: ").arg(row.number).arg(QString::fromStdString(row.kind));
  if (!row.known) return out + tr("cost unknown: ") + QString::fromStdString(row.unknown);
  out += QStringLiteral("%1 (%2 of %3), from %4 to %5")
             .arg(ms(span.end - span.start),
                  human(100 * (span.end - span.start) / m_timeline.total, Unit::Percent),
                  ms(m_timeline.total), ms(span.start), ms(span.end));
  const auto styles = boundStyles();
  for (std::size_t p = 0; p < span.parts.size(); ++p) {
    if (span.parts[p] <= 0) continue;
    const std::string_view name = nameOf(styles[p].bound);
    out += QStringLiteral("; %1 %2").arg(QString::fromUtf8(name.data(), qsizetype(name.size())),
                                         ms(span.parts[p]));
  }
  return out;
}

QRectF TimelineChart::itemRect(int item, const ChartFrame& frame) const {
  if (item < 0 || item >= itemCount()) return {};
  const TimelineSpan& span = m_timeline.spans[static_cast<std::size_t>(item)];
  const double left = frame.x.x(span.start);
  const QRectF column(left, frame.plot.top(), std::max(1.0, frame.x.x(span.end) - left),
                      frame.plot.height());
  return column.intersected(frame.plot);
}

int TimelineChart::itemAt(const QPointF& at, const ChartFrame& frame) const {
  if (!frame.plot.contains(at)) return -1;
  return spanAt(m_timeline, frame.x.layerAt(at.x()));
}

void TimelineChart::mouseDoubleClickEvent(QMouseEvent* event) {
  const int item = itemAt(event->position(), frameFor(size()));
  if (item < 0) return;
  const TimelineSpan& span = m_timeline.spans[static_cast<std::size_t>(item)];
  const double around = (span.end - span.start) * 0.5;
  setCurrentRange({span.start - around, span.end + around}, Selection::Step::New);
}

Scene TimelineChart::build(const ChartFrame& frame) const {
  Scene scene;
  const Report& report = *selection().report();
  const TimelineGeometry geometry = layOutTimeline(m_timeline, frame);
  const double height = frame.font.height();
  const auto label = [&](const QRectF& rect, const QString& text) {
    if (rect.width() < 34 || rect.height() < height) return;
    scene.texts.push_back(
        {rect.adjusted(4, 0, -3, 0), text, Qt::AlignLeft | Qt::AlignVCenter, Ink::Text});
  };
  const auto inset = [](QRectF rect) {
    if (rect.width() > 4) rect.setRight(rect.right() - 1);
    return rect;
  };
  const QString least = report.costs.unknownLayers > 0 ? tr("at least ") : QString();
  scene.rects.push_back({geometry.whole, Ink::Grid, Pattern::Solid, 1});
  label(geometry.whole, tr("inference: %1%2 (90 %: %3 to %4), predicted")
                            .arg(least, ms(m_timeline.total), ms(report.costs.milliseconds.low),
                                 ms(report.costs.milliseconds.high)));
  for (const TimelineRect& item : geometry.groups) {
    const TimelineGroup& group = m_timeline.groups[static_cast<std::size_t>(item.index)];
    scene.rects.push_back({inset(item.rect), Ink::Unknown, Pattern::Solid, 0.45F});
    label(item.rect,
          QStringLiteral("%1 × %2: %3, %4")
              .arg(group.count)
              .arg(QString::fromStdString(group.kind), ms(group.end - group.start),
                   human(100 * (group.end - group.start) / m_timeline.total, Unit::Percent)));
  }
  std::array<bool, 6> used{};
  for (const TimelineRect& item : geometry.layers) {
    const TimelineSpan& span = m_timeline.spans[static_cast<std::size_t>(item.index)];
    const CostRow& row = report.costs.layers[static_cast<std::size_t>(span.cost)];
    const BoundStyle style = styleOfBound(row.bound);
    const float opacity = selection().matches(span.layer) ? 0.55F : 0.12F;
    scene.rects.push_back({inset(item.rect), style.ink, style.pattern, opacity});
    if (item.rect.width() < 30 || item.rect.height() < height) continue;
    const bool two = item.rect.height() > 2 * height + 6;
    const QRectF box = item.rect.adjusted(4, 0, -3, 0);
    const double middle = box.center().y();
    const QString name =
        QStringLiteral("%1 %2").arg(row.number).arg(QString::fromStdString(row.kind));
    if (two) {
      scene.texts.push_back({QRectF(box.left(), middle - height, box.width(), height), name,
                             Qt::AlignLeft | Qt::AlignVCenter, Ink::Text});
      scene.texts.push_back({QRectF(box.left(), middle, box.width(), height),
                             ms(span.end - span.start), Qt::AlignLeft | Qt::AlignVCenter,
                             Ink::Text});
    } else {
      scene.texts.push_back({box, name, Qt::AlignLeft | Qt::AlignVCenter, Ink::Text});
    }
  }
  const auto styles = boundStyles();
  for (const TimelineRect& item : geometry.parts) {
    const TimelineSpan& span = m_timeline.spans[static_cast<std::size_t>(item.index)];
    const BoundStyle& style = styles[static_cast<std::size_t>(item.part)];
    used[static_cast<std::size_t>(item.part)] = true;
    const float opacity = selection().matches(span.layer) ? 1 : 0.18F;
    scene.rects.push_back({item.rect, style.ink, style.pattern, opacity});
  }
  // Time below; ticks are those of a value axis that lies on its side.
  const ValueAxis axis{
      frame.x.range.first, frame.x.range.last, frame.plot.left(), frame.plot.right(), false,
      Unit::Milliseconds};
  const double y = frame.plot.bottom() + 0.5;
  scene.lines.push_back({QLineF(frame.plot.left(), y, frame.plot.right(), y), Ink::Axis});
  for (const Tick& tick : axis.ticks(90)) {
    const double x = std::round(frame.x.x(tick.value)) + 0.5;
    if (x < frame.plot.left() - 1 || x > frame.plot.right() + 1) continue;
    scene.lines.push_back({QLineF(x, y, x, y - 4), Ink::Axis});
    const double half = 42;
    const double left = std::min(x - half, frame.all.right() - 2 * half);
    scene.texts.push_back({QRectF(left, frame.plot.bottom() + 4, 2 * half, height), tick.text,
                           Qt::AlignHCenter | Qt::AlignTop, Ink::FaintText});
  }
  const auto side = [&](const QRectF& row, const QString& text) {
    scene.texts.push_back({QRectF(0, row.top(), frame.plot.left() - 6, row.height()), text,
                           Qt::AlignRight | Qt::AlignVCenter, Ink::FaintText});
  };
  side(geometry.whole, tr("all"));
  if (!geometry.groups.empty()) side(geometry.groups.front().rect, tr("operators"));
  if (!geometry.layers.empty()) side(geometry.layers.front().rect, tr("layers"));
  if (!geometry.parts.empty()) side(geometry.parts.front().rect, tr("waits for"));
  addBoundLegend(scene, frame, used);
  return scene;
}

}  // namespace mcuprof::gui
