#include "analyzer/report/arena_report.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <tuple>
#include <utility>

#include "analyzer/report/text.hpp"

namespace mcuprof {
namespace {

constexpr std::size_t kPhaseCount = static_cast<std::size_t>(TailAllocation::Phase::Interface) + 1;

std::string labelOf(const Graph& graph, OpId op) {
  const GraphOp& o = graph.ops[op];
  return fmt::format("layer {} {}", op.value + 1, printable(graph.kindName(o)));
}

ArenaBufferRow buildBuffer(const Graph& graph, const PlannedBuffer& buffer) {
  ArenaBufferRow row;
  row.size = buffer.size;
  row.offset = buffer.offset;
  row.life = buffer.life;
  row.offline = buffer.offline;
  if (buffer.tensor.valid()) {
    const GraphTensor& tensor = graph.tensor(buffer.tensor);
    row.subgraph = tensor.subgraph.value;
    row.index = tensor.indexInSubgraph;
    row.name = printable(tensor.name);
  } else {
    const GraphOp& op = graph.ops[buffer.op];
    row.scratch = true;
    row.subgraph = op.subgraph.value;
    row.index = op.indexInSubgraph;
    row.name = "scratch of " + labelOf(graph, buffer.op);
  }
  return row;
}

std::vector<TailRow> buildTail(const ArenaPlan& arena) {
  std::array<TailRow, kPhaseCount> phases;
  Bytes attributed;
  for (const TailAllocation& allocation : arena.tail) {
    TailRow& row = phases[static_cast<std::size_t>(allocation.phase)];
    ++row.requests;
    row.bytes += allocation.size;
    attributed += allocation.size;
  }
  std::vector<TailRow> rows;
  for (std::size_t i = 0; i < kPhaseCount; ++i) {
    if (phases[i].requests == 0) continue;
    phases[i].phase = nameOf(static_cast<TailAllocation::Phase>(i));
    rows.push_back(phases[i]);
  }
  if (attributed != arena.tailBytes) rows.push_back({"padding", 0, arena.tailBytes - attributed});
  return rows;
}

}  // namespace

std::string_view nameOf(TailAllocation::Phase phase) {
  switch (phase) {
    case TailAllocation::Phase::Create:
      return "create";
    case TailAllocation::Phase::Start:
      return "start";
    case TailAllocation::Phase::Parse:
      return "parse";
    case TailAllocation::Phase::Init:
      return "init";
    case TailAllocation::Phase::Prepare:
      return "prepare";
    case TailAllocation::Phase::Handles:
      return "handles";
    case TailAllocation::Phase::Variables:
      return "variables";
    case TailAllocation::Phase::Interface:
      return "interface";
  }
  return "";
}

ArenaReport buildArenaReport(const Graph& graph, const Schedule& schedule, const ArenaPlan& arena,
                             const Core& core, const Runtime& runtime, Provenance provenance) {
  ArenaReport out;
  out.provenance = std::move(provenance);
  out.coreName = core.name;
  out.runtimeName = runtime.name;
  out.runtimeVersion = runtime.version;
  out.summary = {arena.head,  arena.tailBytes,         arena.used, arena.smallest,
                 arena.basis, arena.lowerBoundReasons, {},         {}};
  for (std::string& reason : out.summary.lowerBoundReasons) reason = printable(reason);
  if (arena.peakOp.valid()) {
    out.peakLayer = labelOf(graph, arena.peakOp);
    out.peakStep = schedule.step[arena.peakOp];
    out.peakLive = arena.live[arena.peakOp];
  }
  out.stepCount = schedule.stepCount;
  out.buffers.reserve(arena.buffers.size());
  for (const PlannedBuffer& buffer : arena.buffers)
    out.buffers.push_back(buildBuffer(graph, buffer));
  std::ranges::stable_sort(out.buffers, {}, [](const ArenaBufferRow& row) {
    return std::tuple(row.offset, row.life.first, row.life.last);
  });
  out.tail = buildTail(arena);
  return out;
}

}  // namespace mcuprof
