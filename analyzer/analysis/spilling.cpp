#include "analyzer/analysis/spilling.hpp"

#include <algorithm>
#include <array>
#include <limits>
#include <numeric>
#include <tuple>

#include "analyzer/analysis/region_packing.hpp"
#include "analyzer/analysis/spill_timeline.hpp"

// The rules of the game. A buffer is created at the first step of its life and read at some later
// ones. While a step runs, a buffer is
//   Kept     in RAM, the card has no copy;
//   Copied   in RAM, and the card has a copy;
//   Carded   on the card only. If the step reads it, or creates it, its bytes pass a block buffer.
// Moves between steps:
//   Kept -> Carded     writes it;            Copied -> Carded  is free;
//   Carded -> Copied   reads it, at a step that reads it anyhow;
//   Carded -> Carded   reads it where the step reads it (streamed), else is free;
//   created as Carded  writes it (streamed out while it is computed).
// Being in RAM never costs more than not being there, now or later, so only those choices need a
// look in which nothing else could be kept in RAM. Where everything fits there is one choice.
// Dynamic programming over the steps, with one state for each combination of buffers that are alive
// across a step, is exact; the number of states a step is bounded, and beyond the bound the
// cheapest ones go on (a beam).
//
// Among plans that move the same bytes the one is taken that streams less, since streaming asks for
// a kernel that works in blocks, and then the one that keeps more bytes in RAM for longer. With
// that order a plan that is best for some capacity is best for each smaller capacity that it fits:
// a larger SRAM never needs more.
namespace mcuprof {
namespace {

constexpr std::size_t kSlots = kSpillSlots;
constexpr std::size_t kMostStates = 2048;  // a step
constexpr std::size_t kLeastStates = 24;
constexpr std::size_t kStateBudget = 400'000;  // over all steps
constexpr std::size_t kMostChoices = 256;      // a state and step
constexpr std::size_t kLeastNodes = 64;
constexpr std::size_t kNodeBudget = 1'000'000;  // over all steps
constexpr std::size_t kMostNodes = 4096;        // of the search for these choices, a state

enum Where : std::uint64_t { kAbsent = 0, kKept = 1, kCopied = 2, kCarded = 3 };

Where whereIs(std::uint64_t bits, std::size_t slot) {
  return static_cast<Where>((bits >> (2 * slot)) & 3U);
}
std::uint64_t with(std::uint64_t bits, std::size_t slot, Where where) {
  return (bits & ~(std::uint64_t{3} << (2 * slot))) | (std::uint64_t{where} << (2 * slot));
}

struct Cost {
  Bytes moved;
  Bytes streamed;
  std::int64_t resident = 0;  // bytes times steps, the more the better
  friend bool operator<(const Cost& a, const Cost& b) {
    return std::tuple(a.moved, a.streamed, -a.resident) <
           std::tuple(b.moved, b.streamed, -b.resident);
  }
};

struct Node {
  std::uint64_t during = 0;  // the states while the step runs
  std::uint64_t after = 0;   // the same without the buffers that end here
  Cost cost;
  std::uint32_t parent = 0;
};

bool isUsed(const SpillItem& item) {
  return item.life.first >= 0;
}

class Planner {
 public:
  Planner(std::span<const SpillItem> items, std::int32_t lastStep, const SpillLimits& limits)
      : m_items(items), m_limits(limits), m_time(items, lastStep), m_exact(m_time.allHaveSlots) {
    m_mostStates = std::clamp(kStateBudget / m_time.steps, kLeastStates, kMostStates);
    m_total = std::accumulate(limits.regions.begin(), limits.regions.end(), Bytes(0));
    m_total = std::min(m_total, limits.capacity);
    for (const Bytes region : limits.regions) m_largest = std::max(m_largest, region);
  }

  std::optional<SpillSolution> run() {
    m_nodesOf.reserve(m_time.steps + 2);
    m_history.reserve(2 * m_time.steps);
    m_nodesOf = {0, 1};
    m_history.push_back({});
    std::vector<Node> next;
    for (std::size_t s = 0; s < m_time.steps; ++s) {
      enter(s);
      const std::size_t start = m_nodesOf[s];
      const std::size_t count = m_history.size() - start;
      m_mostNodes = std::clamp(kNodeBudget / (m_time.steps * count), kLeastNodes, kMostNodes);
      next.clear();
      for (std::size_t n = 0; n < count; ++n)
        expand(m_history[start + n], static_cast<std::uint32_t>(n), next);
      leave(s);
      if (next.empty()) return std::nullopt;
      keepBest(next);
      m_history.insert(m_history.end(), next.begin(), next.end());
      m_nodesOf.push_back(m_history.size());
    }
    return walkBack();
  }

