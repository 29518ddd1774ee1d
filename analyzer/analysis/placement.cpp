#include "analyzer/analysis/placement.hpp"

#include <algorithm>
#include <utility>

namespace mcuprof {
namespace {

void takeWeights(const Graph& graph, const WeightPlan& weights, MemoryPlan& plan) {
  plan.weightsRegion = weights.region;
  plan.weightsResidence = weights.residence;
  plan.codeRegion = weights.codeRegion;
  plan.flashNeeded = weights.flashNeeded;
  plan.flashSize = weights.flashSize;
  plan.flashMissing = weights.flashMissing;
  plan.streamBuffer = weights.chunk;
  plan.weights = Table<TensorId, WeightPlace>(graph.tensors.size());
  for (const TensorId tensor : graph.tensors.ids())
    if (graph.tensors[tensor].isConstant)
      plan.weights[tensor] = {weights.region, weights.residence};
}

void takeBuffers(BufferPlacement placement, MemoryPlan& plan) {
  plan.form = placement.form;
  plan.places = std::move(placement.places);
  plan.tailPlace = placement.tail;
  plan.spills = std::move(placement.spills);
  plan.spillWritten = placement.written;
  plan.spillRead = placement.read;
  plan.spillsExact = placement.exact;
  plan.impossibleOp = placement.impossibleOp;
  plan.impossibleNeeded = placement.impossibleNeeded;
  plan.impossibleMissing = placement.impossibleMissing;
  plan.streamBuffer += placement.streamBuffer;
}

}  // namespace

const BufferPlace* placeAt(const MemoryPlan& plan, std::size_t buffer, std::int32_t step) {
  if (buffer >= plan.places.size()) return nullptr;
  const std::span<const BufferPlace> places = plan.places[buffer];
  const auto next = std::partition_point(places.begin(), places.end(),
                                         [&](const BufferPlace& p) { return p.life.last < step; });
  return next != places.end() && next->life.first <= step ? &*next : nullptr;
}

MemoryPlan planMemory(const Graph& graph, const KernelPlan& kernels, const Schedule& schedule,
                      const ArenaPlan& arena, const WorkingSets& workingSets, const Board& board,
                      const Runtime& runtime, const PlacementOptions& options) {
  MemoryPlan plan;
  plan.card = cardOf(board);
  const WeightPlan weights = placeWeights(graph, board, runtime, options);
  takeWeights(graph, weights, plan);
  plan.sram = deriveSramBudget(board, runtime, options,
                               {arena.smallest, weights.inRam, weights.region, weights.chunk});

  if (plan.sram.missing > Bytes(0)) {
    plan.form = PlacementForm::Impossible;
    plan.arenaMissing = std::max(Bytes(0), arena.smallest - plan.sram.largestRegion);
  } else if (const auto best = bestRegionFor(plan.sram, arena.smallest)) {
    plan.arenaRegion = plan.sram.regions[*best].region;
  } else {
    plan.arenaMissing = arena.smallest - plan.sram.largestRegion;
    std::optional<Bytes> block;
    if (plan.card.valid()) block = cardBlockOf(board);
    takeBuffers(placeBuffers(graph, schedule, arena, plan.sram, block), plan);
  }
  plan.layers = fitLayers(graph, kernels, schedule, workingSets, plan.sram);

  Judgement judgement = judge(graph, arena, workingSets, board, plan);
  plan.verdict = judgement.verdict;
  plan.reason = std::move(judgement.reason);
  plan.worstOp = judgement.worstOp;
  plan.hints = findHints(graph, schedule, arena, board, runtime, options, plan);
  return plan;
}

}  // namespace mcuprof
