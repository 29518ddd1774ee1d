#include "analyzer/analysis/verdict.hpp"

#include <fmt/format.h>

#include <algorithm>

#include "analyzer/analysis/placement.hpp"
#include "analyzer/analysis/wording.hpp"

namespace mcuprof {
namespace {

/// The op with the largest of what `missing` says, if any is above 0.
template <typename Missing>
OpId worstBy(const MemoryPlan& plan, const Missing& missing) {
  OpId worst;
  for (const OpId op : plan.layers.ids())
    if (missing(plan.layers[op]) > Bytes(0) &&
        (!worst.valid() || missing(plan.layers[op]) > missing(plan.layers[worst])))
      worst = op;
  return worst;
}

std::string largestName(const MemoryPlan& plan, const Board& board) {
  const auto largest = std::max_element(
      plan.sram.regions.begin(), plan.sram.regions.end(),
      [](const RegionBudget& a, const RegionBudget& b) { return a.usable < b.usable; });
  return board.memories[largest->region].name;
}

Bytes freeBesideArena(const MemoryPlan& plan, const ArenaPlan& arena) {
  for (const RegionBudget& region : plan.sram.regions)
    if (region.region == plan.arenaRegion) return region.usable - arena.smallest;
  return {};
}

/// "..., most at layer 6 PAD; what would get it through".
Judgement judgeArena(const Graph& graph, const ArenaPlan& arena, const Board& board,
                     const MemoryPlan& plan) {
  Judgement out{Verdict::Blocks, {}, {}};
  if (plan.sram.regions.empty()) {
    out.reason =
        fmt::format("{} has no RAM for the arena of {}", board.name, inBytes(arena.smallest));
    out.worstOp = arena.peakOp;
    return out;
  }
  out.reason = fmt::format("the arena of {} exceeds {} by {}", inBytes(arena.smallest),
                           largestName(plan, board), inBytes(plan.arenaMissing));
  out.worstOp = worstBy(plan, [](const LayerFit& fit) { return fit.activationsMissing; });
  if (out.worstOp.valid()) {
    out.reason += fmt::format("; {} alone lacks {}", layerName(graph, out.worstOp),
                              inBytes(plan.layers[out.worstOp].activationsMissing));
  } else if (arena.peakOp.valid()) {
    out.worstOp = arena.peakOp;
    out.reason += fmt::format("; most is alive at {}", layerName(graph, arena.peakOp));
  }
  switch (plan.form) {
    case PlacementForm::OneArena:
      break;
    case PlacementForm::ByBuffer:
      out.reason += "; its buffers fit when each is placed by itself";
      break;
    case PlacementForm::Spilled:
      out.reason += fmt::format("; spilling gets it through: {} written to {}, {} read back",
                                inBytes(plan.spillWritten), board.memories[plan.card].name,
                                inBytes(plan.spillRead));
      break;
    case PlacementForm::Impossible:
      if (!plan.card.valid()) {
        out.reason += "; there is no card to spill to";
      } else if (plan.impossibleOp.valid()) {
        out.worstOp = plan.impossibleOp;
        out.reason += fmt::format("; spilling does not help: {} needs {} at once, {} too many",
                                  layerName(graph, plan.impossibleOp),
                                  inBytes(plan.impossibleNeeded), inBytes(plan.impossibleMissing));
      } else {
        out.reason += "; no way to place its buffers was found, with spilling either";
      }
      break;
  }
  return out;
}

}  // namespace

std::string_view nameOf(Verdict verdict) {
  switch (verdict) {
    case Verdict::Fits:
      return "fits";
    case Verdict::Streams:
      return "streams";
    case Verdict::Blocks:
      return "blocks";
  }
  return "";
}

Judgement judge(const Graph& graph, const ArenaPlan& arena, const WorkingSets& workingSets,
                const Board& board, const MemoryPlan& plan) {
  if (plan.sram.missing > Bytes(0) && !plan.sram.regions.empty()) {
    const SramBudget& sram = plan.sram;
    std::string parts =
        fmt::format("static data {}, stack {}, reserve {}", inBytes(sram.staticBytes),
                    inBytes(sram.stack), inBytes(sram.reserve));
    if (sram.weights > Bytes(0)) parts += fmt::format(", model {}", inBytes(sram.weights));
    if (sram.streamBuffer > Bytes(0))
      parts += fmt::format(", card block {}", inBytes(sram.streamBuffer));
    return {Verdict::Blocks,
            fmt::format("{} exceed the RAM of {} by {} before any activation", parts,
                        inBytes(sram.total), inBytes(sram.missing)),
            {}};
  }
  if (plan.form != PlacementForm::OneArena) return judgeArena(graph, arena, board, plan);
  const Bytes code = plan.flashNeeded - graph.fileBytes;
  if (!plan.codeRegion.valid() && code > Bytes(0)) {
    return {Verdict::Blocks,
            fmt::format("the runtime's code of {} exceeds the flash", inBytes(code)),
            {}};
  }
  if (!plan.weightsRegion.valid() ||
      (plan.weightsResidence == Residence::Flash && plan.flashMissing > Bytes(0))) {
    return {Verdict::Blocks,
            fmt::format("model and code of {} exceed the flash by {}{}", inBytes(plan.flashNeeded),
                        inBytes(plan.flashMissing),
                        plan.card.valid() ? "" : " and there is no card to stream from"),
            {}};
  }

  const std::string where =
      plan.weightsRegion.valid() ? board.memories[plan.weightsRegion].name : std::string();
  if (plan.weightsResidence == Residence::Storage) {
    Bytes streamed;
    OpId most;
    for (const OpId op : workingSets.ids()) {
      const Bytes bytes = workingSets[op].weights + workingSets[op].bias;
      streamed += bytes;
      if (!most.valid() || bytes > workingSets[most].weights + workingSets[most].bias) most = op;
    }
    if (streamed > Bytes(0))
      return {Verdict::Streams,
              fmt::format("weights stream from {}: {} an inference, {} of them for {}", where,
                          inBytes(streamed),
                          inBytes(workingSets[most].weights + workingSets[most].bias),
                          layerName(graph, most)),
              most};
  }
  const OpId worst = worstBy(plan, [](const LayerFit& fit) { return fit.workingSetMissing; });
  if (worst.valid() && plan.weightsResidence == Residence::Flash) {
    const auto layers = std::count_if(plan.layers.begin(), plan.layers.end(),
                                      [](const LayerFit& fit) { return !fit.workingSetFits; });
    return {Verdict::Streams,
            fmt::format("working set of {} is {}, {} more than RAM takes; weights of {} {} stream "
                        "from {}",
                        layerName(graph, worst), inBytes(workingSets[worst].total()),
                        inBytes(plan.layers[worst].workingSetMissing), layers,
                        layers == 1 ? "layer" : "layers", where),
            worst};
  }
  return {Verdict::Fits,
          fmt::format("the arena of {} lies in {}, {} are free there; the model is in {}",
                      inBytes(arena.smallest), board.memories[plan.arenaRegion].name,
                      inBytes(freeBesideArena(plan, arena)), where),
          {}};
}

}  // namespace mcuprof