 private:
  bool isPinned(std::size_t item) const { return m_time.slotOf[item] == kSlots; }
  Bytes streamed(std::size_t item) const { return std::min(m_limits.block, m_items[item].size); }

  void enter(std::size_t s) {
    m_now = s;
    m_begun = m_read = 0;
    for (const std::size_t item : m_time.begins[s]) {
      m_itemAt[m_time.slotOf[item]] = item;
      m_begun |= std::uint64_t{1} << m_time.slotOf[item];
      m_aliveSlots.push_back(m_time.slotOf[item]);
    }
    for (const std::size_t item : m_time.reads[s])
      m_read |= std::uint64_t{1} << m_time.slotOf[item];
    m_byNeed.clear();
  }

  /// Whom to keep first when all choices are more than can be tried: what is read soonest, then
  /// what is largest.
  void sortByNeed() {
    m_byNeed = m_aliveSlots;
    std::array<std::int32_t, kSlots> soonest{};
    for (const std::size_t slot : m_byNeed) {
      const auto& reads = m_items[m_itemAt[slot]].reads;
      const auto next =
          std::lower_bound(reads.begin(), reads.end(), static_cast<std::int32_t>(m_now));
      soonest[slot] = next == reads.end() ? std::numeric_limits<std::int32_t>::max() : *next;
    }
    std::sort(m_byNeed.begin(), m_byNeed.end(), [&](std::size_t a, std::size_t b) {
      return std::tuple(soonest[a], m_items[m_itemAt[b]].size, a) <
             std::tuple(soonest[b], m_items[m_itemAt[a]].size, b);
    });
  }

  void leave(std::size_t s) {
    for (const std::size_t item : m_time.ends[s]) std::erase(m_aliveSlots, m_time.slotOf[item]);
  }

  /// Whether its bytes pass a block buffer at this step when it is not in RAM.
  bool isStreamedAt(std::size_t slot) const { return ((m_begun | m_read) >> slot & 1U) != 0; }

  /// Whether it can be in RAM at this step: what is on the card comes back only to be read.
  bool mayStay(const Node& node, std::size_t slot) const {
    return whereIs(node.after, slot) != kCarded || isStreamedAt(slot);
  }

  /// What a buffer takes in RAM beyond what it takes while it is on the card.
  Bytes extra(std::size_t slot) const {
    const std::size_t item = m_itemAt[slot];
    return m_items[item].size - (isStreamedAt(slot) ? streamed(item) : Bytes(0));
  }

  /// Whether the slots of `inRam`, with what is pinned and streamed, sum up to `sum` and fit.
  bool fits(std::uint64_t inRam, Bytes sum) {
    if (sum > m_total) return false;
    if (sum <= m_largest) return true;
    const auto pinned = m_time.pinnedParts[m_now];
    m_parts.assign(pinned.begin(), pinned.end());
    for (const std::size_t slot : m_aliveSlots) {
      if ((inRam >> slot & 1U) != 0)
        m_parts.push_back(m_items[m_itemAt[slot]].size);
      else if (isStreamedAt(slot))
        m_parts.push_back(streamed(m_itemAt[slot]));
    }
    return missingFor(m_parts, m_limits.regions) == Bytes(0);
  }

  void expand(const Node& node, std::uint32_t parent, std::vector<Node>& next) {
    Bytes least = m_time.pinned[m_now];  // with all that may be on the card there
    Bytes most;
    std::uint64_t all = 0;
    for (const std::size_t slot : m_aliveSlots) {
      if (isStreamedAt(slot)) least += streamed(m_itemAt[slot]);
      if (!mayStay(node, slot)) continue;
      all |= std::uint64_t{1} << slot;
      most += extra(slot);
    }
    if (fits(all, least + most)) {
      next.push_back(follow(node, parent, all));
      return;
    }
    if (m_byNeed.empty()) sortByNeed();
    m_candidates.clear();
    for (const std::size_t slot : m_byNeed)
      if (mayStay(node, slot)) m_candidates.push_back(slot);
    m_nodes = m_choices = 0;
    choose(0, 0, least, node, parent, next);
  }

