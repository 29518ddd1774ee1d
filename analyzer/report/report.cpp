#include "analyzer/report/report.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <utility>

#include "analyzer/report/text.hpp"

namespace mcuprof {
namespace {

/// Why an operator's cost is not known; empty when it is.
std::string unknownReason(const Graph& graph, const GraphOp& op, const KernelChoice& kernel,
                          const Runtime& runtime) {
  if (op.kind == OpKind::Custom && !op.macs) {
    return fmt::format("custom operator {}", printable(graph.kindName(op)));
  }
  if (kernel.rules == nullptr) {
    return fmt::format("{} has no {}", runtime.name, printable(graph.kindName(op)));
  }
  if (!op.macs) return fmt::format("multiply-accumulates of {}", printable(graph.kindName(op)));
  return {};
}

LayerRow buildLayer(const Analysis& a, OpId id) {
  const Graph& graph = *a.graph;
  const GraphOp& op = graph.ops[id];
  const KernelChoice& kernel = a.kernels[id];
  LayerRow row;
  row.number = id.value + 1;
  row.subgraph = op.subgraph.value;
  row.index = op.indexInSubgraph;
  row.step = a.schedule.step[id];
  row.kind = printable(graph.kindName(op));
  row.name = printable(op.name);
  if (kernel.rule != nullptr) row.kernel = kernel.rule->variant;
  if (!op.outputs.empty() && op.outputs[0].valid()) {
    const GraphTensor& output = graph.tensor(op.outputs[0]);
    row.shape = textOf(output.shape);
    row.type = nameOf(output.type);
  }
  row.macs = op.macs;
  row.parts = a.workingSets[id];
  row.scratchBasis = kernel.basis;
  row.live = a.arena.live[id];
  row.fit = a.memory.layers[id];
  if (const auto& worst = a.traffic.worstCase[id]) row.worstCase = worst->total();
  row.unknown = unknownReason(graph, op, kernel, a.target->runtime);
  return row;
}

void add(LayerTotals& totals, const LayerRow& row) {
  if (row.macs) totals.macs += *row.macs;
  totals.parts.input += row.parts.input;
  totals.parts.weights += row.parts.weights;
  totals.parts.bias += row.parts.bias;
  totals.parts.output += row.parts.output;
  totals.parts.scratch += row.parts.scratch;
  totals.peakLive = std::max(totals.peakLive, row.live);
  totals.read += row.read;
  totals.written += row.written;
  if (row.worstCase) totals.worstCase += *row.worstCase;
  totals.spillWritten += row.spillWritten;
  totals.spillRead += row.spillRead;
  if (!row.unknown.empty()) ++totals.unknownLayers;
}

void addTouched(const Transfer& transfer, TouchedTotals& totals) {
  if (transfer.readTouched || transfer.writtenTouched) {
    totals.read += transfer.readTouched.value_or(Bytes(0));
    totals.written += transfer.writtenTouched.value_or(Bytes(0));
    totals.basis = weaker(totals.basis, transfer.touchedBasis);
  } else if (transfer.purpose != Purpose::SpillWrite && transfer.purpose != Purpose::SpillRead) {
    ++totals.unknownRows;
  }
}

/// Ledger rows with names, bytes by memory, and each layer's own share.
void addTraffic(const Analysis& a, Report& out) {
  const Table<RegionId, Memory>& memories = a.target->board.memories;
  Table<RegionId, MovedRow> moved(memories.size());
  out.ledger.reserve(a.traffic.rows.size());
  for (const Transfer& transfer : a.traffic.rows) {
    LayerRow& layer = out.layers[transfer.op.index()];
    layer.read += transfer.read;
    layer.written += transfer.written;
    if (transfer.purpose == Purpose::SpillWrite) layer.spillWritten += transfer.written;
    if (transfer.purpose == Purpose::SpillRead) layer.spillRead += transfer.read;
    MovedRow& row = moved[transfer.region];
    row.byPurpose[static_cast<std::size_t>(transfer.purpose)] += transfer.read + transfer.written;
    row.read += transfer.read;
    row.written += transfer.written;
    addTouched(transfer, row.touched);
    out.ledger.push_back({layer.number, memories[transfer.region].name,
                          std::string(nameOf(transfer.purpose)), transfer.read, transfer.written,
                          transfer.readTouched, transfer.writtenTouched, transfer.touchedBasis});
  }
  for (RegionId region : memories.ids()) {
    MovedRow& row = moved[region];
    if (row.read + row.written == Bytes(0)) continue;
    row.memory = memories[region].name;
    out.moved.push_back(std::move(row));
  }
}

/// "flash", "sd" or "flash and sd": the regions that hold constants, in board order.
std::string weightMemoryOf(const Analysis& a) {
  std::vector<bool> holds(a.target->board.memories.size(), false);
  for (const WeightPlace& place : a.memory.weights) {
    if (place.region.valid()) holds[place.region.index()] = true;
  }
  std::string out;
  for (RegionId region : a.target->board.memories.ids()) {
    if (!holds[region.index()]) continue;
    if (!out.empty()) out += " and ";
    out += a.target->board.memories[region].name;
  }
  return out;
}

/// The layer to name: the reason's, else the one with the largest working set.
std::optional<std::size_t> worstLayerOf(const Analysis& a) {
  if (a.memory.worstOp.valid()) return a.memory.worstOp.index();
  const auto& sets = a.workingSets.rows();
  const auto largest = std::ranges::max_element(sets, {}, &WorkingSet::total);
  if (largest == sets.end()) return std::nullopt;
  return static_cast<std::size_t>(largest - sets.begin());
}

void addNotes(const Analysis& a, Report& out) {
  for (const std::string& reason : a.arena.lowerBoundReasons) {
    out.notes.push_back("arena is a lower bound: " + printable(reason));
  }
  std::vector<std::string> reasons = unknownOperators(a);
  for (const std::string& reason : reasons) out.notes.push_back("cost unknown: " + reason);
  if (!reasons.empty()) {
    out.notes.push_back(
        fmt::format("totals are lower bounds: the cost of {} of {} layers is not known",
                    out.totals.unknownLayers, out.layers.size()));
  }
  const auto never = std::ranges::count(out.layers, -1, &LayerRow::step);
  if (never > 0) {
    out.notes.push_back(fmt::format(
        "{} layers belong to subgraphs that are never called; they take no memory", never));
  }
}

}  // namespace

BudgetReport buildBudget(const Analysis& a) {
  const SramBudget& sram = a.memory.sram;
  const Table<RegionId, Memory>& memories = a.target->board.memories;
  const Runtime& runtime = a.target->runtime;
  BudgetReport out;
  out.total = {sram.total.value, Basis::Counted, a.options.sram.has_value()};
  out.staticBytes = {sram.staticBytes.value, runtime.staticBytes.basis,
                     a.options.staticBytes.has_value()};
  out.stack = {sram.stack.value, runtime.stackBytes.basis, a.options.stack.has_value()};
  out.reserve = {sram.reserve.value, Basis::Counted, a.options.reserve.has_value()};
  for (const RegionBudget& region : sram.regions) {
    const Memory& memory = memories[region.region];
    std::string name = memory.name;
    for (RegionId joined : region.joined) name.append("+").append(memories[joined].name);
    out.regions.push_back({name,
                           {region.size.value, memory.basis, a.options.sram.has_value()},
                           region.staticBytes,
                           region.stack,
                           region.reserve,
                           region.weights,
                           region.streamBuffer,
                           region.usable});
    out.total.basis = weaker(out.total.basis, memory.basis);
    if (region.usable == sram.largestRegion && out.largestRegion.empty()) {
      out.largestRegion = name;
    }
  }
  out.weights = sram.weights;
  out.streamBuffer = sram.streamBuffer;
  out.missing = sram.missing;
  out.largestUsable = sram.largestRegion;
  out.usable.value = sram.usable.value;
  out.usable.basis = out.total.basis;
  for (const Figure* part : {&out.staticBytes, &out.stack}) {
    if (!part->given) out.usable.basis = weaker(out.usable.basis, part->basis);
  }
  return out;
}

FlashReport buildFlash(const Analysis& a) {
  const Runtime& runtime = a.target->runtime;
  FlashReport out{a.memory.flashNeeded, a.memory.flashSize, a.memory.flashMissing};
  if (runtime.codeBytes) out.basis = runtime.codeBytes->basis;
  for (const Memory& memory : a.target->board.memories) {
    if (memory.use.weights && memory.kind == MemoryKind::Flash) {
      out.sizeBasis = weaker(out.sizeBasis, memory.basis);
    }
  }
  return out;
}

std::vector<std::string> unknownOperators(const Analysis& analysis) {
  std::vector<std::string> reasons;
  const Graph& graph = *analysis.graph;
  for (OpId op : graph.ops.ids()) {
    std::string reason =
        unknownReason(graph, graph.ops[op], analysis.kernels[op], analysis.target->runtime);
    if (!reason.empty()) reasons.push_back(std::move(reason));
  }
  std::ranges::sort(reasons);
  reasons.erase(std::unique(reasons.begin(), reasons.end()), reasons.end());
  return reasons;
}

Report buildReport(const Analysis& a, Provenance provenance, const std::optional<Duty>& duty) {
  const Graph& graph = *a.graph;
  const Target& target = *a.target;
  Report out;
  out.provenance = std::move(provenance);
  out.operators = graph.ops.size();
  out.tensors = graph.tensors.size();
  for (const GraphSubgraph& subgraph : graph.subgraphs) {
    out.subgraphs.push_back(printable(subgraph.name));
  }
  out.boardName = target.board.name;
  out.boardTitle = target.board.title;
  out.chip = target.board.chip.value;
  out.coreName = target.core.name;
  out.coreTitle = target.core.title;
  const Sourced<std::int64_t>& clock = a.cycles.state.clockHz;
  out.clockHz = {clock.value, clock.basis, clock.value != target.board.clockHz.value};
  out.runtimeName = target.runtime.name;
  out.runtimeTitle = target.runtime.title;
  out.runtimeVersion = target.runtime.version;

  out.verdict = {a.memory.verdict, a.memory.form, printable(a.memory.reason), worstLayerOf(a),
                 a.memory.hints};
  for (Hint& hint : out.verdict.hints) hint.text = printable(hint.text);
  out.sram = buildBudget(a);
  out.flash = buildFlash(a);
  out.arena = {a.arena.head,  a.arena.tailBytes,         a.arena.used, a.arena.smallest,
               a.arena.basis, a.arena.lowerBoundReasons, {},           a.memory.arenaMissing};
  if (a.memory.arenaRegion.valid()) {
    out.arena.region = target.board.memories[a.memory.arenaRegion].name;
  }
  out.weightMemory = weightMemoryOf(a);

  out.layers.reserve(graph.ops.size());
  for (OpId op : graph.ops.ids()) out.layers.push_back(buildLayer(a, op));
  addTraffic(a, out);
  for (const LayerRow& row : out.layers) add(out.totals, row);
  for (const SpillEvent& spill : a.memory.spills) {
    out.spills.push_back({spill.kind == SpillEvent::Kind::Write,
                          printable(graph.tensor(spill.tensor).name), spill.op.value + 1,
                          spill.bytes});
  }
  out.spillsExact = a.memory.spillsExact;
  out.costs = buildCostReport(a, duty);
  addNotes(a, out);
  return out;
}

}  // namespace mcuprof
