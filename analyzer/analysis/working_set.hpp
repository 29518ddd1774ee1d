#pragma once

#include "analyzer/analysis/arena.hpp"
#include "analyzer/base/indexed.hpp"
#include "analyzer/base/quantity.hpp"
#include "analyzer/model/graph.hpp"

namespace mcuprof {

/// What one operator touches, as Svoboda et al. 2022 define the working set: weights, biases, input
/// and output activations. Scratch and what else is alive stand beside it.
struct WorkingSet {
  Bytes input;    ///< activations (and state) read; a tensor that is read twice counts once
  Bytes weights;  ///< constants read, other than biases
  Bytes bias;
  Bytes output;   ///< activations written
  Bytes scratch;  ///< asked by the kernel; not part of total()

  Bytes activations() const { return input + output; }
  Bytes total() const { return input + weights + bias + output; }
};

using WorkingSets = Table<OpId, WorkingSet>;

WorkingSets countWorkingSets(const Graph& graph, const KernelPlan& kernels);

}  // namespace mcuprof
