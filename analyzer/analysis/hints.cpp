#include "analyzer/analysis/hints.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <cstring>

#include "analyzer/analysis/placement.hpp"
#include "analyzer/analysis/wording.hpp"

namespace mcuprof {
namespace {

/// What every hint looks at.
struct Findings {
  const Graph& graph;
  const Schedule& schedule;
  const ArenaPlan& arena;
  const Board& board;
  const Runtime& runtime;
  const PlacementOptions& options;
  const MemoryPlan& plan;
};

const RegionBudget* largestOf(const SramBudget& budget) {
  const auto largest = std::max_element(
      budget.regions.begin(), budget.regions.end(),
      [](const RegionBudget& a, const RegionBudget& b) { return a.usable < b.usable; });
  return largest == budget.regions.end() ? nullptr : &*largest;
}

RamNeeds needsOf(const Findings& f) {
  return {f.arena.smallest, f.plan.sram.weights, f.plan.weightsRegion, f.plan.sram.streamBuffer};
}

/// The linker script may join what the map keeps apart.
void hintJoin(const Findings& f, std::vector<Hint>& hints) {
  if (f.options.joinAdjacent || f.plan.arenaMissing == Bytes(0)) return;
  PlacementOptions joined = f.options;
  joined.joinAdjacent = true;
  const SramBudget budget = deriveSramBudget(f.board, f.runtime, joined, needsOf(f));
  if (budget.missing > Bytes(0)) return;
  const auto best = bestRegionFor(budget, f.arena.smallest);
  if (!best) return;
  const RegionBudget& region = budget.regions[*best];
  if (region.joined.empty()) return;
  hints.push_back(
      {fmt::format("the addresses of {} to {} touch: as one RAM of {} in the linker script they "
                   "hold the arena with {} to spare (--join-adjacent)",
                   f.board.memories[region.region].name,
                   f.board.memories[region.joined.back()].name, inBytes(region.size),
                   inBytes(region.usable - f.arena.smallest)),
       std::nullopt});
}

/// The runtime can keep its persistent part in an arena of its own.
void hintTwoArenas(const Findings& f, std::vector<Hint>& hints) {
  if (f.plan.arenaMissing == Bytes(0)) return;
  const RegionBudget* head = largestOf(f.plan.sram);
  if (head == nullptr || head->usable < f.arena.head) return;
  for (const RegionBudget& tail : f.plan.sram.regions) {
    if (&tail == head || tail.usable < f.arena.tailBytes) continue;
    hints.push_back({fmt::format("two arenas fit: {} of buffers in {} and the persistent {} in {}",
                                 inBytes(f.arena.head), f.board.memories[head->region].name,
                                 inBytes(f.arena.tailBytes), f.board.memories[tail.region].name),
                     f.arena.tailBytes});
    return;
  }
}

void hintReserve(const Findings& f, std::vector<Hint>& hints) {
  const RegionBudget* region = largestOf(f.plan.sram);
  const Bytes missing = f.plan.arenaMissing;
  if (region == nullptr || missing == Bytes(0)) return;
  const auto offer = [&](const char* what, Bytes taken) {
    if (taken >= missing)
      hints.push_back(
          {fmt::format("the {} takes {} of {}: {} less and the arena fits", what, inBytes(taken),
                       f.board.memories[region->region].name, inBytes(missing)),
           missing});
  };
  offer("reserve", region->reserve);
  offer("stack", region->stack);
  offer("model", region->weights);
}

/// Bytes of planned buffers alive at each op, as they would be without a PAD whose work the next op
/// does: it then reads the PAD's input for as long as it reads the padded tensor now.
Bytes peakWithoutPad(const Findings& f, TensorId padded, TensorId source) {
  Bytes paddedBytes;
  Bytes sourceBytes;
  Lifetime paddedLife;
  Lifetime sourceLife;
  for (const PlannedBuffer& buffer : f.arena.buffers) {
    if (buffer.tensor == padded) paddedBytes = buffer.size, paddedLife = buffer.life;
    if (buffer.tensor == source) sourceBytes = buffer.size, sourceLife = buffer.life;
  }
  Bytes peak;
  for (const OpId op : f.schedule.order) {
    const std::int32_t step = f.schedule.step[op];
    if (step == paddedLife.first) continue;  // the PAD itself is gone
    Bytes live = f.arena.live[op];
    if (paddedLife.first <= step && step <= paddedLife.last) {
      live -= paddedBytes;
      if (step > sourceLife.last) live += sourceBytes;
    }
    peak = std::max(peak, live);
  }
  return peak;
}

/// Whether a PAD adds around height and width just what SAME padding of the convolution after it
/// would.
bool isSamePadding(const Graph& graph, const GraphOp& pad, const GraphOp& next) {
  const auto* conv = std::get_if<ConvAttributes>(&next.attributes);
  if (conv == nullptr || conv->padding != Padding::Valid || pad.inputs.size() < 2) return false;
  const GraphTensor& input = graph.tensors[pad.inputs[0].tensor];
  const GraphTensor& amounts = graph.tensors[pad.inputs[1].tensor];
  const GraphTensor& filter = graph.tensors[next.inputs[1].tensor];
  if (input.shape.size() != 4 || filter.shape.size() != 4 || amounts.type != ElementType::Int32 ||
      amounts.data.size() != 32)
    return false;
  std::int32_t padding[4][2];
  std::memcpy(padding, amounts.data.data(), sizeof padding);
  const auto matches = [&](std::size_t axis, std::int64_t stride, std::int64_t dilation) {
    const std::int64_t in = input.shape[axis];
    const std::int64_t reach = (std::int64_t{filter.shape[axis]} - 1) * dilation + 1;
    const std::int64_t out = (in + stride - 1) / stride;
    const std::int64_t total = std::max<std::int64_t>(0, (out - 1) * stride + reach - in);
    return padding[axis][0] == total / 2 && padding[axis][1] == total - total / 2;
  };
  return padding[0][0] == 0 && padding[0][1] == 0 && padding[3][0] == 0 && padding[3][1] == 0 &&
         matches(1, conv->strideH, conv->dilationH) && matches(2, conv->strideW, conv->dilationW);
}

void hintPad(const Findings& f, std::vector<Hint>& hints) {
  if (!f.arena.peakOp.valid()) return;
  const Bytes peak = f.arena.live[f.arena.peakOp];
  const std::int32_t peakStep = f.schedule.step[f.arena.peakOp];
  std::optional<Hint> best;
  for (const OpId id : f.schedule.order) {
    const GraphOp& op = f.graph.ops[id];
    if (op.kind != OpKind::Pad || op.outputs.size() != 1 || op.inputs.empty()) continue;
    const GraphTensor& padded = f.graph.tensors[op.outputs[0]];
    if (padded.readers.size() != 1 || !op.inputs[0].tensor.valid()) continue;
    // The peak falls only where the padded copy is a part of it.
    const Lifetime life = f.schedule.lifetime[op.outputs[0]];
    if (peakStep < life.first || life.last < peakStep) continue;
    const GraphOp& next = f.graph.ops[padded.readers[0]];
    if (next.kind != OpKind::Conv2d && next.kind != OpKind::DepthwiseConv2d) continue;
    if (!isSamePadding(f.graph, op, next)) continue;
    const Bytes saves = peak - peakWithoutPad(f, op.outputs[0], op.inputs[0].tensor);
    if (saves <= Bytes(0) || (best && saves <= *best->saves)) continue;
    best = Hint{fmt::format("fuse {} into {}: SAME padding does the same without a copy of {}",
                            layerName(f.graph, id), layerName(f.graph, padded.readers[0]),
                            inBytes(padded.bytes)),
                saves};
  }
  if (best) hints.push_back(std::move(*best));
}

/// Which layer dominates, and what the rest would need without it.
void hintPeak(const Findings& f, std::vector<Hint>& hints) {
  if (!f.arena.peakOp.valid()) return;
  const Bytes peak = f.arena.live[f.arena.peakOp];
  Bytes other;
  std::size_t above = 0;
  const Bytes room = f.plan.sram.largestRegion - f.arena.tailBytes;
  for (const OpId op : f.schedule.order) {
    if (f.arena.live[op] > room) ++above;
    if (op != f.arena.peakOp) other = std::max(other, f.arena.live[op]);
  }
  if (above != 1 || other >= peak) return;
  hints.push_back(
      {fmt::format("only {} has more alive than {} holds: {}, all other layers at most {}",
                   layerName(f.graph, f.arena.peakOp),
                   f.board.memories[largestOf(f.plan.sram)->region].name, inBytes(peak),
                   inBytes(other)),
       peak - other});
}

bool isWide(const GraphTensor& tensor) {
  return tensor.type == ElementType::Float32;
}

void hintQuantise(const Findings& f, std::vector<Hint>& hints) {
  Bytes weights;
  Bytes activations;
  for (const GraphTensor& tensor : f.graph.tensors)
    if (tensor.isConstant && isWide(tensor)) weights += tensor.storedBytes;
  for (const PlannedBuffer& buffer : f.arena.buffers)
    if (buffer.tensor.valid() && isWide(f.graph.tensors[buffer.tensor]) && f.arena.peakOp.valid()) {
      const std::int32_t step = f.schedule.step[f.arena.peakOp];
      if (buffer.life.first <= step && step <= buffer.life.last) activations += buffer.size;
    }
  if (f.plan.arenaMissing > Bytes(0) && activations > Bytes(0)) {
    const Bytes saves(activations.value / 4 * 3);
    hints.push_back({fmt::format("{} of float32 are alive at {}: int8 needs a quarter",
                                 inBytes(activations), layerName(f.graph, f.arena.peakOp)),
                     saves});
  }
  if (f.plan.weightsResidence != Residence::Ram && f.plan.flashMissing > Bytes(0) &&
      weights > Bytes(0))
    hints.push_back(
        {fmt::format("{} of weights are float32: int8 needs a quarter{}", inBytes(weights),
                     weights.value / 4 * 3 >= f.plan.flashMissing.value
                         ? ", and the model fits the flash"
                         : ""),
         Bytes(weights.value / 4 * 3)});
}

/// Activations of convolutional models grow with the area of the input.
void hintSmallerInput(const Findings& f, std::vector<Hint>& hints) {
  if (f.plan.arenaMissing == Bytes(0) || f.graph.subgraphs.empty()) return;
  const auto& inputs = f.graph.subgraphs[SubgraphId(0)].inputs;
  if (inputs.size() != 1) return;
  const Shape& shape = f.graph.tensors[inputs[0]].shape;
  if (shape.size() != 4 || shape[1] < 32 || shape[2] < 32) return;
  const Bytes room = f.plan.sram.largestRegion - f.arena.tailBytes;
  if (room <= Bytes(0) || f.arena.head <= room) return;
  const double factor =
      std::sqrt(static_cast<double>(room.value) / static_cast<double>(f.arena.head.value));
  const auto scaled = [&](std::int32_t extent) {
    return static_cast<std::int32_t>(static_cast<double>(extent) * factor) / 8 * 8;
  };
  const std::int32_t height = scaled(shape[1]);
  const std::int32_t width = scaled(shape[2]);
  if (height < 16 || width < 16) return;
  const double area =
      static_cast<double>(height) * width / (static_cast<double>(shape[1]) * shape[2]);
  const Bytes head(static_cast<std::int64_t>(static_cast<double>(f.arena.head.value) * area));
  hints.push_back(
      {fmt::format("an input of {}x{} instead of {}x{} needs an arena of about {}", height, width,
                   shape[1], shape[2], inBytes(head + f.arena.tailBytes)),
       f.arena.head - head});
}

void hintWeights(const Findings& f, std::vector<Hint>& hints) {
  const MemoryPlan& plan = f.plan;
  if (plan.weightsResidence == Residence::Storage && !f.options.weights.empty() &&
      plan.flashMissing == Bytes(0)) {
    hints.push_back(
        {fmt::format("the flash has room for model and code, {} of {}: keep the weights "
                     "there (--place weights=flash)",
                     inBytes(plan.flashNeeded), inBytes(plan.flashSize)),
         std::nullopt});
  } else if (plan.flashMissing > Bytes(0)) {
    hints.push_back({fmt::format("a flash with {} more keeps the weights off the card",
                                 inBytes(plan.flashMissing)),
                     plan.flashMissing});
  }
  if (plan.weightsResidence == Residence::Flash && plan.flashMissing > Bytes(0) &&
      plan.card.valid())
    hints.push_back({fmt::format("stream the weights from the card (--place weights={})",
                                 f.board.memories[plan.card].name),
                     std::nullopt});
}

/// Fast memory that the arena leaves free, for what the runtime can keep apart.
void hintFastMemory(const Findings& f, std::vector<Hint>& hints) {
  if (!f.plan.arenaRegion.valid() || f.arena.tailBytes == Bytes(0)) return;
  const int rank = speedRank(f.board.memories[f.plan.arenaRegion].kind);
  for (const RegionBudget& region : f.plan.sram.regions) {
    if (speedRank(region.kind) >= rank) continue;
    if (region.usable >= f.arena.head)
      hints.push_back(
          {fmt::format("{} is faster and holds all buffers, {}: two arenas, the persistent "
                       "{} in {}",
                       f.board.memories[region.region].name, inBytes(f.arena.head),
                       inBytes(f.arena.tailBytes), f.board.memories[f.plan.arenaRegion].name),
           std::nullopt});
    else if (region.usable >= f.arena.tailBytes)
      hints.push_back({fmt::format("{} is faster and has {} free: two arenas put the persistent {} "
                                   "there, which each layer reads",
                                   f.board.memories[region.region].name, inBytes(region.usable),
                                   inBytes(f.arena.tailBytes)),
                       std::nullopt});
    else
      continue;
    return;
  }
}

/// The last resort: what another board would have to have.
void hintBoard(const Findings& f, std::vector<Hint>& hints) {
  if (f.plan.arenaMissing == Bytes(0)) return;
  hints.push_back(
      {fmt::format("a board with one RAM region of {} besides static data and stack holds "
                   "the arena",
                   inBytes(f.arena.smallest)),
       std::nullopt});
}

}  // namespace

std::vector<Hint> findHints(const Graph& graph, const Schedule& schedule, const ArenaPlan& arena,
                            const Board& board, const Runtime& runtime,
                            const PlacementOptions& options, const MemoryPlan& plan) {
  const Findings f{graph, schedule, arena, board, runtime, options, plan};
  std::vector<Hint> hints;
  hintJoin(f, hints);
  hintTwoArenas(f, hints);
  hintReserve(f, hints);
  if (plan.arenaMissing > Bytes(0)) {
    hintPad(f, hints);
    hintPeak(f, hints);
  }
  hintQuantise(f, hints);
  hintSmallerInput(f, hints);
  hintWeights(f, hints);
  hintFastMemory(f, hints);
  hintBoard(f, hints);
  return hints;
}

}  // namespace mcuprof
