#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "analyzer/model/graph.hpp"

namespace mcuprof {

/// Offsets that a tool chose before (metadata "OfflineMemoryAllocation"), by tensor over all
/// subgraphs.
struct OfflinePlan {
  static constexpr std::int32_t kOnline = -1;  ///< the runtime's planner decides

  std::vector<std::int32_t> offsets;  ///< empty: there is no such plan
  std::string problem;                ///< not empty: the runtime refuses the metadata, and why

  bool exists() const { return !offsets.empty(); }
};

OfflinePlan readOfflinePlan(const Graph& graph);

}  // namespace mcuprof
