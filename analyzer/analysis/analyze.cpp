#include "analyzer/analysis/analyze.hpp"

#include <utility>

namespace mcuprof {

Analysis analyze(std::shared_ptr<const Graph> graph, std::shared_ptr<const Target> target,
                 const PlacementOptions& options, const MachineOptions& machine,
                 const std::optional<Calibration>& calibration) {
  Analysis a;
  a.graph = std::move(graph);
  a.target = std::move(target);
  a.options = options;
  a.calibration = calibration;
  const Graph& g = *a.graph;
  const Target& t = *a.target;

  const MachineState state = machineState(t.board, machine, t.runtime.opt);
  a.kernels = selectKernels(g, t.core, t.runtime);
  a.schedule = makeSchedule(g);
  a.arena = planArena(g, a.kernels, a.schedule, t.runtime);
  a.workingSets = countWorkingSets(g, a.kernels);
  a.memory =
      planMemory(g, a.kernels, a.schedule, a.arena, a.workingSets, t.board, t.runtime, options);
  a.kernelCosts = costKernels(g, a.kernels, a.schedule, t.runtime, t.costs, state.opt);
  a.traffic =
      countTraffic(g, a.kernels, a.kernelCosts, a.schedule, a.arena, a.memory, t.board, t.runtime);
  a.cycles = estimateCycles(g, a.kernels, a.kernelCosts, a.schedule, a.memory, a.traffic, t.board,
                            t.core, t.runtime, t.costs, state, a.calibration);
  a.energy = estimateEnergy(a.cycles, t.board, a.calibration);
  return a;
}

}  // namespace mcuprof
