#pragma once

#include <optional>

#include "analyzer/base/basis.hpp"
#include "analyzer/base/quantity.hpp"
#include "analyzer/model/graph.hpp"
#include "analyzer/target/kernel_table.hpp"
#include "analyzer/target/runtime.hpp"

namespace mcuprof {

/// Bytes that the loads and stores of a kernel's loop nest move, re-reads included; nothing where
/// nobody knows.
struct TouchedBytes {
  Bytes input;
  std::optional<Bytes> weights;
  std::optional<Bytes> bias;
  Bytes output;      ///< stored
  Bytes outputRead;  ///< loaded back
  std::optional<Bytes> scratchRead;
  std::optional<Bytes> scratchWritten;
  Basis basis = Basis::Counted;
};

/// Exact for kernels whose loop nest is known: the reference kernels of convolutions, fully
/// connected layers, average and max pooling, and ADD, SUB and MUL of equal shapes; with CMSIS-NN
/// these run for float32. Nothing for others.
std::optional<TouchedBytes> countTouched(const Graph& graph, const GraphOp& op,
                                         const Runtime& runtime);

/// From the tables of a kernel library. Nothing for operators that keep state, whose bytes the
/// counts do not tell from those of inputs and outputs. No figure for the bias: it was counted
/// together with multipliers and shifts, which lie elsewhere.
std::optional<TouchedBytes> estimateTouched(const GraphOp& op, const KernelCost& cost);

}  // namespace mcuprof
