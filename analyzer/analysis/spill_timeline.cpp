#include "analyzer/analysis/spill_timeline.hpp"

namespace mcuprof {
namespace {

constexpr std::size_t kMostParts = 1'000'000;

/// Slots by a walk over the steps, handed on as lives end.
void assignSlots(std::span<const SpillItem> items, const Lists<std::size_t>& begins,
                 const Lists<std::size_t>& ends, SpillTimeline& timeline) {
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
  const auto collect = [&](std::int32_t Lifetime::*end, const auto& accept) {
    return Lists<std::size_t>::grouped(steps, [&](const auto& visit) {
      for (std::size_t i = 0; i < items.size(); ++i)
        if (items[i].life.first >= 0 && accept(i))
          visit(static_cast<std::size_t>(items[i].life.*end), i);
    });
  };
  const auto mayLeave = [&](std::size_t i) { return !items[i].pinned; };
  begins = collect(&Lifetime::first, mayLeave);
  ends = collect(&Lifetime::last, mayLeave);
  assignSlots(items, begins, ends, *this);
  const auto hasSlot = [&](std::size_t i) { return slotOf[i] != kSpillSlots; };
  if (!allHaveSlots) {
    begins = collect(&Lifetime::first, hasSlot);
    ends = collect(&Lifetime::last, hasSlot);
  }
  reads = Lists<std::size_t>::grouped(steps, [&](const auto& visit) {
    for (std::size_t i = 0; i < items.size(); ++i)
      if (items[i].life.first >= 0 && hasSlot(i))
        for (const std::int32_t read : items[i].reads) visit(static_cast<std::size_t>(read), i);
  });
  pinnedParts = Lists<Bytes>::grouped(steps, [&](const auto& visit) {
    std::size_t parts = 0;
    for (std::size_t i = 0; i < items.size(); ++i) {
      const SpillItem& item = items[i];
      if (item.life.first < 0 || hasSlot(i) || item.size == Bytes(0)) continue;
      const auto first = static_cast<std::size_t>(item.life.first);
      const auto end = static_cast<std::size_t>(item.life.last) + 1;
      if (parts + (end - first) > kMostParts) continue;
      parts += end - first;
      for (std::size_t s = first; s < end; ++s) visit(s, item.size);
    }
  });
  pinned.resize(steps + 1);
  for (std::size_t i = 0; i < items.size(); ++i) {
    const SpillItem& item = items[i];
    if (item.life.first < 0 || hasSlot(i)) continue;
    pinned[static_cast<std::size_t>(item.life.first)] += item.size;
    pinned[static_cast<std::size_t>(item.life.last) + 1] -= item.size;
  }
  for (std::size_t s = 1; s < pinned.size(); ++s) pinned[s] += pinned[s - 1];
}

}  // namespace mcuprof
