#include "analyzer/analysis/sram_budget.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <tuple>

namespace mcuprof {
namespace {

bool holdsSomething(const Memory& memory) {
  return memory.aliasOf.empty() &&
         (memory.use.activations || memory.use.weights || memory.use.spill);
}

std::vector<RegionBudget> ramOf(const Board& board) {
  std::vector<RegionBudget> regions;
  for (const RegionId id : board.memories.ids()) {
    const Memory& memory = board.memories[id];
    if (!memory.use.activations || !memory.aliasOf.empty()) continue;
    RegionBudget region;
    region.region = id;
    region.kind = memory.kind;
    region.size = memory.size;
    regions.push_back(std::move(region));
  }
  return regions;
}

std::size_t largestOf(const std::vector<RegionBudget>& regions) {
  const auto largest = std::max_element(regions.begin(), regions.end(),
                                        [](const RegionBudget& a, const RegionBudget& b) {
                                          return a.size - a.taken() < b.size - b.taken();
                                        });
  return static_cast<std::size_t>(largest - regions.begin());
}

void overrideTotal(std::vector<RegionBudget>& regions, Bytes total) {
  Bytes excess = Bytes(0) - total;
  for (const RegionBudget& region : regions) excess += region.size;
  if (excess < Bytes(0)) regions[largestOf(regions)].size -= excess;
  for (auto region = regions.rbegin(); region != regions.rend() && excess > Bytes(0); ++region) {
    const Bytes cut = std::min(excess, region->size);
    region->size -= cut;
    excess -= cut;
  }
  std::erase_if(regions, [](const RegionBudget& region) { return region.size == Bytes(0); });
}

/// Joins regions that follow each other without a hole. A region that was cut no longer touches the
/// next.
void joinAdjacent(std::vector<RegionBudget>& regions, const Board& board) {
  std::vector<RegionBudget> byAddress;
  std::vector<RegionBudget> rest;
  for (RegionBudget& region : regions) {
    const bool addressed = board.memories[region.region].base.has_value();
    (addressed ? byAddress : rest).push_back(std::move(region));
  }
  const auto baseOf = [&](const RegionBudget& region) {
    return *board.memories[region.region].base;
  };
  std::stable_sort(
      byAddress.begin(), byAddress.end(),
      [&](const RegionBudget& a, const RegionBudget& b) { return baseOf(a) < baseOf(b); });
  regions.clear();
  for (RegionBudget& region : byAddress) {
    if (!regions.empty()) {
      RegionBudget& previous = regions.back();
      if (baseOf(previous) + static_cast<std::uint64_t>(previous.size.value) == baseOf(region)) {
        previous.joined.push_back(region.region);
        previous.size += region.size;
        // The whole is as slow as its slowest part.
        if (speedRank(region.kind) > speedRank(previous.kind)) previous.kind = region.kind;
        continue;
      }
    }
    regions.push_back(std::move(region));
  }
  std::move(rest.begin(), rest.end(), std::back_inserter(regions));
}

struct Need {
  Bytes RegionBudget::*field;
  Bytes bytes;
};

/// Puts each need into the smallest on-chip region that is enough and not the arena's; else into
/// the arena's, else into any that is enough, the smallest first. Returns the bytes for which there
/// is no place.
Bytes distribute(std::vector<RegionBudget>& regions, std::size_t arenaAt,
                 std::span<const Need> needs) {
  Bytes missing;
  for (const Need& need : needs) {
    if (need.bytes == Bytes(0)) continue;
    std::size_t best = regions.size();
    const auto offer = [&](std::size_t at) {
      const RegionBudget& region = regions[at];
      if (region.size - region.taken() < need.bytes) return;
      if (best == regions.size() || region.size < regions[best].size) best = at;
    };
    for (std::size_t at = 0; at < regions.size(); ++at)
      if (at != arenaAt && speedRank(regions[at].kind) <= 1) offer(at);
    if (best == regions.size()) offer(arenaAt);
    if (best == regions.size())
      for (std::size_t at = 0; at < regions.size(); ++at) offer(at);
    if (best == regions.size()) {
      best = largestOf(regions);
      const RegionBudget& region = regions[best];
      const Bytes left = std::max(Bytes(0), region.size - region.taken());
      missing += need.bytes - left;
    }
    regions[best].*need.field += need.bytes;
  }
  return missing;
}

/// Positions of regions in the order in which an arena would like them.
std::vector<std::size_t> byPreference(const std::vector<RegionBudget>& regions) {
  std::vector<std::size_t> order(regions.size());
  for (std::size_t i = 0; i < order.size(); ++i) order[i] = i;
  std::stable_sort(order.begin(), order.end(), [&](std::size_t a, std::size_t b) {
    return std::tuple(speedRank(regions[a].kind), regions[b].size) <
           std::tuple(speedRank(regions[b].kind), regions[a].size);
  });
  return order;
}

}  // namespace

int speedRank(MemoryKind kind) {
  switch (kind) {
    case MemoryKind::Tcm:
      return 0;
    case MemoryKind::Sram:
      return 1;
    case MemoryKind::Psram:
    case MemoryKind::Sdram:
      return 2;
    case MemoryKind::Flash:
    case MemoryKind::Qspi:
    case MemoryKind::Sd:
      return 3;
  }
  return 3;
}

Result<RegionId> findRegion(const Board& board, std::string_view name) {
  RegionId found;
  std::string known;
  for (const RegionId id : board.memories.ids()) {
    const Memory& memory = board.memories[id];
    if (!holdsSomething(memory)) continue;
    if (memory.name == name) return id;
    if (!known.empty()) known += ", ";
    known += memory.name;
    if (nameOf(memory.kind) != name) continue;
    if (!found.valid() || memory.size > board.memories[found].size) found = id;
  }
  if (found.valid()) return found;
  return Error{"", fmt::format("{} has no memory \"{}\"; it has {}", board.name, name,
                               known.empty() ? "none" : known)};
}

std::optional<std::size_t> bestRegionFor(const SramBudget& budget, Bytes arena) {
  for (const std::size_t at : byPreference(budget.regions))
    if (budget.regions[at].usable >= arena) return at;
  return std::nullopt;
}

SramBudget deriveSramBudget(const Board& board, const Runtime& runtime,
                            const PlacementOptions& options, const RamNeeds& needs) {
  SramBudget budget;
  std::vector<RegionBudget> regions = ramOf(board);
  if (options.sram && !regions.empty()) overrideTotal(regions, *options.sram);
  if (options.joinAdjacent) joinAdjacent(regions, board);

  budget.staticBytes = options.staticBytes.value_or(Bytes(runtime.staticBytes.value));
  budget.stack = options.stack.value_or(Bytes(runtime.stackBytes.value));
  budget.reserve = options.reserve.value_or(Bytes(0));
  budget.weights = needs.weights;
  budget.streamBuffer = needs.streamBuffer;
  std::array<Need, 4> needed{Need{&RegionBudget::staticBytes, budget.staticBytes},
                             Need{&RegionBudget::stack, budget.stack},
                             Need{&RegionBudget::reserve, budget.reserve},
                             Need{&RegionBudget::streamBuffer, budget.streamBuffer}};
  std::stable_sort(needed.begin(), needed.end(),
                   [](const Need& a, const Need& b) { return a.bytes > b.bytes; });

  if (regions.empty()) {
    for (const Need& need : needed) budget.missing += need.bytes;
    budget.missing += needs.weights;
    return budget;
  }
  if (needs.weights > Bytes(0)) {
    bool placed = false;
    for (RegionBudget& region : regions) {
      if (region.region != needs.weightsRegion &&
          std::find(region.joined.begin(), region.joined.end(), needs.weightsRegion) ==
              region.joined.end())
        continue;
      region.weights = needs.weights;
      budget.missing += std::max(Bytes(0), needs.weights - region.size);
      placed = true;
      break;
    }
    if (!placed) budget.missing += needs.weights;  // its region was cut away
  }

  // The arena has the first choice; the first region that still holds it beside what else must go
  // there is its own. When none does, the largest is kept as free as can be.
  std::vector<RegionBudget> chosen;
  for (const std::size_t at : byPreference(regions)) {
    if (regions[at].size - regions[at].taken() < needs.arena) continue;
    std::vector<RegionBudget> trial = regions;
    const Bytes missing = distribute(trial, at, needed);
    if (missing > Bytes(0) || trial[at].size - trial[at].taken() < needs.arena) continue;
    chosen = std::move(trial);
    break;
  }
  if (chosen.empty()) {
    chosen = std::move(regions);
    budget.missing += distribute(chosen, largestOf(chosen), needed);
  }
  for (RegionBudget& region : chosen) {
    region.usable = std::max(Bytes(0), region.size - region.taken());
    budget.total += region.size;
    budget.usable += region.usable;
    budget.largestRegion = std::max(budget.largestRegion, region.usable);
  }
  budget.regions = std::move(chosen);
  return budget;
}

}  // namespace mcuprof
