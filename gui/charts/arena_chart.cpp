#include "gui/charts/arena_chart.hpp"

#include <QHelpEvent>
#include <QMouseEvent>
#include <QToolTip>
#include <algorithm>
#include <array>
#include <cmath>

#include "gui/charts/chart_parts.hpp"

namespace mcuprof::gui {
namespace {

// Without the yellow, on which no text is readable.
constexpr std::array kInks = {Ink::Series0, Ink::Series2, Ink::Series3,
                              Ink::Series4, Ink::Series1, Ink::Series6};

Ink inkOf(const ArenaStay& stay) {
  switch (stay.kind) {
    case ArenaStay::Kind::Tensor:
      return kInks[static_cast<std::size_t>(stay.name) % kInks.size()];
    case ArenaStay::Kind::Scratch:
      return Ink::Unknown;
    case ArenaStay::Kind::Block:
      return Ink::Card;
  }
  return Ink::Unknown;
}

QString bytesText(std::int64_t bytes) {
  return human(double(bytes), Unit::Bytes);
}

bool aliveIn(const ArenaStay& stay, int layer) {
  return stay.first <= layer && layer < stay.end;
}

/// A pixel of paper between neighbours, where there is room.
QRectF inset(const QRectF& rect) {
  return rect.adjusted(0, rect.height() > 4 ? 1 : 0, rect.width() > 4 ? -1 : 0, 0);
}

}  // namespace

ArenaChart::ArenaChart(Selection& selection, QWidget* parent)
    : ChartBase(selection, QStringLiteral("Arena map"), parent) {
  connect(&selection, &Selection::layerChanged, this, [this](int) { invalidate(); });
}

void ArenaChart::setMap(ArenaMap map) {
  m_map = std::move(map);
  invalidate();
}

ArenaGeometry ArenaChart::geometryFor(const QSizeF& size) const {
  return layOutArena(m_map, frameFor(size), valueZoom());
}

int ArenaChart::stayAt(const QPointF& at) const {
  const ArenaGeometry geometry = geometryFor(size());
  for (const ArenaRect& rect : geometry.rects) {
    if (rect.stay >= 0 && rect.rect.contains(at)) return rect.stay;
  }
  return -1;
}

QString ArenaChart::stayText(int index) const {
  const ArenaStay& stay = m_map.stays[static_cast<std::size_t>(index)];
  QString out =
      QStringLiteral("%1: %2 (%3) at %4 to %5 of %6, layers %7 to %8")
          .arg(m_map.names[static_cast<std::size_t>(stay.name)], bytesText(stay.size),
               exact(double(stay.size), Unit::Bytes), exact(double(stay.offset), Unit::Count),
               exact(double(stay.offset + stay.size - 1), Unit::Count),
               m_map.lanes[static_cast<std::size_t>(stay.lane)].name)
          .arg(stay.first + 1)
          .arg(stay.end);
  if (stay.kind == ArenaStay::Kind::Block)
    out += QStringLiteral("; a block buffer, the tensor is on the card");
  return out;
}

QString ArenaChart::itemText(int item) const {
  const auto& report = selection().report();
  if (!report || item < 0 || item >= selection().count()) return {};
  const LayerRow& row = report->layers[static_cast<std::size_t>(item)];
  QStringList buffers;
  std::int64_t alive = 0;
  for (const ArenaStay& stay : m_map.stays) {
    if (!aliveIn(stay, item)) continue;
    alive += stay.size;
    buffers << QStringLiteral("%1 %2 at %3+%4")
                   .arg(m_map.names[static_cast<std::size_t>(stay.name)],
                        exact(double(stay.size), Unit::Bytes),
                        m_map.lanes[static_cast<std::size_t>(stay.lane)].name,
                        exact(double(stay.offset), Unit::Count));
  }
  std::int64_t holes = 0;
  for (const ArenaHole& hole : m_map.holes) {
    if (hole.first <= item && item < hole.end) holes += hole.size;
  }
  QStringList waters;
  for (const ArenaLane& lane : m_map.lanes) {
    if (static_cast<std::size_t>(item) >= lane.water.size() || lane.head == 0) continue;
    waters << QStringLiteral("%1 of %2")
                  .arg(exact(double(lane.water[static_cast<std::size_t>(item)]), Unit::Bytes),
                       lane.name);
  }
  return QStringLiteral("Layer %1 %2: %3 (%4) alive in %5 buffers; high water %6; holes %7; %8")
      .arg(row.number)
      .arg(QString::fromStdString(row.kind), bytesText(alive), exact(double(alive), Unit::Bytes))
      .arg(buffers.size())
      .arg(waters.isEmpty() ? QStringLiteral("none") : waters.join(QStringLiteral(", ")),
           exact(double(holes), Unit::Bytes), buffers.join(QStringLiteral(", ")));
}

void ArenaChart::addLanes(Scene& scene, const ArenaGeometry& geometry,
                          const ChartFrame& frame) const {
  const double height = frame.font.height();
  for (std::size_t i = 0; i < m_map.lanes.size(); ++i) {
    const ArenaLane& lane = m_map.lanes[i];
    const ArenaLaneGeometry& at = geometry.lanes[i];
    QString title = QStringLiteral("%1: %2").arg(lane.name, bytesText(lane.size));
    if (at.used) {
      title += QStringLiteral(", high water %1").arg(bytesText(lane.head));
    } else {
      title += QStringLiteral(", no buffers");
    }
    for (const ArenaFixed& fixed : lane.fixed) {
      title += QStringLiteral(", %1 %2").arg(bytesText(fixed.size), fixed.text);
    }
    scene.texts.push_back({at.header, title, Qt::AlignLeft | Qt::AlignVCenter, Ink::Text, at.used});
    if (!at.used) continue;
    for (const Tick& tick : at.axis.ticks()) {
      const double y = std::round(at.axis.y(tick.value)) + 0.5;
      if (y < at.body.top() - 1) continue;
      scene.grid.push_back({QLineF(at.body.left(), y, at.body.right(), y), Ink::Grid});
      scene.texts.push_back({QRectF(0, y - height / 2, at.body.left() - 6, height), tick.text,
                             Qt::AlignRight | Qt::AlignVCenter, Ink::FaintText});
    }
    for (const ArenaFixed& fixed : lane.fixed) {
      const double top = std::max(at.body.top(), at.axis.y(double(fixed.offset + fixed.size)));
      const double bottom = at.axis.y(double(fixed.offset));
      if (bottom <= at.body.top()) continue;
      const QRectF rect(at.body.left(), top, at.body.width(), bottom - top);
      scene.rects.push_back({rect, Ink::Unknown, Pattern::Solid, fixed.arena ? 0.55F : 0.3F});
      if (rect.height() >= height) {
        scene.texts.push_back({rect.adjusted(6, 0, -6, 0),
                               QStringLiteral("%1 %2").arg(fixed.text, bytesText(fixed.size)),
                               Qt::AlignLeft | Qt::AlignVCenter, Ink::Text});
      }
    }
    addLimit(scene, at, lane, frame);
    // The lane's header says how much it is.
    const double water = at.axis.y(double(lane.head));
    if (lane.head > 0 && water >= at.body.top() - 1)
      scene.lines.push_back(
          {QLineF(at.body.left(), water, at.body.right(), water), Ink::Axis, 1.5, Dash::Dashed});
  }
}

void ArenaChart::addLimit(Scene& scene, const ArenaLaneGeometry& at, const ArenaLane& lane,
                          const ChartFrame& frame) {
  const double y = at.axis.y(double(lane.limit));
  if (y < at.body.top() - 1 || lane.limit <= 0) return;
  scene.lines.push_back({QLineF(at.body.left(), y, at.body.right(), y), Ink::Limit, 1.5});
  const QString text = QStringLiteral("%1 %2").arg(lane.limitText, bytesText(lane.limit));
  const double height = frame.font.height();
  const double width = frame.font.horizontalAdvance(text) + 8;
  const double below = y + 2 + height < at.body.bottom() ? y + 2 : y - 2 - height;
  scene.texts.push_back({QRectF(at.body.right() - width - 4, below, width, height), text,
                         Qt::AlignCenter, Ink::Limit, false, true});
}

void ArenaChart::addStays(Scene& scene, const ArenaGeometry& geometry,
                          const ChartFrame& frame) const {
  const int chosen = selection().layer();
  const double height = frame.font.height();
  for (const ArenaRect& item : geometry.rects) {
    if (item.stay < 0) {
      scene.rects.push_back({item.rect, Ink::Series0, Pattern::Solid, 0.7F});
      continue;
    }
    const ArenaStay& stay = m_map.stays[static_cast<std::size_t>(item.stay)];
    const bool live = chosen >= 0 && aliveIn(stay, chosen);
    const QRectF rect = inset(item.rect);
    const Pattern pattern = stay.kind == ArenaStay::Kind::Block ? Pattern::Hatched : Pattern::Solid;
    scene.rects.push_back({rect, inkOf(stay), pattern, chosen < 0 || live ? 0.62F : 0.26F});
    if (live && rect.width() > 3 && rect.height() > 3) {
      ScenePath outline;
      outline.points = QPolygonF(rect.adjusted(0.5, 0.5, -0.5, -0.5));
      outline.ink = Ink::Selected;
      scene.paths.push_back(outline);
    }
    if (rect.height() < height || rect.width() < 44) continue;
    const bool two = rect.height() >= 2 * height + 4;
    const QString name = m_map.names[static_cast<std::size_t>(stay.name)];
    const QRectF box = rect.adjusted(4, 0, -3, 0);
    if (two) {
      scene.texts.push_back({QRectF(box.left(), box.center().y() - height, box.width(), height),
                             name, Qt::AlignLeft | Qt::AlignVCenter, Ink::Text});
      scene.texts.push_back({QRectF(box.left(), box.center().y(), box.width(), height),
                             bytesText(stay.size), Qt::AlignLeft | Qt::AlignVCenter, Ink::Text});
    } else {
      scene.texts.push_back({box,
                             rect.width() > 160 ? name + QStringLiteral("  ") + bytesText(stay.size)
                                                : bytesText(stay.size),
                             Qt::AlignLeft | Qt::AlignVCenter, Ink::Text});
    }
  }
}

Scene ArenaChart::build(const ChartFrame& frame) const {
  Scene scene;
  const ArenaGeometry geometry = layOutArena(m_map, frame, valueZoom());
  for (const ArenaRect& hole : geometry.holes) {
    scene.rects.push_back({inset(hole.rect), Ink::Axis, Pattern::Dotted, 0.35F});
  }
  addStays(scene, geometry, frame);
  addLanes(scene, geometry, frame);
  for (const QPolygonF& water : geometry.waters) {
    // Lines, not one path: stroking a path of thousands of points takes longer than all the rest.
    for (qsizetype i = 1; i < water.size(); ++i) {
      scene.lines.push_back({QLineF(water[i - 1], water[i]), Ink::Axis, 1});
    }
  }
  addLayerAxis(scene, frame, selection().count());
  std::vector<LegendEntry> entries = {{tr("tensors, one colour each"), Ink::Series0}};
  const auto any = [&](ArenaStay::Kind kind) {
    return std::ranges::any_of(m_map.stays, [&](const ArenaStay& s) { return s.kind == kind; });
  };
  if (any(ArenaStay::Kind::Block)) entries.push_back({tr("hatched: block buffer"), Ink::Card});
  entries.push_back(
      {any(ArenaStay::Kind::Scratch) ? tr("scratch, persistent, static") : tr("persistent, static"),
       Ink::Unknown});
  entries.push_back({tr("dotted: holes"), Ink::Grid});
  entries.push_back({tr("dashed: high water"), Ink::Axis});
  if (selection().layer() >= 0) {
    entries.push_back(
        {tr("outlined: alive in layer %1").arg(selection().layer() + 1), Ink::Selected});
  }
  addLegend(scene, frame, entries);
  return scene;
}

void ArenaChart::mouseMoveEvent(QMouseEvent* event) {
  ChartBase::mouseMoveEvent(event);
  if (event->buttons() != Qt::NoButton || itemCount() == 0) return;
  if (const int stay = stayAt(event->position()); stay >= 0) Q_EMIT statusText(stayText(stay));
}

bool ArenaChart::event(QEvent* event) {
  if (event->type() == QEvent::ToolTip && itemCount() > 0) {
    const auto* help = static_cast<QHelpEvent*>(event);
    if (const int stay = stayAt(help->pos()); stay >= 0) {
      QToolTip::showText(help->globalPos(), stayText(stay), this);
      return true;
    }
  }
  return ChartBase::event(event);
}

}  // namespace mcuprof::gui
