#pragma once

#include <memory>
#include <optional>
#include <string>

#include "analyzer/analysis/arena.hpp"
#include "analyzer/analysis/calibration.hpp"
#include "analyzer/analysis/cycles.hpp"
#include "analyzer/analysis/energy.hpp"
#include "analyzer/analysis/kernel_costs.hpp"
#include "analyzer/analysis/kernels.hpp"
#include "analyzer/analysis/machine.hpp"
#include "analyzer/analysis/placement.hpp"
#include "analyzer/analysis/schedule.hpp"
#include "analyzer/analysis/traffic.hpp"
#include "analyzer/analysis/working_set.hpp"
#include "analyzer/model/graph.hpp"
#include "analyzer/target/runtime.hpp"
#include "analyzer/target/target.hpp"

namespace mcuprof {

/// Everything a model is held against.
struct Target {
  Board board;
  Core core;
  Runtime runtime;
  CostTables costs;  ///< of the runtime's kernels on the core; empty: every cost is unknown
};

/// All that one analysis found. Tables are parallel to the graph's.
struct Analysis {
  std::shared_ptr<const Graph> graph;
  std::shared_ptr<const Target> target;
  PlacementOptions options;
  std::optional<Calibration> calibration;  ///< that the cycles follow from

  KernelPlan kernels;
  Schedule schedule;
  ArenaPlan arena;
  WorkingSets workingSets;
  MemoryPlan memory;
  KernelCosts kernelCosts;
  Traffic traffic;
  CycleEstimate cycles;
  EnergyEstimate energy;
};

/// The walk from a graph and a target to all numbers. Pure: same input, same result.
Analysis analyze(std::shared_ptr<const Graph> graph, std::shared_ptr<const Target> target,
                 const PlacementOptions& options, const MachineOptions& machine = {},
                 const std::optional<Calibration>& calibration = {});

}  // namespace mcuprof
