#include "gui/charts/power_chart.hpp"

#include <QMouseEvent>
#include <algorithm>
#include <cmath>
#include <utility>

#include "gui/charts/chart_parts.hpp"

namespace mcuprof::gui {
namespace {

/// A bar a column, joined with its neighbour; painted without antialiasing, which a jagged band of
/// a thousand columns has no time for.
void addBand(Scene& scene, const PowerGeometry& geometry) {
  const PowerColumn* before = nullptr;
  for (const PowerColumn& column : geometry.columns) {
    const double left = before == nullptr ? column.x - 1 : before->x;
    const double top = before == nullptr ? column.top : std::min(column.top, before->bottom);
    const double bottom = before == nullptr ? column.bottom : std::max(column.bottom, before->top);
    if (column.x - left > 2) {
      scene.lines.push_back({QLineF(left, before->top, column.x, column.top), Ink::Series0, 1.5});
    } else {
      scene.rects.push_back(
          {QRectF(left, top, column.x - left, std::max(1.0, bottom - top)), Ink::Series0});
    }
    before = &column;
  }
}

QString figuresOf(double milliseconds, double millijoules, double milliwatts, double peak) {
  return QObject::tr("%1, %2, %3 on average, at most %4")
      .arg(human(milliseconds, Unit::Milliseconds), human(millijoules, Unit::Millijoules),
           human(milliwatts, Unit::Milliwatts), human(peak, Unit::Milliwatts));
}

std::vector<db::TraceBlock> itemsOf(const db::EnergyTrace& trace) {
  std::vector<db::TraceBlock> blocks = db::blocksOf(trace);
  if (blocks.empty() && !trace.watts.empty())
    blocks.push_back(db::sumOf(trace, 0, trace.watts.size()));
  return blocks;
}

}  // namespace

PowerTrace::PowerTrace(db::EnergyTrace trace) : sampleHz(trace.sampleHz), blocks(itemsOf(trace)) {
  watts = PowerLevels(std::move(trace.watts));
}

PowerChart::PowerChart(Selection& selection, QWidget* parent)
    : ChartBase(selection, QStringLiteral("Power trace"), parent) {
  connect(&selection, &Selection::layerChanged, this, [this](int layer) {
    reveal(layer);
    invalidate();
  });
}

void PowerChart::setBlocks(std::vector<PowerBlock> blocks) {
  m_blocks = std::move(blocks);
  invalidate();
}

void PowerChart::setTrace(std::shared_ptr<const PowerTrace> trace, QString why) {
  m_trace = std::move(trace);
  m_why = std::move(why);
  m_blocks.clear();
  setCurrentRange(fullRange(), Selection::Step::New);
}

int PowerChart::itemCount() const {
  return m_trace ? static_cast<int>(m_trace->blocks.size()) : 0;
}

int PowerChart::layerOf(int item) const {
  if (item < 0 || item >= static_cast<int>(m_blocks.size())) return -1;
  return m_blocks[static_cast<std::size_t>(item)].layer;
}

int PowerChart::itemOf(int layer) const {
  const auto found = std::ranges::find(m_blocks, layer, &PowerBlock::layer);
  return layer < 0 || found == m_blocks.end() ? -1 : static_cast<int>(found - m_blocks.begin());
}

LayerRange PowerChart::spanOf(int item) const {
  const db::TraceBlock& block = m_trace->blocks[static_cast<std::size_t>(item)];
  const double perSample = 1e3 / m_trace->sampleHz;
  return {static_cast<double>(block.first) * perSample,
          static_cast<double>(block.last) * perSample};
}

void PowerChart::reveal(int layer) {
  const int item = itemOf(layer);
  if (item < 0) return;
  const LayerRange block = spanOf(item);
  const LayerRange seen = currentRange();
  if (block.last > seen.first && block.first < seen.last) return;
  const double from = (block.first + block.last - seen.span()) / 2;
  setCurrentRange({from, from + seen.span()}, Selection::Step::New);
}

void PowerChart::mouseDoubleClickEvent(QMouseEvent* event) {
  const int item = itemAt(event->position(), frameFor(size()));
  if (item < 0) return;
  const LayerRange block = spanOf(item);
  setCurrentRange({block.first - block.span(), block.last + block.span()}, Selection::Step::New);
}

QString PowerChart::itemText(int item) const {
  if (item < 0 || item >= itemCount()) return {};
  const db::TraceBlock& block = m_trace->blocks[static_cast<std::size_t>(item)];
  const LayerRange span = spanOf(item);
  QString name = tr("Block %1 of %2").arg(item + 1).arg(itemCount());
  if (!m_blocks.empty())
    name += QStringLiteral(", ") + m_blocks[static_cast<std::size_t>(item)].sentence;
  return tr("%1, from %2 to %3: %4")
      .arg(name, human(span.first, Unit::Milliseconds), human(span.last, Unit::Milliseconds),
           figuresOf(block.seconds * 1e3, block.joules * 1e3, block.averageWatts * 1e3,
                     block.peakWatts * 1e3));
}

QRectF PowerChart::itemRect(int item, const ChartFrame& frame) const {
  if (item < 0 || item >= itemCount()) return {};
  const LayerRange span = spanOf(item);
  const double left = frame.x.x(span.first);
  const double right = frame.x.x(span.last);
  return QRectF(left, frame.plot.top(), std::max(1.0, right - left), frame.plot.height())
      .intersected(frame.plot);
}

int PowerChart::itemAt(const QPointF& at, const ChartFrame& frame) const {
  if (!m_trace || !frame.plot.contains(at)) return -1;
  const double sample = frame.x.layerAt(at.x()) * m_trace->sampleHz / 1e3;
  const auto after = std::ranges::upper_bound(
      m_trace->blocks, sample, {},
      [](const db::TraceBlock& block) { return static_cast<double>(block.last); });
  if (after == m_trace->blocks.end() || static_cast<double>(after->first) > sample) return -1;
  return static_cast<int>(after - m_trace->blocks.begin());
}

PowerGeometry PowerChart::geometryFor(const QSizeF& size) const {
  return layOut(frameFor(size));
}

PowerGeometry PowerChart::layOut(const ChartFrame& frame) const {
  PowerGeometry out;
  const PowerLevels& watts = m_trace->watts;
  const std::size_t count = watts.samples().size();
  const double perMs = m_trace->sampleHz / 1e3;
  const auto sampleAt = [&](double milliseconds) {
    return static_cast<std::size_t>(
        std::clamp(std::floor(milliseconds * perMs), 0.0, static_cast<double>(count)));
  };
  out.first = std::min(sampleAt(frame.x.range.first), count - 1);
  out.last = std::clamp(sampleAt(frame.x.range.last) + 1, out.first + 1, count);
  const PowerLevels::Band seen = watts.band(out.first, out.last);
  out.axis = ValueAxis::linear(std::max(1e-9, double(seen.high) * 1e3) / valueZoom(),
                               Unit::Milliwatts, frame.plot.top(), frame.plot.bottom());
  // A meter's zero may be a little below zero.
  out.axis.low = std::min(0.0, double(seen.low) * 1e3);
  const double pixels = frame.plot.width();
  const double step =
      std::max(1.0, static_cast<double>(out.last - out.first) / std::max(1.0, pixels));
  for (double at = static_cast<double>(out.first); at < static_cast<double>(out.last); at += step) {
    const auto from = static_cast<std::size_t>(at);
    const std::size_t to = std::clamp(static_cast<std::size_t>(at + step), from + 1, out.last);
    const PowerLevels::Band band = watts.band(from, to);
    out.columns.push_back({frame.x.x((at + 0.5 * step) / perMs),
                           out.axis.y(double(band.high) * 1e3),
                           out.axis.y(double(band.low) * 1e3)});
  }
  return out;
}

void PowerChart::addBlocks(Scene& scene, const ChartFrame& frame) const {
  double lastEdge = -1;
  const int chosen = selectedItem();
  const double height = frame.font.height();
  for (int item = 0; item < itemCount(); ++item) {
    const QRectF rect = itemRect(item, frame);
    // Blocks narrower than a pixel share one mark.
    if (rect.isEmpty() || (item != chosen && rect.right() < lastEdge + 1)) continue;
    lastEdge = rect.right();
    scene.rects.push_back({rect, item == chosen ? Ink::Selected : Ink::Grid, Pattern::Solid,
                           item == chosen ? 0.3F : 0.6F});
    if (item == chosen) {
      scene.glyphs.push_back(
          {QPointF(rect.center().x(), rect.top() + 5), Glyph::Down, Ink::Selected, 9});
    }
    const QString mark = m_blocks.empty() ? QString::number(item + 1)
                                          : m_blocks[static_cast<std::size_t>(item)].mark;
    // Near zero, where an awake core's power never is.
    if (rect.width() > frame.font.horizontalAdvance(mark) + 6)
      scene.texts.push_back({QRectF(rect.left(), rect.bottom() - height - 2, rect.width(), height),
                             mark, Qt::AlignCenter, Ink::FaintText});
  }
}

Scene PowerChart::build(const ChartFrame& frame) const {
  Scene scene;
  const PowerGeometry geometry = layOut(frame);
  addBlocks(scene, frame);
  addValueAxis(scene, frame, geometry.axis);
  addBand(scene, geometry);
  addTimeAxis(scene, frame);
  const std::size_t seen = geometry.last - geometry.first;
  const double joules = m_trace->watts.sum(geometry.first, geometry.last) / m_trace->sampleHz;
  const double seconds = static_cast<double>(seen) / m_trace->sampleHz;
  const PowerLevels::Band extremes = m_trace->watts.band(geometry.first, geometry.last);
  const double height = frame.font.height();
  scene.texts.push_back(
      {QRectF(frame.plot.left(), frame.plot.top() - height - 8, frame.plot.width(), height),
       tr("visible: %1 · grey: %2")
           .arg(figuresOf(seconds * 1e3, joules * 1e3, joules / seconds * 1e3,
                          double(extremes.high) * 1e3),
                m_blocks.empty() ? tr("trigger input on") : tr("layers")),
       Qt::AlignLeft | Qt::AlignVCenter, Ink::Text});
  return scene;
}

}  // namespace mcuprof::gui
