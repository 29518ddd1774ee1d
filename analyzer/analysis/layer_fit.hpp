#pragma once

#include "analyzer/analysis/kernels.hpp"
#include "analyzer/analysis/schedule.hpp"
#include "analyzer/analysis/sram_budget.hpp"
#include "analyzer/analysis/working_set.hpp"
#include "analyzer/base/indexed.hpp"
#include "analyzer/base/quantity.hpp"
#include "analyzer/model/graph.hpp"

namespace mcuprof {

/// Does one layer's working set fit the RAM by itself, each part in one region?
struct LayerFit {
  bool activationsFit = true;  ///< inputs, outputs, scratch
  bool workingSetFits = true;  ///< with weights and biases; when not, weights stream
  Bytes activationsMissing;    ///< by which the largest region would have to grow; 0 when they fit
  Bytes workingSetMissing;
};

/// Operators that never run fit.
Table<OpId, LayerFit> fitLayers(const Graph& graph, const KernelPlan& kernels,
                                const Schedule& schedule, const WorkingSets& workingSets,
                                const SramBudget& budget);

}  // namespace mcuprof