  /// All sets of candidates that fit and to which none can be added.
  void choose(std::size_t at, std::uint64_t chosen, Bytes sum, const Node& node,
              std::uint32_t parent, std::vector<Node>& next) {
    if (++m_nodes > m_mostNodes || m_choices >= kMostChoices) {
      m_exact = false;
      return;
    }
    if (!fits(chosen, sum)) return;
    if (at == m_candidates.size()) {
      if (!isMaximal(chosen, sum)) return;
      ++m_choices;
      next.push_back(follow(node, parent, chosen));
      return;
    }
    const std::size_t slot = m_candidates[at];
    choose(at + 1, chosen | std::uint64_t{1} << slot, sum + extra(slot), node, parent, next);
    choose(at + 1, chosen, sum, node, parent, next);
  }

  bool isMaximal(std::uint64_t chosen, Bytes sum) {
    return std::none_of(m_candidates.begin(), m_candidates.end(), [&](std::size_t slot) {
      return (chosen >> slot & 1U) == 0 &&
             fits(chosen | std::uint64_t{1} << slot, sum + extra(slot));
    });
  }

  Node follow(const Node& node, std::uint32_t parent, std::uint64_t ram) const {
    Node to{node.after, 0, node.cost, parent};
    for (const std::size_t slot : m_aliveSlots) {
      const SpillItem& item = m_items[m_itemAt[slot]];
      const bool kept = (ram >> slot & 1U) != 0;
      const bool read = (m_read >> slot & 1U) != 0;
      const bool begun = (m_begun >> slot & 1U) != 0;
      const Where before = begun ? kAbsent : whereIs(node.after, slot);
      Where now = kCarded;
      if (kept) {
        if (before == kCarded) to.cost.moved += item.moved;
        now = before == kAbsent || before == kKept ? kKept : kCopied;
        to.cost.resident += item.size.value;
      } else {
        if (before == kAbsent || before == kKept) to.cost.moved += item.moved;
        if (read && !begun) to.cost.moved += item.moved;
        if (read || begun) to.cost.streamed += item.moved;
      }
      to.during = with(to.during, slot, now);
    }
    to.after = to.during;
    for (const std::size_t item : m_time.ends[m_now])
      to.after = with(to.after, m_time.slotOf[item], kAbsent);
    return to;
  }

  void keepBest(std::vector<Node>& nodes) {
    const auto byState = [](const Node& a, const Node& b) {
      return std::tie(a.after, a.cost, a.during, a.parent) <
             std::tie(b.after, b.cost, b.during, b.parent);
    };
    if (nodes.size() > 1) std::sort(nodes.begin(), nodes.end(), byState);
    nodes.erase(std::unique(nodes.begin(), nodes.end(),
                            [](const Node& a, const Node& b) { return a.after == b.after; }),
                nodes.end());
    if (nodes.size() <= m_mostStates) return;
    m_exact = false;
    std::sort(nodes.begin(), nodes.end(), [](const Node& a, const Node& b) {
      return std::tie(a.cost, a.after) < std::tie(b.cost, b.after);
    });
    nodes.resize(m_mostStates);
  }

  SpillSolution walkBack() const {
    std::vector<std::uint64_t> during(m_time.steps);
    const auto last = m_history.begin() + static_cast<std::ptrdiff_t>(m_nodesOf[m_time.steps]);
    const auto best = std::min_element(last, m_history.end(), [](const Node& a, const Node& b) {
      return std::tie(a.cost, a.after) < std::tie(b.cost, b.after);
    });
    const Node* node = &*best;
    for (std::size_t s = m_time.steps; s-- > 0;) {
      during[s] = node->during;
      node = &m_history[m_nodesOf[s] + node->parent];
    }
    SpillSolution solution;
    solution.exact = m_exact;
    solution.stays.reserve(m_items.size(), m_items.size());
    std::vector<Bytes> load = m_time.pinned;
    for (std::size_t i = 0; i < m_items.size(); ++i) {
      solution.stays.open();
      if (!isUsed(m_items[i])) continue;
      if (isPinned(i)) {
        solution.stays.add({m_items[i].life, false});
        continue;
      }
      followItem(i, during, solution);
      for (const SpillStay& stay : solution.stays[i])
        for (std::int32_t s = stay.life.first; s <= stay.life.last; ++s)
          load[static_cast<std::size_t>(s)] += stay.streamed ? streamed(i) : m_items[i].size;
    }
    solution.peak = *std::max_element(load.begin(), load.end());
    std::stable_sort(solution.moves.begin(), solution.moves.end(),
                     [](const SpillMove& a, const SpillMove& b) { return a.step < b.step; });
    return solution;
  }

