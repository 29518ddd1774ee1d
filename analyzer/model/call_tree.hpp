#pragma once

#include "analyzer/model/op_view.hpp"

namespace mcuprof {

/// Subgraphs that an operator runs: of IF both branches, of WHILE condition and body.
std::vector<SubgraphId> calleesOf(const GraphOp& op);

/// Whether control flow ends: no subgraph calls itself, calls nest at most 100 deep, one inference
/// runs at most ten million operators when each body runs once, and the numbers of arguments agree.
OpProblem checkCalls(const Graph& graph);

}  // namespace mcuprof
