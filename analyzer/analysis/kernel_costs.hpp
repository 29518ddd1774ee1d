#pragma once

#include <optional>
#include <string_view>

#include "analyzer/analysis/kernels.hpp"
#include "analyzer/analysis/schedule.hpp"
#include "analyzer/base/indexed.hpp"
#include "analyzer/model/graph.hpp"
#include "analyzer/target/cost_tables.hpp"
#include "analyzer/target/opt_level.hpp"
#include "analyzer/target/runtime.hpp"

namespace mcuprof {

/// What the kernel library's routine for one operator costs.
struct CountedKernel {
  std::optional<KernelCost> cost;
  std::string_view unknownReason;  ///< why there is no cost; empty for an operator that never runs
};

using KernelCosts = Table<OpId, CountedKernel>;

/// Looks up the routine of each operator that runs in the kernel table of its library, at an
/// optimisation level. The result points into `costs`.
KernelCosts costKernels(const Graph& graph, const KernelPlan& kernels, const Schedule& schedule,
                        const Runtime& runtime, const CostTables& costs, OptLevel opt);

}  // namespace mcuprof
