#include "analyzer/analysis/region_packing.hpp"

#include <algorithm>
#include <functional>
#include <numeric>

#include "analyzer/base/lists.hpp"

namespace mcuprof {
namespace {

__extension__ typedef __int128 Wide;

constexpr std::size_t kExactParts = 8;
constexpr std::size_t kSearchNodes = 4000;
constexpr std::size_t kSearchItems = 200;

/// What has been placed, found by time: a query over some steps meets what covers its first step
/// and what starts later within it, each once. What covers a step is found on the way from the root
/// of a segment tree to its leaf, so that long lives cost no more than short ones.
class Placed {
 public:
  Placed(std::span<const PackItem> items, std::size_t regions) : m_items(items) {
    std::int32_t last = 0;
    for (const PackItem& item : items) last = std::max(last, item.life.last);
    m_steps = static_cast<std::size_t>(last) + 1;
    while (m_leaves < m_steps) m_leaves *= 2;
    m_covering.resize(2 * m_leaves * regions, -1);
    m_starting.resize(m_steps * regions, -1);
  }

  /// Lowest offset in the region at which the item meets nothing that is alive with it.
  Bytes lowestGap(const PackItem& item, std::size_t region) {
    collect(item, region);
    std::sort(m_met.begin(), m_met.end());
    Bytes at;
    for (const auto& [offset, end] : m_met) {
      if (offset - at >= item.size) break;
      at = std::max(at, end);
    }
    return at;
  }

  /// All offsets worth a try: 0 and the ends of what is met, where nothing is overlapped.
  std::vector<Bytes> offsets(const PackItem& item, std::size_t region, Bytes capacity) {
    collect(item, region);
    std::vector<Bytes> found{Bytes(0)};
    for (const auto& met : m_met) found.push_back(met.second);
    std::sort(found.begin(), found.end());
    found.erase(std::unique(found.begin(), found.end()), found.end());
    std::erase_if(found, [&](Bytes at) {
      if (at + item.size > capacity) return true;
      return std::any_of(m_met.begin(), m_met.end(), [&](const auto& met) {
        return at < met.second && met.first < at + item.size;
      });
    });
    return found;
  }

  void put(std::size_t index, PackPlace place) {
    const PackItem& item = m_items[index];
    const std::pair span(place.offset, place.offset + item.size);
    push(starting(place.region, item.life.first), span);
    forNodesOf(item.life, [&](std::size_t node) { push(covering(place.region, node), span); });
  }

  /// Takes back the latest put().
  void takeBack(std::size_t index, PackPlace place) {
    const PackItem& item = m_items[index];
    std::size_t nodes[2 * 64];
    std::size_t count = 0;
    forNodesOf(item.life, [&](std::size_t node) { nodes[count++] = node; });
    while (count > 0) pop(covering(place.region, nodes[--count]));
    pop(starting(place.region, item.life.first));
  }

 private:
  using Spans = std::vector<std::pair<Bytes, Bytes>>;
  /// Lists that grow and shrink at their front, all in one piece of memory.
  struct Link {
    std::pair<Bytes, Bytes> span;
    std::int32_t next;
  };
  std::int32_t& covering(std::size_t region, std::size_t node) {
    return m_covering[region * 2 * m_leaves + node];
  }
  std::int32_t& starting(std::size_t region, std::int32_t step) {
    return m_starting[region * m_steps + static_cast<std::size_t>(step)];
  }
  void push(std::int32_t& head, std::pair<Bytes, Bytes> span) {
    m_links.push_back({span, head});
    head = static_cast<std::int32_t>(m_links.size()) - 1;
  }
  /// The reverse of the latest push.
  void pop(std::int32_t& head) {
    head = m_links[static_cast<std::size_t>(head)].next;
    m_links.pop_back();
  }
  template <typename Visit>
  void forNodesOf(Lifetime life, const Visit& visit) const {
    std::size_t from = static_cast<std::size_t>(life.first) + m_leaves;
    std::size_t to = static_cast<std::size_t>(life.last) + m_leaves + 1;
    for (; from < to; from /= 2, to /= 2) {
      if (from % 2 == 1) visit(from++);
      if (to % 2 == 1) visit(--to);
    }
  }
  void collect(const PackItem& item, std::size_t region) {
    m_met.clear();
    const auto add = [this](std::int32_t at) {
      for (; at >= 0; at = m_links[static_cast<std::size_t>(at)].next)
        m_met.push_back(m_links[static_cast<std::size_t>(at)].span);
    };
    std::size_t node = static_cast<std::size_t>(item.life.first) + m_leaves;
    for (; node > 0; node /= 2) add(covering(region, node));
    for (std::int32_t step = item.life.first + 1; step <= item.life.last; ++step)
      add(starting(region, step));
  }

