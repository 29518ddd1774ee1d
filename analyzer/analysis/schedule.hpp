#pragma once

#include <cstdint>
#include <vector>

#include "analyzer/base/indexed.hpp"
#include "analyzer/model/graph.hpp"

namespace mcuprof {

/// When a tensor must be in memory, in steps, both ends inclusive. Step 0 is before the first operator;
/// -1..-1 for a tensor that nobody uses.
struct Lifetime {
  std::int32_t first = -1;
  std::int32_t last = -1;
  friend bool operator==(const Lifetime&, const Lifetime&) = default;
};

/// The order in which operators run and what must be alive when. An operator of the invoked subgraph
/// takes the step after its predecessor; operators of a subgraph that it calls take the steps inside.
struct Schedule {
  std::vector<OpId> order;            ///< by step; an op of a subgraph that is never called is absent
  Table<OpId, std::int32_t> step;     ///< 1-based; -1 when absent from the order
  Table<TensorId, Lifetime> lifetime; ///< of every tensor, also of constants (then -1..-1)
  std::int32_t stepCount = 0;         ///< highest step
};

Schedule makeSchedule(const Graph& graph);

}  // namespace mcuprof
