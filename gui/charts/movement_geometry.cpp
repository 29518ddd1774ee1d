#include "gui/charts/movement_geometry.hpp"

#include <algorithm>

#include "gui/charts/chart_parts.hpp"
#include "gui/session/qt_text.hpp"

namespace mcuprof::gui {
Movement movementOf(const Analysis& analysis, const Report& report) {
  Movement out;
  const Board& board = analysis.target->board;
  const auto& rows = analysis.traffic.rows;
  std::vector<int> memoryOf(board.memories.size(), -1);
  for (const RegionId region : board.memories.ids()) {
    if (std::ranges::none_of(rows, [&](const Transfer& t) { return t.region == region; })) continue;
    memoryOf[region.index()] = int(out.memories.size());
    out.memories.push_back(QString::fromStdString(board.memories[region].name));
  }
  for (std::size_t p = 0; p < kPurposeCount; ++p) {
    out.purposes.push_back(toQt(nameOf(static_cast<Purpose>(p))));
  }
  if (!analysis.energy.known) out.noEnergy = QString::fromStdString(analysis.energy.reason);
  out.layers.resize(report.layers.size());
  for (const OpId op : analysis.graph->ops.ids()) {
    LayerMovement& layer = out.layers[op.index()];
    for (const Transfer& row : analysis.traffic.rowsOfOp(op)) {
      layer.parts.push_back(
          {memoryOf[row.region.index()], int(row.purpose), row.read.value, row.written.value});
      layer.read += row.read.value;
      layer.written += row.written.value;
    }
    std::ranges::stable_sort(layer.parts, {}, &MovedPart::memory);
    if (!analysis.energy.known) continue;
    layer.known = analysis.energy.ops[op].known;
    layer.energy = energyParts(analysis.cycles.ops[op], analysis.energy.ops[op]);
  }
  return out;
}

MovementGeometry layOutMovement(const Movement& data, MovementMode mode, const ChartFrame& frame,
                                double valueZoom) {
  MovementGeometry out;
  const bool energy = mode == MovementMode::Energy;
  std::vector<double> ups;
  std::vector<double> downs;
  for (const LayerMovement& layer : data.layers) {
    ups.push_back(energy ? layer.energy.total() : double(layer.read));
    downs.push_back(energy ? 0 : double(layer.written));
  }
  double up = mostWithoutTowers(std::move(ups));
  const double down = mostWithoutTowers(std::move(downs));
  if (up + down <= 0) up = 1;
  // One scale for both directions, with a little air at either end.
  const double height = frame.plot.height();
  const double zero = frame.plot.top() + height * (up / (up + down));
  out.zero = down > 0 ? zero : frame.plot.bottom();
  const double high = std::max(up, 1e-12) * 1.06 / valueZoom;
  out.up = {0,     up > 0 ? high : down * 1.06 / valueZoom, frame.plot.top(), out.zero,
            false, energy ? Unit::Millijoules : Unit::Bytes};
  const double scale = out.zero > out.up.top ? (out.zero - out.up.top) / out.up.high
                                             : height / (down * 1.06 / valueZoom);

  const auto total = [&](int index) {
    const LayerMovement& layer = data.layers[static_cast<std::size_t>(index)];
    return energy ? layer.energy.total() : double(layer.read + layer.written);
  };
  for (const int index : visibleLayers(frame.x, int(data.layers.size()), total)) {
    const LayerMovement& layer = data.layers[static_cast<std::size_t>(index)];
    const QRectF column = columnOf(frame.x, index, frame.plot.top(), frame.plot.bottom());
    double above = 0;
    double below = 0;
    const auto add = [&](double value, int kind, bool read) {
      if (value <= 0) return;
      double& sum = read ? above : below;
      // Every boundary is placed by the sum below it, so rounding never adds up.
      const double from = out.zero + (read ? -sum : sum) * scale;
      sum += value;
      const double to = out.zero + (read ? -sum : sum) * scale;
      out.pieces.push_back(
          {QRectF(column.left(), std::min(from, to), column.width(), std::abs(to - from)), index,
           kind, read});
    };
    if (energy) {
      const EnergyParts& e = layer.energy;
      int kind = 0;
      for (const double part : {e.computing, e.flash, e.ram, e.cardWait, e.card}) {
        add(part, kind++, true);
      }
    } else {
      for (const MovedPart& part : layer.parts) {
        const int kind = mode == MovementMode::Purpose ? part.purpose : part.memory;
        add(double(part.read), kind, true);
        add(double(part.written), kind, false);
      }
    }
    if (out.zero - above * scale < frame.plot.top() - 1) {
      out.cuts.push_back(
          {QRectF(column.topLeft(), QPointF(column.right(), out.zero)), true, above});
    }
    if (out.zero + below * scale > frame.plot.bottom() + 1) {
      out.cuts.push_back(
          {QRectF(QPointF(column.left(), out.zero), column.bottomRight()), false, below});
    }
  }
  return out;
}

}  // namespace mcuprof::gui
