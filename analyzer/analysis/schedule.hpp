#pragma once

#include <cstdint>
#include <vector>

#include "analyzer/base/indexed.hpp"
#include "analyzer/model/graph.hpp"

namespace mcuprof {

/// When a tensor must be in memory, in steps, both ends inclusive. Step 0 is before the first
/// operator; -1..-1 for a tensor that nobody uses.
struct Lifetime {
  std::int32_t first = -1;
  std::int32_t last = -1;
  friend bool operator==(const Lifetime&, const Lifetime&) = default;
};

/// The order in which operators run and what must be alive when, in TensorFlow Lite Micro's count
/// of steps: an operator takes the step after its predecessor; a subgraph that it calls begins one
/// step later, at its inputs, and its operators take the steps that follow.
struct Schedule {
  std::vector<OpId> order;         ///< by step; an op of a subgraph that is never called is absent
  Table<OpId, std::int32_t> step;  ///< 1-based; -1 when absent from the order
  /// From an operator's first step to the last one of what it calls, over all its calls; what it
  /// asked as scratch lives that long. -1..-1 when absent from the order.
  Table<OpId, Lifetime> running;
  Table<TensorId, Lifetime> lifetime;  ///< of every tensor; constants -1..-1
  std::int32_t stepCount = 0;          ///< highest step
};

/// Calls that would never end (a subgraph that calls itself) are left out.
Schedule makeSchedule(const Graph& graph);

}  // namespace mcuprof
