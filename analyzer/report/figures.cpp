#include "analyzer/report/figures.hpp"

#include <algorithm>
#include <limits>
#include <unordered_map>

namespace mcuprof {
namespace {

constexpr double kUnbounded = std::numeric_limits<double>::infinity();

Estimate atLeast(double value, Basis basis) {
  return {value, value, kUnbounded, basis};
}

void addLayers(const Report& report, ModelFigures& out) {
  std::unordered_map<std::int32_t, std::size_t> at;
  for (const LayerRow& row : report.layers) {
    LayerFigures layer;
    layer.number = row.number;
    layer.kind = row.kind;
    layer.name = row.name;
    layer.shape = row.shape;
    layer.type = row.type;
    if (row.macs) layer.macs = row.macs->value;
    layer.weights = (row.parts.weights + row.parts.bias).value;
    layer.workingSet = row.parts.total().value;
    layer.live = row.live.value;
    layer.spilled = (row.spillWritten + row.spillRead).value;
    layer.unsupported = !row.unknown.empty();
    at[row.number] = out.layers.size();
    out.layers.push_back(std::move(layer));
  }
  for (const CostRow& row : report.costs.layers) {
    LayerFigures& layer = out.layers[at.at(row.number)];
    if (!row.known) continue;
    layer.kernel = row.kernel;
    layer.cycles = row.cycles;
    layer.milliseconds = row.milliseconds;
    layer.millijoules = row.millijoules;
  }
  for (const LedgerRow& row : report.ledger) {
    std::vector<MovedFigure>& moved = out.layers[at.at(row.layer)].moved;
    auto same = std::ranges::find(moved, row.memory, &MovedFigure::memory);
    if (same == moved.end()) same = moved.insert(moved.end(), MovedFigure{row.memory, 0, 0});
    same->read += row.read.value;
    same->written += row.written.value;
  }
}

Estimate scaled(const Estimate& estimate, double factor) {
  return {estimate.value * factor, estimate.low * factor, estimate.high * factor, estimate.basis};
}

}  // namespace

Estimate ModelFigures::ram() const {
  const auto more = static_cast<double>(ramBesides);
  return {arena.value + more, arena.low + more, arena.high + more, weaker(arena.basis, ramBasis)};
}

std::int64_t ModelFigures::macs() const {
  std::int64_t sum = 0;
  for (const LayerFigures& layer : layers) sum += layer.macs.value_or(0);
  return sum;
}

std::int64_t ModelFigures::spilled() const {
  std::int64_t sum = 0;
  for (const LayerFigures& layer : layers) sum += layer.spilled;
  return sum;
}

std::int64_t ModelFigures::unsupported() const {
  return std::ranges::count(layers, true, &LayerFigures::unsupported);
}

const LayerFigures* ModelFigures::largestLayer() const {
  const auto most = std::ranges::max_element(layers, {}, &LayerFigures::workingSet);
  return most == layers.end() ? nullptr : &*most;
}

ModelFigures figuresOf(const Report& report) {
  ModelFigures out;
  const InputFile& model = report.provenance.model();
  out.model = model.name;
  out.modelSha256 = model.sha256;
  out.modelBytes = model.size.value;
  out.board = report.boardName;
  out.runtime = report.runtimeName;
  out.machine = report.costs.machine;
  out.calibration = report.costs.calibration;
  out.toolVersion = report.provenance.toolVersion;
  out.verdict = nameOf(report.verdict.verdict);
  out.reason = report.verdict.reason;

  const ArenaSummary& arena = report.arena;
  const auto smallest = static_cast<double>(arena.smallest.value);
  out.arena = arena.lowerBoundReasons.empty() ? Estimate::exact(smallest, arena.basis)
                                              : atLeast(smallest, arena.basis);
  out.arenaTail = arena.tail.value;
  const BudgetReport& sram = report.sram;
  out.ramBesides = sram.staticBytes.value + sram.stack.value + sram.reserve.value +
                   sram.weights.value + sram.streamBuffer.value;
  for (const Figure* part : {&sram.staticBytes, &sram.stack}) {
    if (!part->given) out.ramBasis = weaker(out.ramBasis, part->basis);
  }
  out.flash = Estimate::exact(static_cast<double>(report.flash.needed.value), report.flash.basis);

  const CostReport& costs = report.costs;
  out.cycles = costs.cycles;
  out.milliseconds = costs.milliseconds;
  out.millijoules = costs.millijoules;
  out.energyReason = costs.energyReason;
  if (costs.duty) {
    out.averageMilliwatts = costs.duty->averageMilliwatts;
    out.batteryDays = costs.duty->batteryDays;
    // Without a figure for sleep, what the inferences take is all that is known.
    if (costs.duty->sleepState.empty()) {
      out.averageMilliwatts->high = kUnbounded;
      if (out.batteryDays) out.batteryDays->low = 0;
    }
  }
  out.modelledMacShare = costs.modelledMacShare;
  out.unknownLayers = static_cast<std::int64_t>(costs.unknownLayers);
  if (out.unknownLayers > 0) {
    out.cycles.high = out.milliseconds.high = kUnbounded;
    if (out.millijoules) out.millijoules->high = kUnbounded;
    if (out.averageMilliwatts) out.averageMilliwatts->high = kUnbounded;
    if (out.batteryDays) out.batteryDays->low = 0;
  }
  for (const MovedRow& row : report.moved) {
    out.moved.push_back({row.memory, row.read.value, row.written.value});
  }
  addLayers(report, out);
  return out;
}

ModelFigures figuresOf(const Report& report, const Board& board) {
  ModelFigures out = figuresOf(report);
  for (const Memory& memory : board.memories) {
    out.memories.push_back({memory.name, std::string(nameOf(memory.kind))});
  }
  return out;
}

void settle(ModelFigures& figures, const MeasuredFigures& measured) {
  const double msPerCycle = 1e3 / static_cast<double>(measured.clockHz);
  if (measured.cycles) {
    const double before = figures.cycles.value;
    const double bandBefore =
        before > 0 ? (figures.cycles.high - figures.cycles.low) / (2 * before) : 0;
    figures.cycles = *measured.cycles;
    figures.milliseconds = scaled(figures.cycles, msPerCycle);
    figures.unknownLayers = 0;
    figures.measured = true;
    if (figures.millijoules && before > 0) {
      Estimate& energy = *figures.millijoules;
      const double ratio = measured.cycles->value / before;
      // What is left of the band once that of the time is gone; a band without end stays.
      const auto rest = [&](double band) { return std::max(0.0, band - bandBefore); };
      const double below = energy.value > 0 ? rest((energy.value - energy.low) / energy.value) : 0;
      const double above = energy.value > 0 ? rest((energy.high - energy.value) / energy.value) : 0;
      const double value = energy.value * ratio;
      energy = {value, value * (1 - below), value * (1 + above), energy.basis};
    }
  }
  for (const auto& [number, cycles] : measured.layers) {
    const auto layer = std::ranges::find(figures.layers, number, &LayerFigures::number);
    if (layer == figures.layers.end()) continue;
    layer->cycles = cycles;
    layer->milliseconds = scaled(cycles, msPerCycle);
  }
}

}  // namespace mcuprof