  std::span<const PackItem> m_items;
  std::size_t m_steps = 0;
  std::size_t m_leaves = 1;
  std::vector<std::int32_t> m_covering;  // first links, -1 for none
  std::vector<std::int32_t> m_starting;
  std::vector<Link> m_links;
  Spans m_met;
};

bool isPlaced(const PackItem& item) {
  return item.life.first >= 0 && item.size > Bytes(0);
}

using Places = std::vector<PackPlace>;

/// In the given order, each item at the lowest gap of the first region that has one.
std::optional<Places> packInOrder(std::span<const PackItem> items,
                                  std::span<const Bytes> capacities,
                                  std::span<const std::size_t> order) {
  Placed placed(items, capacities.size());
  Places places(items.size());
  for (const std::size_t index : order) {
    bool done = false;
    for (std::size_t region = 0; region < capacities.size() && !done; ++region) {
      if (items[index].size > capacities[region]) continue;
      const Bytes offset = placed.lowestGap(items[index], region);
      if (offset + items[index].size > capacities[region]) continue;
      places[index] = {region, offset};
      placed.put(index, places[index]);
      done = true;
    }
    if (!done) return std::nullopt;
  }
  return places;
}

/// Depth-first over regions and offsets, for a bounded number of nodes.
std::optional<Places> packBySearch(std::span<const PackItem> items,
                                   std::span<const Bytes> capacities,
                                   std::span<const std::size_t> order) {
  Placed placed(items, capacities.size());
  Places places(items.size());
  std::size_t nodes = 0;
  const std::function<bool(std::size_t)> descend = [&](std::size_t depth) {
    if (depth == order.size()) return true;
    const std::size_t index = order[depth];
    for (std::size_t region = 0; region < capacities.size(); ++region) {
      for (const Bytes offset : placed.offsets(items[index], region, capacities[region])) {
        if (++nodes > kSearchNodes) return false;
        places[index] = {region, offset};
        placed.put(index, places[index]);
        if (descend(depth + 1)) return true;
        placed.takeBack(index, {region, offset});
      }
    }
    return false;
  };
  if (descend(0)) return places;
  return std::nullopt;
}

/// Whether some step alone shows that there is no packing: what is alive exceeds all regions, or is
/// few parts of which every split was tried. Spares the search where its answer is known.
bool isHopeless(std::span<const PackItem> items, std::span<const Bytes> capacities) {
  const Bytes total = std::accumulate(capacities.begin(), capacities.end(), Bytes(0));
  Bytes largest;
  for (const Bytes capacity : capacities) largest = std::max(largest, capacity);
  std::size_t steps = 0;
  for (const PackItem& item : items)
    steps = std::max(steps, static_cast<std::size_t>(item.life.last + 1));
  const auto begins = Lists<std::size_t>::grouped(steps, [&](const auto& visit) {
    for (std::size_t i = 0; i < items.size(); ++i)
      if (isPlaced(items[i])) visit(static_cast<std::size_t>(items[i].life.first), i);
  });
  // The most is alive at a step where something begins.
  const auto endsLater = [&](std::size_t a, std::size_t b) {
    return items[a].life.last > items[b].life.last;
  };
  std::vector<std::size_t> alive;  // a heap, the next to end at its front
  std::vector<Bytes> parts;
  Bytes sum;
  for (std::size_t step = 0; step < steps; ++step) {
    if (begins[step].empty()) continue;
    while (!alive.empty() && items[alive.front()].life.last < static_cast<std::int32_t>(step)) {
      sum -= items[alive.front()].size;
      std::pop_heap(alive.begin(), alive.end(), endsLater);
      alive.pop_back();
    }
    for (const std::size_t item : begins[step]) {
      alive.push_back(item);
      std::push_heap(alive.begin(), alive.end(), endsLater);
      sum += items[item].size;
    }
    if (sum > total) return true;
    if (sum <= largest || alive.size() > kExactParts) continue;
    parts.clear();
    for (const std::size_t i : alive) parts.push_back(items[i].size);
    if (missingFor(parts, capacities) > Bytes(0)) return true;
  }
  return false;
}

/// The same items with steps numbered without holes: only their order matters, and a model may
/// claim steps in the millions.
std::vector<PackItem> withDenseSteps(std::span<const PackItem> items) {
  std::vector<PackItem> dense(items.begin(), items.end());
  std::size_t last = 0;
  for (PackItem& item : dense) {
    if (isPlaced(item))
      last = std::max(last, static_cast<std::size_t>(item.life.last));
    else
      item.life = {};
  }
  if (last <= 4 * items.size()) return dense;
  std::vector<std::int32_t> steps;
  for (const PackItem& item : items) {
    if (!isPlaced(item)) continue;
    steps.push_back(item.life.first);
    steps.push_back(item.life.last);
  }
  std::sort(steps.begin(), steps.end());
  steps.erase(std::unique(steps.begin(), steps.end()), steps.end());
  const auto rank = [&](std::int32_t step) {
    return static_cast<std::int32_t>(std::lower_bound(steps.begin(), steps.end(), step) -
                                     steps.begin());
  };
  for (PackItem& item : dense)
    if (isPlaced(item)) item.life = {rank(item.life.first), rank(item.life.last)};
  return dense;
}

}  // namespace

// Which order succeeds cannot be known beforehand. The most touched bytes first gives the best use
// of fast memory; the largest first, and the longest lived first, pack tighter. When all fail, a
// bounded search over all left-justified placements is the last word.
std::optional<std::vector<PackPlace>> packIntoRegions(std::span<const PackItem> given,
                                                      std::span<const Bytes> capacities) {
  const std::vector<PackItem> items = withDenseSteps(given);
  if (capacities.empty() || isHopeless(items, capacities)) {
    const bool nothing = std::none_of(items.begin(), items.end(), isPlaced);
    return nothing ? std::optional(Places(items.size())) : std::nullopt;
  }
  std::vector<std::size_t> order;
  for (std::size_t i = 0; i < items.size(); ++i)
    if (isPlaced(items[i])) order.push_back(i);
  const auto lengthOf = [](const PackItem& item) { return item.life.last - item.life.first; };
  // a.touched / a.size > b.touched / b.size, without losing digits
  const auto denser = [](const PackItem& a, const PackItem& b) {
    return static_cast<Wide>(a.touched) * b.size.value >
           static_cast<Wide>(b.touched) * a.size.value;
  };
  const auto larger = [](const PackItem& a, const PackItem& b) { return a.size > b.size; };
  const auto longer = [&](const PackItem& a, const PackItem& b) {
    return lengthOf(a) != lengthOf(b) ? lengthOf(a) > lengthOf(b) : a.size > b.size;
  };
  const auto earlier = [](const PackItem& a, const PackItem& b) {
    return a.life.first != b.life.first ? a.life.first < b.life.first : a.size > b.size;
  };
  const auto attempt = [&](const auto& before) {
    std::vector<std::size_t> sorted = order;
    std::stable_sort(sorted.begin(), sorted.end(),
                     [&](std::size_t a, std::size_t b) { return before(items[a], items[b]); });
    return packInOrder(items, capacities, sorted);
  };
  if (capacities.size() > 1)
    if (auto places = attempt(denser)) return places;
  if (auto places = attempt(larger)) return places;
  if (auto places = attempt(longer)) return places;
  if (auto places = attempt(earlier)) return places;
  if (order.size() > kSearchItems) return std::nullopt;
  std::stable_sort(order.begin(), order.end(),
                   [&](std::size_t a, std::size_t b) { return larger(items[a], items[b]); });
  return packBySearch(items, capacities, order);
}

Bytes missingFor(std::span<const Bytes> parts, std::span<const Bytes> capacities) {
  const Bytes total = std::accumulate(parts.begin(), parts.end(), Bytes(0));
  if (capacities.empty()) return total;
  const auto largestAt = std::max_element(capacities.begin(), capacities.end());
  const Bytes largest = *largestAt;
  if (total <= largest) return Bytes(0);

  // The largest region takes what the others do not: the question is how much the others can take.
  std::vector<Bytes> free(capacities.begin(), largestAt);
  free.insert(free.end(), largestAt + 1, capacities.end());
  std::vector<Bytes> sorted(parts.begin(), parts.end());
  std::sort(sorted.begin(), sorted.end(), std::greater());
  if (sorted.size() > kExactParts) {
    Bytes left = total;
    for (const Bytes part : sorted) {
      const auto place =
          std::find_if(free.begin(), free.end(), [&](Bytes room) { return room >= part; });
      if (place == free.end()) continue;
      *place -= part;
      left -= part;
    }
    return std::max(Bytes(0), left - largest);
  }
  Bytes best = total;
  const std::function<void(std::size_t, Bytes)> descend = [&](std::size_t at, Bytes left) {
    // `left` counts the parts before `at` that stay with the largest region.
    if (left >= best || best <= largest) return;
    if (at == sorted.size()) {
      best = left;
      return;
    }
    for (Bytes& room : free) {
      if (room < sorted[at]) continue;
      room -= sorted[at];
      descend(at + 1, left);
      room += sorted[at];
    }
    descend(at + 1, left + sorted[at]);
  };
  descend(0, Bytes(0));
  return std::max(Bytes(0), best - largest);
}

}  // namespace mcuprof
