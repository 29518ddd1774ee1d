#pragma once

#include <cstddef>
#include <cstdint>
#include <span>
#include <vector>

#include "analyzer/analysis/spilling.hpp"
#include "analyzer/base/lists.hpp"
#include "analyzer/base/quantity.hpp"

namespace mcuprof {

/// Buffers that may be spilled and are alive at once, at most; a state has 2 bits for each.
inline constexpr std::size_t kSpillSlots = 28;

/// What happens at each step. Each buffer that may be spilled has a slot for its life, in which the
/// planner's states keep where it is; where more are alive than there are slots, the smallest are
/// pinned, since they are the least worth spilling.
struct SpillTimeline {
  SpillTimeline(std::span<const SpillItem> items, std::int32_t lastStep);

  std::size_t steps;
  std::vector<std::size_t> slotOf;  ///< by item; kSpillSlots when pinned
  // By step.
  Lists<std::size_t> begins;  ///< items with a slot
  Lists<std::size_t> ends;
  Lists<std::size_t> reads;
  /// Sizes of pinned items. Many long lives would take memory without bound; those are left out
  /// here, which makes the planner hopeful, and packing has the last word.
  Lists<Bytes> pinnedParts;
  std::vector<Bytes> pinned;  ///< sum of all pinned items at each step
  bool allHaveSlots = true;   ///< false where items were pinned for want of a slot
};

}  // namespace mcuprof
