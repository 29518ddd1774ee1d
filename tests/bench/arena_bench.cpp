#include <benchmark/benchmark.h>

#include "analyzer/analysis/arena.hpp"
#include "analyzer/analysis/kernels.hpp"
#include "analyzer/analysis/schedule.hpp"
#include "tests/bench/models.hpp"
#include "tests/bench/targets.hpp"

namespace mcuprof::bench {
namespace {

void planArenaOf(benchmark::State& state, const Graph& graph) {
  const Target target = paperTarget();
  const KernelPlan kernels = selectKernels(graph, target.core, target.runtime);
  const Schedule schedule = makeSchedule(graph);
  for (auto _ : state) {
    benchmark::DoNotOptimize(planArena(graph, kernels, schedule, target.runtime));
  }
}

void SelectKernelsOfMobilenetV2(benchmark::State& state) {
  const auto graph = graphOf(mobilenetV2File());
  const Target target = paperTarget();
  for (auto _ : state) {
    benchmark::DoNotOptimize(selectKernels(*graph, target.core, target.runtime));
  }
}
BENCHMARK(SelectKernelsOfMobilenetV2)->Unit(benchmark::kMicrosecond);

void PlanArenaOfMobilenetV2(benchmark::State& state) {
  planArenaOf(state, *graphOf(mobilenetV2File()));
}
BENCHMARK(PlanArenaOfMobilenetV2)->Unit(benchmark::kMicrosecond);

void PlanArenaOfChain(benchmark::State& state) {
  planArenaOf(state, *graphOf(makeChain(state.range(0))));
  state.SetComplexityN(state.range(0));
}
BENCHMARK(PlanArenaOfChain)
    ->RangeMultiplier(10)
    ->Range(10, 10'000)
    ->Unit(benchmark::kMicrosecond)
    ->Complexity(benchmark::oNLogN);

}  // namespace
}  // namespace mcuprof::bench
