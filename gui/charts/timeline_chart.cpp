#include "gui/charts/timeline_chart.hpp"

#include <QMouseEvent>
#include <algorithm>
#include <cmath>

#include "gui/charts/bound_inks.hpp"
#include "gui/charts/chart_parts.hpp"
#include "gui/session/qt_text.hpp"

namespace mcuprof::gui {
namespace {

QString ms(double value) {
  return human(value, Unit::Milliseconds);
}

/// A hair's breadth between neighbours that are wide enough to lose it.
QRectF apart(QRectF rect) {
  if (rect.width() > 4) rect.setRight(rect.right() - 1);
  return rect;
}

void addLabel(Scene& scene, const ChartFrame& frame, const QRectF& rect, const QString& text) {
  if (rect.width() < 34 || rect.height() < frame.font.height()) return;
  scene.texts.push_back(
      {rect.adjusted(4, 0, -3, 0), text, Qt::AlignLeft | Qt::AlignVCenter, Ink::Text});
}

/// A name and, where there is room, its time below.
void addTwoLines(Scene& scene, const ChartFrame& frame, const QRectF& rect, const QString& name,
                 const QString& time) {
  const double height = frame.font.height();
  if (rect.width() < 30 || rect.height() < height) return;
  const QRectF box = rect.adjusted(4, 0, -3, 0);
  const auto line = [&](const QRectF& at, const QString& text) {
    scene.texts.push_back({at, text, Qt::AlignLeft | Qt::AlignVCenter, Ink::Text});
  };
  if (rect.height() <= 2 * height + 6) {
    line(box, name);
    return;
  }
  const double middle = box.center().y();
  line(QRectF(box.left(), middle - height, box.width(), height), name);
  line(QRectF(box.left(), middle, box.width(), height), time);
}

void addSide(Scene& scene, const ChartFrame& frame, const QRectF& row, const QString& text) {
  scene.texts.push_back({QRectF(0, row.top(), frame.plot.left() - 6, row.height()), text,
                         Qt::AlignRight | Qt::AlignVCenter, Ink::FaintText});
}

}  // namespace

TimelineChart::TimelineChart(Selection& selection, QWidget* parent)
    : ChartBase(selection, QStringLiteral("Timeline"), parent) {}

void TimelineChart::setTimeline(Timeline timeline, TimelineMode mode,
                                std::vector<TimelineTrack> tracks) {
  const LayerRange before = fullRange();
  m_timeline = std::move(timeline);
  m_tracks = std::move(tracks);
  m_mode = mode;
  m_itemOf.clear();
  for (std::size_t i = 0; i < m_timeline.spans.size(); ++i) {
    const auto layer = static_cast<std::size_t>(m_timeline.spans[i].layer);
    if (layer >= m_itemOf.size()) m_itemOf.resize(layer + 1, -1);
    m_itemOf[layer] = int(i);
  }
  if (!(fullRange() == before)) setCurrentRange(fullRange(), Selection::Step::New);
  invalidate();
}

LayerRange TimelineChart::fullRange() const {
  double most = m_timeline.total;
  for (const TimelineTrack& track : m_tracks) most = std::max(most, track.total);
  return {0, most};
}

TimelineGeometry TimelineChart::geometryFor(const QSizeF& size) const {
  return layOutTimeline(m_timeline, m_tracks, frameFor(size));
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
    out += QStringLiteral("; %1 %2").arg(toQt(nameOf(styles[p].bound)), ms(span.parts[p]));
  }
  for (const TimelineTrack& track : m_tracks) {
    const auto found = std::ranges::find(track.spans, span.layer, &TimelineTrack::Span::layer);
    if (found == track.spans.end()) continue;
    const double took = found->end - found->start;
    out += QStringLiteral("; %1: %2").arg(track.name, ms(took));
    if (span.end > span.start)
      out += tr(", %1 on the prediction").arg(signedPercent(took / (span.end - span.start) - 1));
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
  const double time = frame.x.layerAt(at.x());
  const TimelineRows rows = rowsOf(m_timeline, m_tracks.size(), frame);
  for (std::size_t t = 0; t < m_tracks.size(); ++t) {
    if (!rows.tracks[t].contains(at)) continue;
    const auto& spans = m_tracks[t].spans;
    const auto after = std::ranges::upper_bound(spans, time, {}, &TimelineTrack::Span::end);
    return after == spans.end() || after->layer < 0 ? -1 : itemOf(after->layer);
  }
  return spanAt(m_timeline, time);
}

void TimelineChart::mouseDoubleClickEvent(QMouseEvent* event) {
  const int item = itemAt(event->position(), frameFor(size()));
  if (item < 0) return;
  const TimelineSpan& span = m_timeline.spans[static_cast<std::size_t>(item)];
  const double around = (span.end - span.start) * 0.5;
  setCurrentRange({span.start - around, span.end + around}, Selection::Step::New);
}

void TimelineChart::addLayer(Scene& scene, const ChartFrame& frame,
                             const TimelineRect& item) const {
  const TimelineSpan& span = m_timeline.spans[static_cast<std::size_t>(item.index)];
  const CostRow& row = selection().report()->costs.layers[static_cast<std::size_t>(span.cost)];
  const BoundStyle style = styleOfBound(row.bound);
  scene.rects.push_back({apart(item.rect), style.ink, style.pattern,
                         selection().matches(span.layer) ? 0.55F : 0.12F});
  addTwoLines(scene, frame, item.rect, QStringLiteral("%1 %2").arg(row.number).arg(toQt(row.kind)),
              ms(span.end - span.start));
}

void TimelineChart::addPrediction(Scene& scene, const ChartFrame& frame,
                                  const TimelineGeometry& geometry) const {
  const CostReport& costs = selection().report()->costs;
  const QString least = costs.unknownLayers > 0 ? tr("at least ") : QString();
  scene.rects.push_back({geometry.whole, Ink::Grid, Pattern::Solid, 1});
  addLabel(scene, frame, geometry.whole,
           tr("inference: %1%2 (90 %: %3 to %4), predicted")
               .arg(least, ms(m_timeline.total), ms(costs.milliseconds.low),
                    ms(costs.milliseconds.high)));
  for (const TimelineRect& item : geometry.groups) {
    const TimelineGroup& group = m_timeline.groups[static_cast<std::size_t>(item.index)];
    scene.rects.push_back({apart(item.rect), Ink::Unknown, Pattern::Solid, 0.45F});
    addLabel(scene, frame, item.rect,
             QStringLiteral("%1 × %2: %3, %4")
                 .arg(group.count)
                 .arg(toQt(group.kind), ms(group.end - group.start),
                      human(100 * (group.end - group.start) / m_timeline.total, Unit::Percent)));
  }
  for (const TimelineRect& item : geometry.layers) addLayer(scene, frame, item);
  std::array<bool, 6> used{};
  const auto styles = boundStyles();
  for (const TimelineRect& item : geometry.parts) {
    const TimelineSpan& span = m_timeline.spans[static_cast<std::size_t>(item.index)];
    const BoundStyle& style = styles[static_cast<std::size_t>(item.part)];
    used[static_cast<std::size_t>(item.part)] = true;
    scene.rects.push_back(
        {item.rect, style.ink, style.pattern, selection().matches(span.layer) ? 1 : 0.18F});
  }
  addBoundLegend(scene, frame, used);
}

void TimelineChart::addTotals(Scene& scene, const ChartFrame& frame, const QRectF& row) const {
  QStringList totals;
  for (const TimelineTrack& track : m_tracks) {
    QString total = QStringLiteral("%1: %2").arg(track.name, ms(track.total));
    if (m_timeline.total > 0)
      total += QStringLiteral(" (%1)").arg(signedPercent(track.total / m_timeline.total - 1));
    totals << total;
  }
  if (totals.isEmpty()) return;
  const QString text = totals.join(QStringLiteral("  ·  "));
  const double width = std::min(frame.plot.width(), frame.font.horizontalAdvance(text) + 8);
  scene.texts.push_back({QRectF(frame.plot.right() - width, row.top(), width, row.height()), text,
                         Qt::AlignRight | Qt::AlignVCenter, Ink::Text, false, true});
}

void TimelineChart::addTrack(Scene& scene, const ChartFrame& frame, const TimelineTrack& track,
                             const std::vector<TimelineRect>& rects, const QRectF& row) const {
  const int chosen = selection().layer();
  for (const TimelineRect& item : rects) {
    const TimelineTrack::Span& span = track.spans[static_cast<std::size_t>(item.index)];
    const QRectF rect = apart(item.rect);
    if (span.layer < 0) {
      scene.rects.push_back({rect, Ink::Unknown, Pattern::Hatched, 0.3F});
      addLabel(scene, frame, rect, tr("other"));
      continue;
    }
    const LayerRow& layer = selection().report()->layers[static_cast<std::size_t>(span.layer)];
    scene.rects.push_back(
        {rect, track.ink, Pattern::Solid, selection().matches(span.layer) ? 0.5F : 0.12F});
    addTwoLines(scene, frame, rect, QStringLiteral("%1 %2").arg(layer.number).arg(toQt(layer.kind)),
                ms(span.end - span.start));
    if (span.layer == chosen) scene.paths.push_back({QPolygonF(rect), Ink::Selected, 1.5, 0});
  }
  addSide(scene, frame, row, track.title);
  scene.glyphs.push_back({QPointF(frame.plot.left() - 12, row.center().y() + frame.font.height()),
                          track.glyph, track.ink, 9});
}

Scene TimelineChart::build(const ChartFrame& frame) const {
  Scene scene;
  const TimelineGeometry geometry = layOutTimeline(m_timeline, m_tracks, frame);
  const TimelineRows rows = rowsOf(m_timeline, m_tracks.size(), frame);
  addPrediction(scene, frame, geometry);
  for (std::size_t t = 0; t < m_tracks.size(); ++t)
    addTrack(scene, frame, m_tracks[t], geometry.tracks[t], rows.tracks[t]);
  addTotals(scene, frame, rows.whole);
  addTimeAxis(scene, frame);
  addSide(scene, frame, rows.whole, tr("all"));
  if (!geometry.groups.empty()) addSide(scene, frame, rows.groups, tr("operators"));
  addSide(scene, frame, rows.layers, tr("layers"));
  addSide(scene, frame, rows.parts, tr("waits for"));
  return scene;
}

}  // namespace mcuprof::gui
