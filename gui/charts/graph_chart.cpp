#include "gui/charts/graph_chart.hpp"

#include <QMouseEvent>
#include <algorithm>
#include <array>
#include <cmath>

#include "gui/charts/chart_parts.hpp"
#include "gui/session/layer_filter.hpp"
#include "gui/session/qt_text.hpp"

namespace mcuprof::gui {
namespace {

struct MetricInfo {
  const char* name;
  Unit unit;
  Difference LayerDifference::*change;
};
// A ratio changes with its parts; what a comparison has of it is the cycles.
constexpr std::array<MetricInfo, 6> kMetrics = {
    {{"working set", Unit::Bytes, &LayerDifference::workingSet},
     {"MACs", Unit::Count, &LayerDifference::macs},
     {"time", Unit::Milliseconds, &LayerDifference::milliseconds},
     {"energy", Unit::Millijoules, &LayerDifference::millijoules},
     {"bytes moved", Unit::Bytes, &LayerDifference::moved},
     {"cycles per MAC", Unit::Count, &LayerDifference::cycles}}};

QString valueText(double value, GraphMetric metric) {
  if (metric == GraphMetric::CyclesPerMac) return QString::number(value, 'f', value < 10 ? 2 : 1);
  return human(value, kMetrics[static_cast<std::size_t>(metric)].unit);
}

Unit unitOf(GraphMetric metric) {
  return kMetrics[static_cast<std::size_t>(metric)].unit;
}

QString changeName(GraphMetric metric) {
  return metric == GraphMetric::CyclesPerMac
             ? QStringLiteral("cycles")
             : QLatin1String(kMetrics[static_cast<std::size_t>(metric)].name);
}

}  // namespace

std::optional<double> metricOf(const LayerRow& layer, const CostRow* cost, GraphMetric metric) {
  const bool known = cost != nullptr && cost->known;
  switch (metric) {
    case GraphMetric::WorkingSet:
      return double(layer.parts.total().value);
    case GraphMetric::Macs:
      return layer.macs ? std::optional<double>(double(layer.macs->value)) : std::nullopt;
    case GraphMetric::Milliseconds:
      return known ? std::optional<double>(cost->milliseconds.value) : std::nullopt;
    case GraphMetric::Millijoules:
      return known && cost->millijoules ? std::optional<double>(cost->millijoules->value)
                                        : std::nullopt;
    case GraphMetric::Moved:
      return double((layer.read + layer.written).value);
    case GraphMetric::CyclesPerMac:
      return known ? cost->cyclesPerMac : std::nullopt;
  }
  return std::nullopt;
}

GraphChart::GraphChart(Selection& selection, QWidget* parent)
    : ChartBase(selection, QStringLiteral("Graph"), parent) {
  connect(&selection, &Selection::layerChanged, this, [this](int layer) {
    reveal(layer);
    invalidate();
  });
}

void GraphChart::setGraph(GraphLayout layout) {
  const bool sameAxis = layout.ranks == m_layout.ranks;
  m_layout = std::move(layout);
  if (!sameAxis && m_layout.ranks > 0) setCurrentRange(fullRange(), Selection::Step::New);
  weigh();
}

void GraphChart::setDifference(std::shared_ptr<const ReportDiff> diff) {
  m_diff = std::move(diff);
  weigh();
}

void GraphChart::setMetric(GraphMetric metric) {
  m_metric = metric;
  weigh();
}

void GraphChart::weigh() {
  invalidate();
  m_values.assign(m_layout.nodes.size(), -1);
  m_changes.clear();
  const auto& report = selection().report();
  if (!report) return;
  if (!m_diff) {
    const std::vector<const CostRow*> costs = costsByLayer(*report);
    for (std::size_t i = 0; i < std::min(m_values.size(), report->layers.size()); ++i)
      m_values[i] = metricOf(report->layers[i], costs[i], m_metric).value_or(-1);
    return;
  }
  m_changes.resize(m_values.size());
  const auto part = kMetrics[static_cast<std::size_t>(m_metric)].change;
  for (const LayerDifference& layer : m_diff->layers) {
    const auto at = static_cast<std::size_t>(layer.freshNumber.value_or(0) - 1);
    const Difference& difference = layer.*part;
    if (!layer.freshNumber || at >= m_values.size() || !difference.change) continue;
    m_changes[at] = difference.change->value;
    m_values[at] = std::abs(difference.change->value);
  }
}

GraphGeometry GraphChart::geometryFor(const QSizeF& size) const {
  return placeGraph(m_layout, m_values, frameFor(size));
}

QMarginsF GraphChart::margins(const QFontMetricsF& font) const {
  return {12, font.height() + 14, 12, 8};
}

void GraphChart::reveal(int layer) {
  if (layer < 0 || static_cast<std::size_t>(layer) >= m_layout.nodes.size()) return;
  const LayerRange range = currentRange();
  const double middle = m_layout.nodes[static_cast<std::size_t>(layer)].rank + 0.5;
  if (middle >= range.first && middle <= range.last) return;
  setCurrentRange({middle - range.span() / 2, middle + range.span() / 2}, Selection::Step::New);
}

QString GraphChart::itemText(int item) const {
  const auto& report = selection().report();
  if (!report || item < 0 || item >= selection().count()) return {};
  const LayerRow& row = report->layers[static_cast<std::size_t>(item)];
  const CostRow* cost = costsByLayer(*report)[static_cast<std::size_t>(item)];
  QString out = QStringLiteral("Layer %1 %2 %3, output %4 %5")
                    .arg(row.number)
                    .arg(QString::fromStdString(row.kind), QString::fromStdString(row.name),
                         QString::fromStdString(row.shape), QString::fromStdString(row.type));
  for (std::size_t m = 0; m < kMetrics.size(); ++m) {
    const auto metric = static_cast<GraphMetric>(m);
    const auto value = metricOf(row, cost, metric);
    out += QStringLiteral("; %1 %2").arg(
        QLatin1String(kMetrics[m].name),
        value ? valueText(*value, metric) : QStringLiteral("unknown"));
  }
  QStringList from;
  QStringList to;
  for (const GraphEdge& edge : m_layout.edges) {
    if (edge.to == item) from << QString::number(edge.from + 1);
    if (edge.from == item) to << QString::number(edge.to + 1);
  }
  if (const auto at = static_cast<std::size_t>(item); at < m_changes.size()) {
    const std::optional<double>& change = m_changes[at];
    out += tr("; change of %1 from the baseline: %2")
               .arg(changeName(m_metric),
                    change ? signedHuman(*change, unitOf(m_metric)) : QStringLiteral("unknown"));
  }
  if (!from.isEmpty()) out += tr("; reads from layer %1").arg(from.join(QStringLiteral(", ")));
  if (!to.isEmpty()) out += tr("; read by layer %1").arg(to.join(QStringLiteral(", ")));
  return out;
}

QRectF GraphChart::itemRect(int item, const ChartFrame& frame) const {
  if (item < 0 || static_cast<std::size_t>(item) >= m_layout.nodes.size()) return {};
  return boxOf(m_layout, item, frame).intersected(frame.plot);
}

int GraphChart::itemAt(const QPointF& at, const ChartFrame& frame) const {
  if (!frame.plot.contains(at)) return -1;
  const int rank = int(std::floor(frame.x.layerAt(at.x())));
  int nearest = -1;
  double least = 1e9;
  for (std::size_t i = 0; i < m_layout.nodes.size(); ++i) {
    if (m_layout.nodes[i].rank != rank) continue;
    const QRectF box = boxOf(m_layout, int(i), frame);
    if (at.y() < box.top() - 6 || at.y() > box.bottom() + 6) continue;
    const double distance = std::abs(box.center().y() - at.y());
    if (distance < least) {
      least = distance;
      nearest = int(i);
    }
  }
  return nearest;
}

void GraphChart::mouseDoubleClickEvent(QMouseEvent* event) {
  const int item = itemAt(event->position(), frameFor(size()));
  if (item < 0) return;
  const double middle = m_layout.nodes[static_cast<std::size_t>(item)].rank + 0.5;
  setCurrentRange({middle - 4, middle + 4}, Selection::Step::New);
}

Scene GraphChart::build(const ChartFrame& frame) const {
  Scene scene;
  if (m_layout.nodes.size() != static_cast<std::size_t>(selection().count())) return scene;
  const GraphGeometry geometry = placeGraph(m_layout, m_values, frame);
  const int chosen = selection().layer();
  for (const GraphCurve& curve : geometry.curves) {
    const GraphEdge& edge = m_layout.edges[static_cast<std::size_t>(curve.edge)];
    const bool touched = chosen >= 0 && (edge.from == chosen || edge.to == chosen);
    scene.paths.push_back(
        {curve.points, touched ? Ink::Selected : Ink::Unknown, touched ? 2.0 : 1.2, 0});
  }
  const double most = m_values.empty() ? 0 : *std::ranges::max_element(m_values);
  const int every = numberStep(frame, geometry);
  for (const GraphBox& box : geometry.boxes) {
    const auto at = static_cast<std::size_t>(box.layer);
    const double value = m_values[at];
    const std::optional<double> change = m_changes.empty() ? std::nullopt : m_changes[at];
    addBox(scene, box, most > 0 ? value / most : 0, value >= 0,
           change.value_or(1) < 0 ? Ink::Weights : Ink::Card);
    const QString figure = value < 0 ? tr("unknown")
                           : change  ? signedHuman(*change, unitOf(m_metric))
                                     : valueText(value, m_metric);
    if (every == 0) {
      addWords(scene, frame, box, figure);
    } else if (const int number = box.layer + 1; number == 1 || number % every == 0) {
      const double wide = box.rect.width() + frame.x.slot() * every;
      scene.texts.push_back({QRectF(box.rect.center().x() - wide / 2, box.rect.bottom() + 1, wide,
                                    frame.font.height()),
                             QString::number(number), Qt::AlignCenter, Ink::FaintText});
    }
  }
  addLegendOf(scene, frame);
  return scene;
}

void GraphChart::addBox(Scene& scene, const GraphBox& box, double share, bool known,
                        Ink ink) const {
  const float fade = selection().matches(box.layer) ? 1 : 0.25F;
  scene.rects.push_back({box.rect, Ink::Panel, Pattern::Solid, 1});
  if (known) {
    QRectF level = box.rect;
    level.setTop(level.bottom() - level.height() * share);
    scene.rects.push_back({level, ink, Pattern::Solid, fade * (0.25F + 0.45F * float(share))});
  } else {
    scene.rects.push_back({box.rect, Ink::Unknown, Pattern::CrossHatched, 0.25F * fade});
  }
  const bool chosen = box.layer == selection().layer();
  if (box.rect.width() > 3) {
    ScenePath outline;
    outline.points = QPolygonF(box.rect);
    outline.ink = chosen ? Ink::Selected : Ink::Hovered;
    outline.width = chosen ? 2.5 : 1;
    scene.paths.push_back(outline);
  }
  if (box.rect.width() < 9) return;
  const LayerFit& fit = selection().report()->layers[static_cast<std::size_t>(box.layer)].fit;
  const QPointF above(box.rect.center().x(), box.rect.top() - 9);
  if (!fit.activationsFit) {
    scene.glyphs.push_back({above, Glyph::Alert, Ink::Bad, 11});
  } else if (!fit.workingSetFits) {
    scene.glyphs.push_back({above, Glyph::Stream, Ink::Warning, 11});
  }
}

int GraphChart::numberStep(const ChartFrame& frame, const GraphGeometry& geometry) const {
  const double widest = frame.font.horizontalAdvance(QString::number(selection().count()));
  if (geometry.boxes.empty() || geometry.boxes.front().rect.width() >= widest + 2) return 0;
  int step = 1;
  for (const int times : {2, 5, 10, 20, 50, 100, 200, 500, 1000, 10'000}) {
    if (step * frame.x.slot() >= widest + 8) break;
    step = times;
  }
  return step;
}

void GraphChart::addWords(Scene& scene, const ChartFrame& frame, const GraphBox& box,
                          const QString& figure) const {
  const LayerRow& row = selection().report()->layers[static_cast<std::size_t>(box.layer)];
  const double height = frame.font.height();
  const QString number = QString::number(row.number);
  if (box.rect.width() < frame.font.horizontalAdvance(number) + 2 || box.rect.height() < height)
    return;
  const QRectF inner = box.rect.adjusted(1, 2, -1, -2);
  if (inner.width() < 60 || inner.height() < 3 * height) {
    scene.texts.push_back({inner, number, Qt::AlignHCenter | Qt::AlignTop, Ink::Text});
    return;
  }
  QStringList lines = {QStringLiteral("%1 %2").arg(number, toQt(row.kind)), figure};
  if (inner.height() >= 4 * height) lines << toQt(row.shape);
  const QRectF padded = inner.adjusted(4, 0, -3, 0);
  for (int i = 0; i < lines.size(); ++i) {
    scene.texts.push_back({QRectF(padded.left(), padded.top() + i * height, padded.width(), height),
                           lines[i], Qt::AlignLeft | Qt::AlignVCenter, Ink::Text, i == 0});
  }
}

void GraphChart::addLegendOf(Scene& scene, const ChartFrame& frame) const {
  const double most = m_values.empty() ? 0 : std::max(0.0, *std::ranges::max_element(m_values));
  std::vector<LegendEntry> entries;
  if (m_diff) {
    entries.push_back({tr("%1 more than the baseline, full is %2")
                           .arg(changeName(m_metric), human(most, unitOf(m_metric))),
                       Ink::Card});
    entries.push_back({tr("less"), Ink::Weights});
    const auto removed =
        std::ranges::count(m_diff->layers, LayerChange::Removed, &LayerDifference::kind);
    if (removed > 0) entries.push_back({tr("%1 layers are removed").arg(removed), Ink::Unknown});
  } else {
    entries.push_back({tr("level and strength: %1, full is %2")
                           .arg(QLatin1String(kMetrics[static_cast<std::size_t>(m_metric)].name),
                                valueText(most, m_metric)),
                       Ink::Card});
  }
  if (std::ranges::any_of(m_values, [](double v) { return v < 0; }))
    entries.push_back({tr("cross-hatched: unknown"), Ink::Unknown});
  addLegend(scene, frame, entries);
}

}  // namespace mcuprof::gui
