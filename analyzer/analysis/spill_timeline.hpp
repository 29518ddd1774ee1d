#pragma once

#include <cstddef>
#include <cstdint>
#include <span>
#include <utility>
#include <vector>

#include "analyzer/analysis/spilling.hpp"
#include "analyzer/base/quantity.hpp"

namespace mcuprof {

/// Lists of things by step, in one piece of memory.
template <typename T>
class ByStep {
 public:
  ByStep() = default;
  /// Keeps the order of entries of one step.
  ByStep(std::size_t steps, std::span<const std::pair<std::int32_t, T>> entries)
      : m_start(steps + 1), m_values(entries.size()) {
    for (const auto& [step, value] : entries) ++m_start[static_cast<std::size_t>(step) + 1];
    for (std::size_t s = 1; s < m_start.size(); ++s) m_start[s] += m_start[s - 1];
    std::vector<std::size_t> next(m_start.begin(), m_start.end() - 1);
    for (const auto& [step, value] : entries)
      m_values[next[static_cast<std::size_t>(step)]++] = value;
  }

  std::span<const T> operator[](std::size_t step) const {
    return std::span(m_values).subspan(m_start[step], m_start[step + 1] - m_start[step]);
  }

 private:
  std::vector<std::size_t> m_start;
  std::vector<T> m_values;
};

/// Buffers that may be spilled and are alive at once, at most; a state has 2 bits for each.
inline constexpr std::size_t kSpillSlots = 28;

/// What happens at each step. Each buffer that may be spilled has a slot for its life, in which the
/// planner's states keep where it is; where more are alive than there are slots, the smallest are
/// pinned, since they are the least worth spilling.
struct SpillTimeline {
  SpillTimeline(std::span<const SpillItem> items, std::int32_t lastStep);

  std::size_t steps;
  std::vector<std::size_t> slotOf;  ///< by item; kSpillSlots when pinned
  ByStep<std::size_t> begins;       ///< items with a slot
  ByStep<std::size_t> ends;
  ByStep<std::size_t> reads;
  /// Sizes of pinned items. Many long lives would take memory without bound; those are left out
  /// here, which makes the planner hopeful, and packing has the last word.
  ByStep<Bytes> pinnedParts;
  std::vector<Bytes> pinned;  ///< sum of all pinned items at each step
  bool allHaveSlots = true;   ///< false where items were pinned for want of a slot
};

}  // namespace mcuprof
