#include "analyzer/analysis/buffer_placement.hpp"

#include <algorithm>
#include <numeric>

#include "analyzer/analysis/region_packing.hpp"
#include "analyzer/analysis/spilling.hpp"

namespace mcuprof {
namespace {

constexpr int kMostAttempts = 32;
constexpr int kCuts = 48;

/// Regions by speed, which is the order in which packing fills them.
struct Regions {
  std::vector<RegionId> ids;
  std::vector<Bytes> capacities;
  std::vector<std::size_t> inBoardOrder;  // positions in the two lists

  /// Capacities of a board with less RAM, taken from its last regions: `part` of `parts` of half of
  /// all.
  std::vector<Bytes> cutBy(int part, int parts) const {
    std::vector<Bytes> left = capacities;
    Bytes cut = std::accumulate(left.begin(), left.end(), Bytes(0));
    cut = Bytes(static_cast<std::int64_t>(static_cast<double>(cut.value) * part / (2 * parts)));
    for (auto at = inBoardOrder.rbegin(); at != inBoardOrder.rend() && cut > Bytes(0); ++at) {
      const Bytes taken = std::min(cut, left[*at]);
      left[*at] -= taken;
      cut -= taken;
    }
    return left;
  }
};

Regions bySpeed(const SramBudget& budget) {
  std::vector<const RegionBudget*> order;
  for (const RegionBudget& region : budget.regions) order.push_back(&region);
  std::stable_sort(order.begin(), order.end(), [](const RegionBudget* a, const RegionBudget* b) {
    return speedRank(a->kind) < speedRank(b->kind);
  });
  Regions regions;
  for (const RegionBudget* region : order) {
    regions.ids.push_back(region->region);
    regions.capacities.push_back(region->usable);
  }
  for (const RegionBudget& region : budget.regions)
    regions.inBoardOrder.push_back(
        static_cast<std::size_t>(std::find(order.begin(), order.end(), &region) - order.begin()));
  return regions;
}

std::int64_t touchedOf(const Graph& graph, const PlannedBuffer& buffer) {
  const auto uses = buffer.tensor.valid() ? 1 + graph.tensors[buffer.tensor].readers.size() : 2;
  return buffer.size.value * static_cast<std::int64_t>(uses);
}

/// What the persistent part is to packing and spilling: alive throughout, each byte read once.
Lifetime throughout(const Schedule& schedule) {
  return {0, schedule.stepCount + 1};
}

bool placeWithoutCard(const Graph& graph, const Schedule& schedule, const ArenaPlan& arena,
                      const Regions& regions, BufferPlacement& placement) {
  std::vector<PackItem> items;
  items.reserve(arena.buffers.size() + 1);
  for (const PlannedBuffer& buffer : arena.buffers)
    items.push_back({buffer.size, buffer.life, touchedOf(graph, buffer)});
  items.push_back({arena.tailBytes, throughout(schedule), arena.tailBytes.value});
  const auto packed = packIntoRegions(items, regions.capacities);
  if (!packed) return false;
  placement.form = PlacementForm::ByBuffer;
  placement.places.reserve(arena.buffers.size(), arena.buffers.size());
  const auto placeOf = [&](std::size_t i) {
    const PackPlace& place = (*packed)[i];
    return BufferPlace{regions.ids[place.region], place.offset, items[i].size, items[i].life,
                       false};
  };
  for (std::size_t i = 0; i < arena.buffers.size(); ++i) {
    placement.places.open();
    if (items[i].life.first >= 0 && items[i].size > Bytes(0)) placement.places.add(placeOf(i));
  }
  if (arena.tailBytes > Bytes(0)) placement.tail = placeOf(arena.buffers.size());
  return true;
}

/// The buffers as spilling sees them, with steps numbered without holes.
struct SpillInput {
  std::vector<SpillItem> items;      // arena buffers, then the tail
  std::vector<std::int32_t> stepOf;  // the schedule's step of each dense one
};

// The application reads the results one step after the last operator, so a result that is on the
// card by then is read back once more. Tensors of called subgraphs stay: how often they move
// depends on the data.
SpillInput spillInput(const Graph& graph, const Schedule& schedule, const ArenaPlan& arena) {
  SpillInput input;
  const std::int32_t after = schedule.stepCount + 1;
  std::vector<bool> isResult(graph.tensors.size());
  if (!graph.subgraphs.empty())
    for (const TensorId result : graph.subgraphs[SubgraphId(0)].outputs)
      isResult[result.index()] = true;
  input.items.reserve(arena.buffers.size() + 1);
  for (const PlannedBuffer& buffer : arena.buffers) {
    SpillItem item{buffer.size, buffer.size, buffer.life, {}, true};
    if (buffer.tensor.valid() && buffer.life.first >= 0) {
      const GraphTensor& tensor = graph.tensors[buffer.tensor];
      item.moved = tensor.bytes;
      item.pinned = tensor.subgraph != SubgraphId(0) || tensor.isVariable || buffer.offline;
      for (const OpId reader : tensor.readers) {
        const std::int32_t step = schedule.step[reader];
        if (step >= buffer.life.first && step <= buffer.life.last) item.reads.push_back(step);
      }
      if (isResult[buffer.tensor.index()]) {
        item.life.last = after;
        item.reads.push_back(after);
      }
      std::sort(item.reads.begin(), item.reads.end());
      item.reads.erase(std::unique(item.reads.begin(), item.reads.end()), item.reads.end());
    }
    input.items.push_back(std::move(item));
  }
  input.items.push_back({arena.tailBytes, arena.tailBytes, throughout(schedule), {}, true});

  if (static_cast<std::size_t>(after) <= 4 * input.items.size()) {
    input.stepOf.resize(static_cast<std::size_t>(after) + 1);
    std::iota(input.stepOf.begin(), input.stepOf.end(), 0);
    return input;
  }
  // Calls can make steps many more than operators.
  for (const SpillItem& item : input.items) {
    if (item.life.first < 0) continue;
    input.stepOf.push_back(item.life.first);
    input.stepOf.push_back(item.life.last);
    input.stepOf.insert(input.stepOf.end(), item.reads.begin(), item.reads.end());
  }
  std::sort(input.stepOf.begin(), input.stepOf.end());
  input.stepOf.erase(std::unique(input.stepOf.begin(), input.stepOf.end()), input.stepOf.end());
  const auto dense = [&](std::int32_t step) {
    const auto at = std::lower_bound(input.stepOf.begin(), input.stepOf.end(), step);
    return static_cast<std::int32_t>(at - input.stepOf.begin());
  };
  for (SpillItem& item : input.items) {
    if (item.life.first < 0) continue;
    item.life = {dense(item.life.first), dense(item.life.last)};
    for (std::int32_t& read : item.reads) read = dense(read);
  }
  return input;
}

/// The stays of a solution as things to pack.
std::vector<PackItem> packItemsOf(const SpillInput& input, const SpillSolution& solution,
                                  Bytes block) {
  std::vector<PackItem> items;
  items.reserve(solution.stays.values().size());
  for (std::size_t i = 0; i < solution.stays.size(); ++i) {
    const SpillItem& item = input.items[i];
    for (const SpillStay& stay : solution.stays[i]) {
      const Bytes size = stay.streamed ? std::min(block, item.size) : item.size;
      const auto uses =
          1 + std::count_if(item.reads.begin(), item.reads.end(), [&](std::int32_t read) {
            return stay.life.first <= read && read <= stay.life.last;
          });
      items.push_back({size, stay.life, item.size.value * uses});
    }
  }
  return items;
}

/// A plan whose stays have been packed.
struct PackedPlan {
  SpillSolution solution;
  std::vector<PackItem> items;    // parallel to all stays of the solution
  std::vector<PackPlace> places;  // likewise
  bool exact = false;
};

/// Packs a solution into the regions as they are, whatever limits it was made for.
std::optional<PackedPlan> pack(const SpillInput& input, SpillSolution solution, Bytes block,
                               const Regions& regions) {
  PackedPlan plan;
  plan.items = packItemsOf(input, solution, block);
  auto places = packIntoRegions(plan.items, regions.capacities);
  if (!places) return std::nullopt;
  plan.places = std::move(*places);
  plan.solution = std::move(solution);
  return plan;
}

// Sums that fit need not pack. Where the best plan does not, less and less is allowed at once, down
// from what the last plan used. In one region that is all: whatever a smaller RAM comes to is among
// the attempts of a larger one. With several regions a plan for a smaller last region may pack
// where cheaper ones did not, so plans for such boards are tried too.
std::optional<PackedPlan> searchPlan(const SpillInput& input, std::int32_t lastStep,
                                     SpillLimits limits, const Regions& regions) {
  const int attempts = std::clamp(100'000 / (lastStep + 1), 4, kMostAttempts);
  std::optional<PackedPlan> best;
  for (int attempt = 0; attempt < attempts && !best; ++attempt) {
    auto solution = planSpills(input.items, lastStep, limits);
    if (!solution) {
      if (attempt == 0) return std::nullopt;
      break;
    }
    const bool exact = solution->exact && attempt == 0;
    const Bytes less = attempt < attempts / 2 ? Bytes(1) : Bytes(solution->peak.value / 16 + 1);
    limits.capacity = solution->peak - less;
    best = pack(input, std::move(*solution), limits.block, regions);
    if (best) best->exact = exact;
    if (exact && best) return best;
  }
  if (regions.capacities.size() < 2) return best;
  for (int cut = 1; cut <= kCuts; ++cut) {
    limits.regions = regions.cutBy(cut, kCuts);
    limits.capacity = std::accumulate(limits.regions.begin(), limits.regions.end(), Bytes(0));
    auto solution = planSpills(input.items, lastStep, limits);
    if (!solution) break;
    if (best && solution->moved() >= best->solution.moved()) break;
    if (auto plan = pack(input, std::move(*solution), limits.block, regions))
      best = std::move(plan);
  }
  return best;
}

void explainFailure(const Schedule& schedule, const SpillInput& input, const SpillLimits& limits,
                    BufferPlacement& placement) {
  const auto lastStep = static_cast<std::int32_t>(input.stepOf.size()) - 1;
  const auto impossible = findImpossibleStep(input.items, lastStep, limits);
  if (!impossible) return;
  placement.impossibleOp = opAt(schedule, input.stepOf[static_cast<std::size_t>(impossible->step)]);
  placement.impossibleNeeded = impossible->needed;
  placement.impossibleMissing = impossible->missing;
}

void placeWithCard(const Graph& graph, const Schedule& schedule, const ArenaPlan& arena,
                   const Regions& regions, Bytes block, BufferPlacement& placement) {
  const SpillInput input = spillInput(graph, schedule, arena);
  const auto lastStep = static_cast<std::int32_t>(input.stepOf.size()) - 1;
  SpillLimits limits{regions.capacities, Bytes(0), block};
  for (const Bytes capacity : regions.capacities) limits.capacity += capacity;
  const auto found = searchPlan(input, lastStep, limits, regions);
  if (!found) {
    explainFailure(schedule, input, limits, placement);
    return;
  }
  const SpillSolution& solution = found->solution;
  placement.exact = found->exact;

  placement.form = PlacementForm::Spilled;
  placement.written = solution.written;
  placement.read = solution.read;
  placement.places.reserve(arena.buffers.size(), found->items.size());
  const auto stepOf = [&](std::int32_t dense) {
    return input.stepOf[static_cast<std::size_t>(dense)];
  };
  std::vector<Bytes> streamed(input.stepOf.size());
  std::size_t at = 0;  // in the packed items
  for (std::size_t i = 0; i < solution.stays.size(); ++i) {
    const bool isTail = i == arena.buffers.size();
    if (!isTail) placement.places.open();
    for (const SpillStay& stay : solution.stays[i]) {
      const PackPlace& place = found->places[at];
      const BufferPlace made{regions.ids[place.region],
                             place.offset,
                             found->items[at++].size,
                             {stepOf(stay.life.first), stepOf(stay.life.last)},
                             stay.streamed};
      if (stay.streamed) {
        Bytes& sum = streamed[static_cast<std::size_t>(stay.life.first)];
        sum += made.size;
        placement.streamBuffer = std::max(placement.streamBuffer, sum);
      }
      if (made.size == Bytes(0)) continue;
      if (isTail)
        placement.tail = made;
      else
        placement.places.add(made);
    }
  }
  for (const SpillMove& move : solution.moves) {
    const auto& itsStays = solution.stays[move.item];
    const bool isStreamed = std::any_of(itsStays.begin(), itsStays.end(), [&](const SpillStay& s) {
      return s.streamed && s.life.first == move.step;
    });
    // A tensor may be written out before the step and streamed back in it; creation streams out.
    const bool created = input.items[move.item].life.first == move.step;
    placement.spills.push_back({move.write ? SpillEvent::Kind::Write : SpillEvent::Kind::Read,
                                arena.buffers[move.item].tensor, opAt(schedule, stepOf(move.step)),
                                input.items[move.item].moved, isStreamed && move.write == created,
                                stepOf(move.step)});
  }
}

}  // namespace

std::string_view nameOf(PlacementForm form) {
  switch (form) {
    case PlacementForm::OneArena:
      return "one arena";
    case PlacementForm::ByBuffer:
      return "by buffer";
    case PlacementForm::Spilled:
      return "spilled";
    case PlacementForm::Impossible:
      return "impossible";
  }
  return "";
}

OpId opAt(const Schedule& schedule, std::int32_t step) {
  if (schedule.order.empty()) return {};
  const auto later =
      std::upper_bound(schedule.order.begin(), schedule.order.end(), step,
                       [&](std::int32_t at, OpId op) { return at < schedule.step[op]; });
  return later == schedule.order.begin() ? *later : *(later - 1);
}

BufferPlacement placeBuffers(const Graph& graph, const Schedule& schedule, const ArenaPlan& arena,
                             const SramBudget& budget, std::optional<Bytes> block) {
  BufferPlacement placement;
  const Regions regions = bySpeed(budget);
  if (placeWithoutCard(graph, schedule, arena, regions, placement)) return placement;
  if (block) placeWithCard(graph, schedule, arena, regions, *block, placement);
  return placement;
}

}  // namespace mcuprof
