#pragma once

#include <optional>
#include <string>
#include <vector>

#include "analyzer/analysis/arena.hpp"
#include "analyzer/analysis/sram_budget.hpp"
#include "analyzer/base/quantity.hpp"
#include "analyzer/model/graph.hpp"

namespace mcuprof {

struct MemoryPlan;

/// What would help, with the bytes it would free or the figure it needs.
struct Hint {
  std::string text;
  std::optional<Bytes> saves;
};

/// What would help, the most effective first. Each is computed for this model on this board; where
/// nothing is known to help, there are none.
std::vector<Hint> findHints(const Graph& graph, const Schedule& schedule, const ArenaPlan& arena,
                            const Board& board, const Runtime& runtime,
                            const PlacementOptions& options, const MemoryPlan& plan);

}  // namespace mcuprof
