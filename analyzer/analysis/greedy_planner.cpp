#include <algorithm>
#include <cassert>
#include <cstdint>
#include <limits>
#include <numeric>
#include <vector>

#include "analyzer/analysis/arena.hpp"

// TensorFlow Lite Micro's greedy planner (memory_planner/greedy_memory_planner.cc). Buffers with an
// offset of their own come first, in the order given; then the others, the largest first and of
// equal sizes the later request first. Each is put at the lowest offset where it meets no buffer
// that was placed before and is alive at the same time.
//
// The device walks a list of all placed buffers for each new one, in order of offset. A buffer
// without bytes takes no room, but the walk stops at it: a larger buffer never starts below one and
// reaches over it. Both ways below keep that.

namespace mcuprof {
namespace {

struct Range {
  std::int64_t begin;
  std::int64_t end;
};

/// Whether something of `size` bytes at `candidate` would run into the range.
bool blocks(const Range& range, std::int64_t candidate, std::int64_t size) {
  return range.begin < candidate + size && range.end > candidate;
}

bool overlap(Lifetime a, Lifetime b) {
  return a.first <= b.last && b.first <= a.last;
}

/// Placed buffers in one list, in order of offset, as the device has them. Fast for few.
class FlatSpace {
 public:
  explicit FlatSpace(std::span<const BufferRequest> requests) { m_placed.reserve(requests.size()); }

  std::int64_t lowestFree(Lifetime life, std::int64_t size) const {
    std::int64_t candidate = 0;
    for (const Placed& placed : m_placed) {
      if (placed.range.begin >= candidate + size) break;
      if (placed.range.end > candidate && overlap(placed.life, life)) candidate = placed.range.end;
    }
    return candidate;
  }

  void insert(Lifetime life, Range range) {
    const auto at = std::upper_bound(
        m_placed.begin(), m_placed.end(), range.begin,
        [](std::int64_t begin, const Placed& placed) { return begin < placed.range.begin; });
    m_placed.insert(at, {life, range});
  }

 private:
  struct Placed {
    Lifetime life;
    Range range;
  };
  std::vector<Placed> m_placed;
};

/// Ranges in order, with those that touch made one.
class RangeSet {
 public:
  void insert(Range range) {
    const auto first =
        std::lower_bound(m_ranges.begin(), m_ranges.end(), range.begin,
                         [](const Range& have, std::int64_t begin) { return have.end < begin; });
    auto last = first;
    for (; last != m_ranges.end() && last->begin <= range.end; ++last) {
      range.begin = std::min(range.begin, last->begin);
      range.end = std::max(range.end, last->end);
    }
    if (first == last) {
      m_ranges.insert(first, range);
    } else {
      *first = range;
      m_ranges.erase(first + 1, last);
    }
  }
  const std::vector<Range>& ranges() const { return m_ranges; }

 private:
  std::vector<Range> m_ranges;
};

/// Placed buffers in a tree over time: a node stands for a span of steps and knows which bytes are
/// taken by buffers that live through all of it (`through`), and which by buffers that live in any
/// part of it
/// (`within`). What meets a lifetime is then `within` of the few nodes that make it up, and
/// `through` of the nodes above those. Since ranges that touch are one, the sets stay small however
/// many buffers there are, and placing n buffers costs about n log n.
class TimeTreeSpace {
 public:
  explicit TimeTreeSpace(std::span<const BufferRequest> requests) {
    for (const BufferRequest& request : requests) {
      m_steps.push_back(request.life.first);
      m_steps.push_back(request.life.last);
    }
    std::sort(m_steps.begin(), m_steps.end());
    m_steps.erase(std::unique(m_steps.begin(), m_steps.end()), m_steps.end());
    m_leaves = 1;
    while (m_leaves < m_steps.size()) m_leaves *= 2;
    m_nodes.resize(2 * m_leaves);
  }

  std::int64_t lowestFree(Lifetime life, std::int64_t size) {
    m_cursors.clear();
    visit(1, 0, m_leaves - 1, indexOf(life.first), indexOf(life.last),
          [&](const Node& node, bool whole) {
            const RangeSet& set = whole ? node.within : node.through;
            if (!set.ranges().empty()) m_cursors.push_back({&set.ranges(), 0});
          });
    std::int64_t candidate = 0;
    for (bool moved = true; moved;) {
      moved = false;
      for (Cursor& cursor : m_cursors) {
        const std::vector<Range>& ranges = *cursor.ranges;
        while (cursor.at < ranges.size() && ranges[cursor.at].end <= candidate) ++cursor.at;
        if (cursor.at < ranges.size() && blocks(ranges[cursor.at], candidate, size)) {
          candidate = ranges[cursor.at].end;
          moved = true;
        }
      }
    }
    return candidate;
  }

  void insert(Lifetime life, Range range) {
    visit(1, 0, m_leaves - 1, indexOf(life.first), indexOf(life.last), [&](Node& node, bool whole) {
      node.within.insert(range);
      if (whole) node.through.insert(range);
    });
  }

 private:
  struct Node {
    RangeSet through;
    RangeSet within;
  };
  struct Cursor {
    const std::vector<Range>* ranges;
    std::size_t at;
  };

  std::size_t indexOf(std::int32_t step) const {
    return static_cast<std::size_t>(std::lower_bound(m_steps.begin(), m_steps.end(), step) -
                                    m_steps.begin());
  }

  /// Every node that meets [first, last], from the root; `whole` for the topmost ones that lie in
  /// it.
  template <typename Do>
  void visit(std::size_t node, std::size_t left, std::size_t right, std::size_t first,
             std::size_t last, const Do& act) {
    const bool whole = first <= left && right <= last;
    act(m_nodes[node], whole);
    if (whole) return;
    const std::size_t middle = (left + right) / 2;
    if (first <= middle) visit(2 * node, left, middle, first, last, act);
    if (last > middle) visit(2 * node + 1, middle + 1, right, first, last, act);
  }

  std::vector<std::int32_t> m_steps;
  std::size_t m_leaves = 1;
  std::vector<Node> m_nodes;
  std::vector<Cursor> m_cursors;
};

template <typename Space>
std::vector<Bytes> placeIn(Space space, std::span<const BufferRequest> requests,
                           std::span<const std::uint32_t> order) {
  std::vector<Bytes> offsets(requests.size());
  for (const std::uint32_t index : order) {
    const BufferRequest& request = requests[index];
    const Bytes offset = request.fixedOffset
                             ? *request.fixedOffset
                             : Bytes(space.lowestFree(request.life, request.size.value));
    offsets[index] = offset;
    space.insert(request.life, {offset.value, (offset + request.size).value});
  }
  return offsets;
}

}  // namespace

std::vector<Bytes> placeGreedily(std::span<const BufferRequest> requests) {
  // Of equal sizes the device places the later request first, so start from the reverse order.
  std::vector<std::uint32_t> order(requests.size());
  std::iota(order.begin(), order.end(), 0U);
  const auto free = std::stable_partition(order.begin(), order.end(), [&](std::uint32_t index) {
    return requests[index].fixedOffset.has_value();
  });
  std::sort(free, order.end(), [&](std::uint32_t a, std::uint32_t b) {
    return requests[a].size != requests[b].size ? requests[a].size > requests[b].size : a > b;
  });
  constexpr std::size_t kFew = 192;
  return requests.size() <= kFew ? placeIn(FlatSpace(requests), requests, order)
                                 : placeIn(TimeTreeSpace(requests), requests, order);
}

}  // namespace mcuprof
