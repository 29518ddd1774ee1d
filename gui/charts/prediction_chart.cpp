#include "gui/charts/prediction_chart.hpp"

#include <algorithm>
#include <cmath>

#include "gui/charts/chart_parts.hpp"
#include "gui/measure/provenance.hpp"

namespace mcuprof::gui {
namespace {

/// Lines beside the diagonal, as shares.
constexpr double kGuide = 0.25;

QString cycles(double value) {
  return exact(value, Unit::Cycles);
}

int itemWithLayer(const std::vector<ComparedLayer>& layers, int layer) {
  const auto found = std::ranges::lower_bound(layers, layer, {}, &ComparedLayer::layer);
  return found != layers.end() && found->layer == layer ? static_cast<int>(found - layers.begin())
                                                        : -1;
}

QString noRun() {
  return QObject::tr(
      "No run is chosen. Choose one in the Runs view, or make one in the Measure view.");
}

/// Glyph and word of the provenance, and how points outside their interval look.
void addProvenanceLegend(Scene& scene, const ChartFrame& frame, db::Provenance provenance) {
  const ProvenanceMark mark = markOf(provenance);
  const double height = frame.font.height();
  const double y = frame.plot.top() - height / 2 - 8;
  double x = frame.plot.left();
  const auto entry = [&](Glyph glyph, Ink ink, const QString& text) {
    const double width = frame.font.horizontalAdvance(text);
    if (x + 15 + width > frame.all.right() - 4) return;
    scene.glyphs.push_back({QPointF(x + 5, y), glyph, ink, 10});
    scene.texts.push_back({QRectF(x + 15, y - height / 2, width + 2, height), text,
                           Qt::AlignLeft | Qt::AlignVCenter, Ink::Text});
    x += 15 + width + 16;
  };
  entry(mark.glyph, mark.ink, QLatin1String(mark.word));
  entry(Glyph::Alert, Ink::Bad, QObject::tr("outside the 90 % interval"));
}

}  // namespace

std::vector<ComparedLayer> compareLayers(const db::RunRecord& run) {
  std::vector<ComparedLayer> out;
  const QString word = QLatin1String(nameOf(run.provenance));
  for (const db::LayerResult& row : run.layers) {
    if (row.cycles.runs <= 0 || !row.predicted || !(row.predicted->value > 0)) continue;
    ComparedLayer layer;
    layer.layer = row.number - 1;
    layer.predicted = row.predicted->value;
    layer.low = row.predicted->low;
    layer.high = row.predicted->high;
    layer.measured = static_cast<double>(row.cycles.median);
    layer.residual = layer.measured / layer.predicted - 1;
    layer.inside = layer.measured >= layer.low && layer.measured <= layer.high;
    layer.sentence =
        QStringLiteral("Layer %1 %2: predicted %3 cycles (%4 to %5, 90 %), %6 %7, residual %8")
            .arg(row.number)
            .arg(QString::fromStdString(row.kind), cycles(layer.predicted), cycles(layer.low),
                 cycles(layer.high), word, cycles(layer.measured), signedPercent(layer.residual));
    layer.sentence += layer.inside ? QStringLiteral("; inside the interval")
                                   : QStringLiteral("; outside the interval");
    if (!row.cause.empty())
      layer.sentence += QStringLiteral("; ") + QString::fromStdString(row.cause);
    out.push_back(std::move(layer));
  }
  return out;
}

PredictionChart::PredictionChart(Selection& selection, QWidget* parent)
    : ChartBase(selection, QStringLiteral("Predicted against measured"), parent) {}

void PredictionChart::setRun(const db::RunRecord* run, bool ours) {
  m_layers.clear();
  m_ours = ours;
  m_decades = {0, 1};
  if (run != nullptr) {
    m_layers = compareLayers(*run);
    m_provenance = run->provenance;
  }
  double low = 1e300;
  double high = 0;
  for (const ComparedLayer& layer : m_layers) {
    low = std::min({low, layer.predicted, std::max(layer.measured, 1.0)});
    high = std::max({high, layer.predicted, layer.measured});
  }
  if (high > 0) {
    m_decades = {std::log10(std::max(low, 1.0)) - 0.15, std::log10(high) + 0.15};
    if (m_decades.span() < 0.5) m_decades = {m_decades.first - 0.25, m_decades.last + 0.25};
  }
  invalidate();
}

QMarginsF PredictionChart::margins(const QFontMetricsF& font) const {
  QMarginsF out = ChartBase::margins(font);
  out.setBottom(2 * font.height() + 10);  // the axis' title below its numbers
  return out;
}

ValueAxis PredictionChart::axisFor(const ChartFrame& frame) const {
  return {std::pow(10.0, m_decades.first),
          std::pow(10.0, m_decades.last),
          frame.plot.top(),
          frame.plot.bottom(),
          true,
          Unit::Cycles};
}

QPointF PredictionChart::pointOf(double predicted, double measured, const ChartFrame& frame) const {
  return {frame.x.x(std::log10(std::max(predicted, 1e-3))), axisFor(frame).y(measured)};
}

QString PredictionChart::emptyText() const {
  return noRun();
}

QString PredictionChart::itemText(int item) const {
  if (item < 0 || item >= itemCount()) return {};
  return m_layers[static_cast<std::size_t>(item)].sentence;
}

int PredictionChart::layerOf(int item) const {
  if (!m_ours || item < 0 || item >= itemCount()) return -1;
  return m_layers[static_cast<std::size_t>(item)].layer;
}

int PredictionChart::itemOf(int layer) const {
  return m_ours ? itemWithLayer(m_layers, layer) : -1;
}

QRectF PredictionChart::itemRect(int item, const ChartFrame& frame) const {
  if (item < 0 || item >= itemCount()) return {};
  const ComparedLayer& layer = m_layers[static_cast<std::size_t>(item)];
  const QPointF at = pointOf(layer.predicted, layer.measured, frame);
  return QRectF(at - QPointF(6, 6), QSizeF(12, 12)).intersected(frame.plot);
}

int PredictionChart::itemAt(const QPointF& at, const ChartFrame& frame) const {
  int best = -1;
  double nearest = 12;
  for (int item = 0; item < itemCount(); ++item) {
    const ComparedLayer& layer = m_layers[static_cast<std::size_t>(item)];
    const QPointF offset = pointOf(layer.predicted, layer.measured, frame) - at;
    const double distance = std::hypot(offset.x(), offset.y());
    if (distance >= nearest) continue;
    nearest = distance;
    best = item;
  }
  return best;
}

Scene PredictionChart::build(const ChartFrame& frame) const {
  Scene scene;
  const ValueAxis axis = axisFor(frame);
  addValueAxis(scene, frame, axis);
  const double height = frame.font.height();
  addRule(scene, frame);
  const double tickWidth = frame.font.horizontalAdvance(QStringLiteral("100 M")) + 8;
  for (int decade = int(std::ceil(frame.x.range.first)); decade <= frame.x.range.last; ++decade) {
    const double x = std::round(frame.x.x(decade)) + 0.5;
    scene.grid.push_back({QLineF(x, frame.plot.top(), x, frame.plot.bottom()), Ink::Grid});
    scene.texts.push_back({QRectF(x - tickWidth / 2, frame.plot.bottom() + 4, tickWidth, height),
                           human(std::pow(10.0, decade), Unit::Cycles),
                           Qt::AlignHCenter | Qt::AlignTop, Ink::FaintText});
  }
  scene.texts.push_back(
      {QRectF(frame.plot.left(), frame.plot.bottom() + 4 + height, frame.plot.width(), height),
       tr("predicted cycles; upwards: %1").arg(QLatin1String(nameOf(m_provenance))),
       Qt::AlignHCenter | Qt::AlignTop, Ink::FaintText});
  // Where both are equal, and a quarter beside.
  const double first = std::pow(10.0, frame.x.range.first);
  const double last = std::pow(10.0, frame.x.range.last);
  const auto diagonal = [&](double factor, Dash dash, Ink ink) {
    scene.lines.push_back(
        {QLineF(pointOf(first, first * factor, frame), pointOf(last, last * factor, frame)), ink,
         dash == Dash::Solid ? 1.5 : 1.0, dash});
  };
  // y() is cut at the axis' low end, so lines begin where they are inside.
  ScenePath band;
  constexpr int kSteps = 24;
  for (int i = 0; i <= kSteps; ++i) {
    const double at = first * std::pow(last / first, double(i) / kSteps);
    band.points << pointOf(at, at * (1 + kGuide), frame);
  }
  for (int i = kSteps; i >= 0; --i) {
    const double at = first * std::pow(last / first, double(i) / kSteps);
    band.points << pointOf(at, at / (1 + kGuide), frame);
  }
  band.ink = Ink::Good;
  band.width = 0;
  band.fill = 0.13F;
  scene.paths.push_back(std::move(band));
  diagonal(1, Dash::Solid, Ink::Axis);
  scene.texts.push_back(
      {QRectF(frame.plot.right() - 150, frame.plot.bottom() - height - 4, 146, height),
       tr("band: ±25 %"), Qt::AlignRight | Qt::AlignVCenter, Ink::FaintText});

  const ProvenanceMark mark = markOf(m_provenance);
  for (const ComparedLayer& layer : m_layers) {
    const QPointF at = pointOf(layer.predicted, layer.measured, frame);
    if (at.x() < frame.plot.left() || at.x() > frame.plot.right()) continue;
    const bool matches = !m_ours || selection().matches(layer.layer);
    const double left = frame.x.x(std::log10(std::max(layer.low, 1.0)));
    const double right = frame.x.x(std::log10(std::max(layer.high, 1.0)));
    const Ink ink = !matches ? Ink::Grid : layer.inside ? Ink::FaintText : Ink::Bad;
    scene.lines.push_back({QLineF(left, at.y(), right, at.y()), ink, layer.inside ? 1.0 : 1.5});
    for (const double end : {left, right})
      scene.lines.push_back({QLineF(end, at.y() - 3, end, at.y() + 3), ink});
    scene.glyphs.push_back(
        {at, mark.glyph, matches ? mark.ink : Ink::Unknown, matches ? 9.0 : 6.0});
    if (!layer.inside && matches)
      scene.glyphs.push_back({at + QPointF(0, -10), Glyph::Alert, Ink::Bad, 8});
  }
  addProvenanceLegend(scene, frame, m_provenance);
  return scene;
}

ResidualChart::ResidualChart(Selection& selection, QWidget* parent)
    : ChartBase(selection, QStringLiteral("Residuals"), parent) {}

void ResidualChart::setRun(const db::RunRecord* run, bool ours) {
  m_layers.clear();
  m_ours = ours;
  m_count = 1;
  if (run != nullptr) {
    m_layers = compareLayers(*run);
    m_provenance = run->provenance;
    for (const ComparedLayer& layer : m_layers) m_count = std::max(m_count, layer.layer + 1);
  }
  invalidate();
}

QString ResidualChart::emptyText() const {
  return noRun();
}

QString ResidualChart::itemText(int item) const {
  if (item < 0 || item >= itemCount()) return {};
  return m_layers[static_cast<std::size_t>(item)].sentence;
}

int ResidualChart::layerOf(int item) const {
  if (!m_ours || item < 0 || item >= itemCount()) return -1;
  return m_layers[static_cast<std::size_t>(item)].layer;
}

int ResidualChart::itemOf(int layer) const {
  return m_ours ? itemWithLayer(m_layers, layer) : -1;
}

QRectF ResidualChart::itemRect(int item, const ChartFrame& frame) const {
  if (item < 0 || item >= itemCount()) return {};
  const int layer = m_layers[static_cast<std::size_t>(item)].layer;
  return QRectF(frame.x.x(layer), frame.plot.top(), frame.x.slot(), frame.plot.height())
      .intersected(frame.plot);
}

int ResidualChart::itemAt(const QPointF& at, const ChartFrame& frame) const {
  if (!frame.plot.contains(at)) return -1;
  return itemWithLayer(m_layers, static_cast<int>(std::floor(frame.x.layerAt(at.x()))));
}

ValueAxis ResidualChart::axisFor(const ChartFrame& frame) const {
  // Tiny layers are off by large shares; the axis is for the bulk of them.
  std::vector<double> sizes;
  for (const ComparedLayer& layer : m_layers) sizes.push_back(std::abs(layer.residual));
  std::ranges::sort(sizes);
  const double usual = sizes.empty() ? 0.1 : sizes[sizes.size() * 9 / 10];
  const double most = std::clamp(std::max(usual * 1.5, 0.3), 0.1, 3.0) * 100 / valueZoom();
  double low = 0;
  for (const ComparedLayer& layer : m_layers) {
    low = std::min({low, layer.residual * 100, (layer.low / layer.predicted - 1) * 100});
  }
  return {std::max(-most, low * 1.1 - 2),
          most,
          frame.plot.top(),
          frame.plot.bottom(),
          false,
          Unit::Percent};
}

Scene ResidualChart::build(const ChartFrame& frame) const {
  Scene scene;
  const ValueAxis axis = axisFor(frame);
  addValueAxis(scene, frame, axis);
  addLayerAxis(scene, frame, m_ours ? selection().count() : m_count);
  const double zero = axis.y(0);
  const ProvenanceMark mark = markOf(m_provenance);
  const auto cut = [&](double y) { return std::clamp(y, frame.plot.top(), frame.plot.bottom()); };
  const auto size = [this](int layer) {
    const int item = itemWithLayer(m_layers, layer);
    return item < 0 ? 0.0 : std::abs(m_layers[static_cast<std::size_t>(item)].residual);
  };
  double lastGlyph = -100;
  for (const int position : visibleLayers(frame.x, m_count, size)) {
    const int item = itemWithLayer(m_layers, position);
    if (item < 0) continue;
    const ComparedLayer& layer = m_layers[static_cast<std::size_t>(item)];
    const bool fades = m_ours && !selection().matches(layer.layer);
    const double low = cut(axis.y((layer.low / layer.predicted - 1) * 100));
    const double high = cut(axis.y((layer.high / layer.predicted - 1) * 100));
    const QRectF band = columnOf(frame.x, position, high, low);
    scene.rects.push_back({band, Ink::Unknown, Pattern::Solid, fades ? 0.08F : 0.28F});
    const double raw = axis.y(layer.residual * 100);
    const double y = cut(raw);
    QRectF bar = columnOf(frame.x, position, std::min(y, zero), std::max(y, zero));
    if (bar.width() > 6) bar.adjust(bar.width() * 0.2, 0, -bar.width() * 0.2, 0);
    if (bar.height() > 0) {
      scene.rects.push_back(
          {bar, mark.ink, layer.inside ? Pattern::Solid : Pattern::Hatched, fades ? 0.18F : 1.0F});
    }
    const bool beyond = raw != y;
    if ((layer.inside && !beyond) || bar.center().x() - lastGlyph < 9 || fades) continue;
    const bool up = layer.residual >= 0;
    const double at =
        up ? std::max(frame.plot.top() + 6, y - 7) : std::min(frame.plot.bottom() - 6, y + 7);
    scene.glyphs.push_back({QPointF(bar.center().x(), at),
                            beyond ? (up ? Glyph::Up : Glyph::Down) : Glyph::Alert, Ink::Bad, 9});
    lastGlyph = bar.center().x();
  }
  scene.lines.push_back({QLineF(frame.plot.left(), zero, frame.plot.right(), zero), Ink::Axis});
  const LegendEntry entries[] = {
      {QLatin1String(mark.word) + tr(" over predicted"), mark.ink},
      {tr("90 % interval of the prediction"), Ink::Unknown, Pattern::Solid},
      {tr("hatched: outside it (▲▼ beyond the axis)"), Ink::Bad}};
  addLegend(scene, frame, entries);
  return scene;
}

}  // namespace mcuprof::gui
