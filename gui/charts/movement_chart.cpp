#include "gui/charts/movement_chart.hpp"

#include <array>
#include <cmath>

#include "gui/charts/chart_parts.hpp"

namespace mcuprof::gui {
namespace {

constexpr std::array kPurposeInks = {Ink::Input,   Ink::Weights, Ink::Bias, Ink::Output,
                                     Ink::Scratch, Ink::Card,    Ink::Stall};
static_assert(kPurposeInks.size() == kPurposeCount);
constexpr std::array kMemoryInks = {Ink::Series0, Ink::Series2, Ink::Series3, Ink::Series4,
                                    Ink::Series1, Ink::Series5, Ink::Series6};
constexpr std::array kEnergyInks = {Ink::Compute, Ink::Stall, Ink::Output, Ink::SpillWrite,
                                    Ink::Card};
constexpr std::array kEnergyNames = {"computing", "waiting for flash", "waiting for RAM",
                                     "waiting for the card", "the card itself"};

QString number(std::int64_t bytes) {
  return exact(double(bytes), Unit::Bytes);
}

}  // namespace

MovementChart::MovementChart(Selection& selection, QWidget* parent)
    : ChartBase(selection, QStringLiteral("Data movement"), parent) {}

void MovementChart::setMovement(Movement movement) {
  m_data = std::move(movement);
  invalidate();
}

void MovementChart::setMode(MovementMode mode) {
  m_mode = mode;
  invalidate();
}

MovementGeometry MovementChart::geometryFor(const QSizeF& size) const {
  return layOutMovement(m_data, m_mode, frameFor(size), valueZoom());
}

Ink MovementChart::inkOf(int kind) const {
  const auto at = static_cast<std::size_t>(kind);
  switch (m_mode) {
    case MovementMode::Purpose:
      return kPurposeInks[at];
    case MovementMode::Memory:
      return kMemoryInks[at % kMemoryInks.size()];
    case MovementMode::Energy:
      return kEnergyInks[at];
  }
  return Ink::Unknown;
}

Pattern MovementChart::patternOf(int kind) const {
  const bool spillWrite = m_mode == MovementMode::Purpose && kind == int(Purpose::SpillWrite);
  return spillWrite ? Pattern::Hatched : Pattern::Solid;
}

QString MovementChart::nameOfKind(int kind) const {
  const auto at = static_cast<std::size_t>(kind);
  switch (m_mode) {
    case MovementMode::Purpose:
      if (patternOf(kind) == Pattern::Hatched) return tr("%1 (hatched)").arg(m_data.purposes[at]);
      return m_data.purposes[at];
    case MovementMode::Memory:
      return m_data.memories[at];
    case MovementMode::Energy:
      return QLatin1String(kEnergyNames[at]);
  }
  return {};
}

QString MovementChart::itemText(int item) const {
  const auto& report = selection().report();
  if (!report || item < 0 || item >= selection().count() ||
      static_cast<std::size_t>(item) >= m_data.layers.size()) {
    return {};
  }
  const LayerRow& row = report->layers[static_cast<std::size_t>(item)];
  const LayerMovement& layer = m_data.layers[static_cast<std::size_t>(item)];
  QString out =
      QStringLiteral("Layer %1 %2: ").arg(row.number).arg(QString::fromStdString(row.kind));
  if (m_mode == MovementMode::Energy) {
    if (!m_data.noEnergy.isEmpty()) return out + m_data.noEnergy;
    if (!layer.known) return out + tr("energy unknown: ") + QString::fromStdString(row.unknown);
    const EnergyParts& e = layer.energy;
    const double total = e.total();
    const auto part = [&](double value, int kind) {
      if (value <= 0) return;
      out += QStringLiteral(", %1 %2").arg(QLatin1String(kEnergyNames[std::size_t(kind)]),
                                           human(value, Unit::Millijoules));
    };
    out += QStringLiteral("%1, of it moving data %2")
               .arg(human(total, Unit::Millijoules),
                    human(total > 0 ? 100 * e.movement() / total : 0, Unit::Percent));
    part(e.computing, 0);
    part(e.flash, 1);
    part(e.ram, 2);
    part(e.cardWait, 3);
    part(e.card, 4);
    return out;
  }
  out += QStringLiteral("reads %1 (%2), writes %3 (%4)")
             .arg(human(double(layer.read), Unit::Bytes), number(layer.read),
                  human(double(layer.written), Unit::Bytes), number(layer.written));
  for (const MovedPart& part : layer.parts) {
    out += QStringLiteral("; %1 %2").arg(m_data.memories[static_cast<std::size_t>(part.memory)],
                                         m_data.purposes[static_cast<std::size_t>(part.purpose)]);
    if (part.read > 0) out += QStringLiteral(" read ") + number(part.read);
    if (part.written > 0) out += QStringLiteral(" written ") + number(part.written);
  }
  return out;
}

Scene MovementChart::build(const ChartFrame& frame) const {
  Scene scene;
  if (m_mode == MovementMode::Energy && !m_data.noEnergy.isEmpty()) {
    addLayerAxis(scene, frame, selection().count());
    scene.texts.push_back(
        {frame.plot, tr("No energy: ") + m_data.noEnergy, Qt::AlignCenter, Ink::FaintText});
    return scene;
  }
  const MovementGeometry geometry = layOutMovement(m_data, m_mode, frame, valueZoom());
  // One scale in both directions from the line.
  const double height = frame.font.height();
  const auto tick = [&](double value, double y, const QString& text) {
    if (y < frame.plot.top() - 1 || y > frame.plot.bottom() + 1) return;
    const double line = std::round(y) + 0.5;
    (value == 0 ? scene.lines : scene.grid)
        .push_back({QLineF(frame.plot.left(), line, frame.plot.right(), line),
                    value == 0 ? Ink::Axis : Ink::Grid});
    scene.texts.push_back({QRectF(0, y - height / 2, frame.plot.left() - 6, height), text,
                           Qt::AlignRight | Qt::AlignVCenter, Ink::FaintText});
  };
  ValueAxis whole = geometry.up;
  const double perPixel = whole.high / std::max(1.0, geometry.zero - whole.top);
  whole.high = perPixel * frame.plot.height();
  whole.top = geometry.zero - frame.plot.height();
  for (const Tick& t : whole.ticks()) {
    tick(t.value, geometry.zero - t.value / perPixel, t.text);
    if (t.value > 0) tick(t.value, geometry.zero + t.value / perPixel, t.text);
  }
  std::vector<bool> used(std::max(m_data.purposes.size(), m_data.memories.size()) + 8, false);
  for (const MovementPiece& piece : geometry.pieces) {
    const float opacity = selection().matches(piece.layer) ? 1 : 0.18F;
    used[static_cast<std::size_t>(piece.kind)] = true;
    scene.rects.push_back({piece.rect, inkOf(piece.kind), patternOf(piece.kind), opacity});
  }
  const Unit unit = m_mode == MovementMode::Energy ? Unit::Millijoules : Unit::Bytes;
  for (const MovementCut& cut : geometry.cuts)
    addCut(scene, frame, cut.bar, cut.read, human(cut.value, unit));
  addLayerAxis(scene, frame, selection().count());
  std::vector<LegendEntry> entries;
  for (std::size_t kind = 0; kind < used.size(); ++kind) {
    if (used[kind]) entries.push_back({nameOfKind(int(kind)), inkOf(int(kind))});
  }
  addLegend(scene, frame, entries);
  if (m_mode == MovementMode::Energy) return scene;
  const auto side = [&](double y, const QString& text) {
    const double width = frame.font.horizontalAdvance(text) + 8;
    scene.texts.push_back({QRectF(frame.plot.right() - width, y, width, height), text,
                           Qt::AlignCenter, Ink::FaintText, false, true});
  };
  side(frame.plot.top() + 2, tr("read ↑"));
  side(frame.plot.bottom() - height - 2, tr("written ↓"));
  return scene;
}

}  // namespace mcuprof::gui
