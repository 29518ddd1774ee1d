#pragma once

#include <cstdint>

#include "analyzer/base/result.hpp"
#include "analyzer/model/graph.hpp"

namespace mcuprof {

/// What-if edits. Each gives a consistent graph whose later operators have followed, or says in one
/// line which operator cannot follow and why. Weights that change their shape lose their values:
/// shapes, sizes and costs of the result are right, its outputs have no meaning.
///
/// Graphs with control flow are refused.

/// Adds `extra` filters to every CONV_2D among the ops of positions [first, last] (from 0, in file
/// order). What reads their outputs grows with them: depthwise filters, depths of later filters,
/// fully connected rows.
Result<Graph> addFilters(const Graph& graph, std::int32_t extra, std::int32_t first,
                         std::int32_t last);

/// Gives the first input of the model another height and width; it must have the form NxHxWxC.
Result<Graph> resizeInput(const Graph& graph, std::int32_t height, std::int32_t width);

}  // namespace mcuprof
