#include "analyzer/analysis/spill_timeline.hpp"

namespace mcuprof {
namespace {

constexpr std::size_t kMostParts = 1'000'000;

using Entries = std::vector<std::pair<std::int32_t, std::size_t>>;

/// Slots by a walk over the steps, handed on as lives end.
void assignSlots(std::span<const SpillItem> items, const ByStep<std::size_t>& begins,
                 const ByStep<std::size_t>& ends, SpillTimeline& timeline) {
  std::vector<std::size_t> free;
  for (std::size_t slot = kSpillSlots; slot-- > 0;) free.push_back(slot);
  std::vector<std::size_t> holders;
  for (std::size_t s = 0; s < timeline.steps; ++s) {
    for (const std::size_t item : begins[s]) {
      if (!free.empty()) {
        timeline.slotOf[item] = free.back();
        free.pop_back();
        holders.push_back(item);
        continue;
      }
      timeline.allHaveSlots = false;
      const auto smaller = [&](std::size_t a, std::size_t b) {
        return std::pair(items[a].size, a) < std::pair(items[b].size, b);
      };
      auto smallest = holders.begin();
      for (auto at = holders.begin(); at != holders.end(); ++at)
        if (smaller(*at, *smallest)) smallest = at;
      if (smaller(item, *smallest)) continue;
      timeline.slotOf[item] = timeline.slotOf[*smallest];
      timeline.slotOf[*smallest] = kSpillSlots;
      *smallest = item;
    }
    for (const std::size_t item : ends[s]) {
      if (timeline.slotOf[item] == kSpillSlots) continue;
      free.push_back(timeline.slotOf[item]);
      std::erase(holders, item);
    }
  }
}

}  // namespace

SpillTimeline::SpillTimeline(std::span<const SpillItem> items, std::int32_t lastStep)
    : steps(static_cast<std::size_t>(lastStep) + 1), slotOf(items.size(), kSpillSlots) {
  Entries first;
  Entries last;
  const auto collect = [&](const auto& accept) {
    first.clear();
    last.clear();
    for (std::size_t i = 0; i < items.size(); ++i) {
      if (items[i].life.first < 0 || !accept(i)) continue;
      first.emplace_back(items[i].life.first, i);
      last.emplace_back(items[i].life.last, i);
    }
    begins = ByStep<std::size_t>(steps, first);
    ends = ByStep<std::size_t>(steps, last);
  };
  collect([&](std::size_t i) { return !items[i].pinned; });
  assignSlots(items, begins, ends, *this);
  if (!allHaveSlots) collect([&](std::size_t i) { return slotOf[i] != kSpillSlots; });

  Entries readAt;
  std::vector<std::pair<std::int32_t, Bytes>> parts;
  pinned.resize(steps + 1);
  for (std::size_t i = 0; i < items.size(); ++i) {
    const SpillItem& item = items[i];
    if (item.life.first < 0) continue;
    if (slotOf[i] != kSpillSlots) {
      for (const std::int32_t read : item.reads) readAt.emplace_back(read, i);
      continue;
    }
    pinned[static_cast<std::size_t>(item.life.first)] += item.size;
    pinned[static_cast<std::size_t>(item.life.last) + 1] -= item.size;
    const auto length = static_cast<std::size_t>(item.life.last - item.life.first) + 1;
    if (item.size == Bytes(0) || parts.size() + length > kMostParts) continue;
    for (std::int32_t s = item.life.first; s <= item.life.last; ++s)
      parts.emplace_back(s, item.size);
  }
  for (std::size_t s = 1; s < pinned.size(); ++s) pinned[s] += pinned[s - 1];
  reads = ByStep<std::size_t>(steps, readAt);
  pinnedParts = ByStep<Bytes>(steps, parts);
}

}  // namespace mcuprof