  void followItem(std::size_t i, std::span<const std::uint64_t> during,
                  SpillSolution& solution) const {
    const SpillItem& item = m_items[i];
    Lists<SpillStay>& stays = solution.stays;
    const auto write = [&](std::int32_t s) {
      solution.moves.push_back({true, i, s});
      solution.written += item.moved;
    };
    const auto read = [&](std::int32_t s) {
      solution.moves.push_back({false, i, s});
      solution.read += item.moved;
    };
    Where before = kAbsent;
    auto nextRead = item.reads.begin();
    for (std::int32_t s = item.life.first; s <= item.life.last; ++s) {
      const Where now = whereIs(during[static_cast<std::size_t>(s)], m_time.slotOf[i]);
      const bool isRead = nextRead != item.reads.end() && *nextRead == s;
      if (isRead) ++nextRead;
      if (now == kCarded) {
        if (before == kAbsent || before == kKept) write(s);
        const bool reads = isRead && s != item.life.first;
        if (reads) read(s);
        if (reads || s == item.life.first) stays.add({{s, s}, true});
      } else {
        if (before == kCarded) read(s);
        const bool goesOn = before == kKept || before == kCopied;
        if (goesOn)
          stays.back().life.last = s;
        else
          stays.add({{s, s}, false});
      }
      before = now;
    }
  }

  std::span<const SpillItem> m_items;
  const SpillLimits& m_limits;
  SpillTimeline m_time;
  // Nodes of all steps, one step after the other; the first is before the first step.
  std::vector<Node> m_history;
  std::vector<std::size_t> m_nodesOf;
  std::size_t m_mostStates = kMostStates;
  Bytes m_total;
  Bytes m_largest;
  bool m_exact;

  // of the step at hand
  std::size_t m_now = 0;
  std::array<std::size_t, kSlots> m_itemAt{};
  std::vector<std::size_t> m_aliveSlots;
  std::vector<std::size_t> m_byNeed;
  std::uint64_t m_begun = 0;
  std::uint64_t m_read = 0;
  std::vector<std::size_t> m_candidates;
  std::vector<Bytes> m_parts;
  std::size_t m_nodes = 0;
  std::size_t m_mostNodes = kMostNodes;
  std::size_t m_choices = 0;
};

}  // namespace

std::optional<SpillSolution> planSpills(std::span<const SpillItem> items, std::int32_t lastStep,
                                        const SpillLimits& limits) {
  return Planner(items, lastStep, limits).run();
}

std::optional<ImpossibleStep> findImpossibleStep(std::span<const SpillItem> items,
                                                 std::int32_t lastStep, const SpillLimits& limits) {
  const SpillTimeline time(items, lastStep);
  std::optional<ImpossibleStep> worst;
  std::vector<Bytes> parts;
  for (std::size_t s = 0; s < time.steps; ++s) {
    parts.assign(time.pinnedParts[s].begin(), time.pinnedParts[s].end());
    for (const std::size_t item : time.begins[s])
      parts.push_back(std::min(limits.block, items[item].size));
    for (const std::size_t item : time.reads[s])
      if (items[item].life.first != static_cast<std::int32_t>(s))
        parts.push_back(std::min(limits.block, items[item].size));
    const Bytes missing = missingFor(parts, limits.regions);
    if (missing == Bytes(0) || (worst && missing <= worst->missing)) continue;
    worst = {static_cast<std::int32_t>(s), std::accumulate(parts.begin(), parts.end(), Bytes(0)),
             missing};
  }
  return worst;
}

}  // namespace mcuprof
