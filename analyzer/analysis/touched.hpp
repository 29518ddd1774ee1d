#pragma once

#include <optional>

#include "analyzer/base/quantity.hpp"
#include "analyzer/model/graph.hpp"
#include "analyzer/target/runtime.hpp"

namespace mcuprof {

/// Bytes that the loads and stores of a kernel's loop nest move, re-reads included.
struct TouchedBytes {
  Bytes input;
  Bytes weights;
  Bytes bias;
  Bytes output;
};

/// Exact for kernels whose loop nest is known: the reference kernels of convolutions, fully
/// connected layers, average and max pooling, and ADD, SUB and MUL of equal shapes; with CMSIS-NN
/// these run for float32. Nothing for others.
std::optional<TouchedBytes> countTouched(const Graph& graph, const GraphOp& op,
                                         const Runtime& runtime);

}  // namespace mcuprof
