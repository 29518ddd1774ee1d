#include <benchmark/benchmark.h>

#include <memory>
#include <utility>

#include "analyzer/analysis/analyze.hpp"
#include "tests/bench/models.hpp"
#include "tests/bench/targets.hpp"

namespace mcuprof::bench {
namespace {

std::shared_ptr<const Target> shared(Target target) {
  return std::make_shared<const Target>(std::move(target));
}

void analyzeFor(benchmark::State& state, const std::shared_ptr<const Graph>& graph, Target board) {
  const auto target = shared(std::move(board));
  const PlacementOptions options;
  for (auto _ : state) benchmark::DoNotOptimize(analyze(graph, target, options));
}

// The paper's board: activations exceed the largest region and spills are chosen.
void AnalyzeMobilenetV2(benchmark::State& state) {
  analyzeFor(state, graphOf(mobilenetV2File()), paperTarget());
}
BENCHMARK(AnalyzeMobilenetV2)->Unit(benchmark::kMicrosecond);

void AnalyzeMobilenetV2WithoutCycles(benchmark::State& state) {
  Target target = paperTarget();
  target.costs = {};
  analyzeFor(state, graphOf(mobilenetV2File()), std::move(target));
}
BENCHMARK(AnalyzeMobilenetV2WithoutCycles)->Unit(benchmark::kMicrosecond);

// Activations fit, weights stream.
void AnalyzeMobilenetV2OnRoomyBoard(benchmark::State& state) {
  analyzeFor(state, graphOf(mobilenetV2File()), targetWith("h743zi2"));
}
BENCHMARK(AnalyzeMobilenetV2OnRoomyBoard)->Unit(benchmark::kMicrosecond);

// Hardly any RAM, so that many layers spill.
void AnalyzeMobilenetV2OnSmallBoard(benchmark::State& state) {
  analyzeFor(state, graphOf(mobilenetV2File()), targetWith("f207zg"));
}
BENCHMARK(AnalyzeMobilenetV2OnSmallBoard)->Unit(benchmark::kMicrosecond);

void AnalyzeChain(benchmark::State& state) {
  analyzeFor(state, graphOf(makeChain(state.range(0))), paperTarget());
  state.SetComplexityN(state.range(0));
}
BENCHMARK(AnalyzeChain)
    ->RangeMultiplier(10)
    ->Range(10, 10'000)
    ->Unit(benchmark::kMicrosecond)
    ->Complexity(benchmark::oNLogN);

// A chain whose activations never fit, so that every layer spills.
void AnalyzeSpillingChain(benchmark::State& state) {
  analyzeFor(state, graphOf(makeChain(state.range(0), 128)), targetWith("f091rc"));
  state.SetComplexityN(state.range(0));
}
BENCHMARK(AnalyzeSpillingChain)
    ->RangeMultiplier(10)
    ->Range(10, 10'000)
    ->Unit(benchmark::kMicrosecond)
    ->Complexity(benchmark::oNLogN);

// The stages one by one, to see where the time of AnalyzeMobilenetV2 goes.

void CountWorkingSetsOfMobilenetV2(benchmark::State& state) {
  const Analysis a = analyze(graphOf(mobilenetV2File()), shared(paperTarget()), {});
  for (auto _ : state) benchmark::DoNotOptimize(countWorkingSets(*a.graph, a.kernels));
}
BENCHMARK(CountWorkingSetsOfMobilenetV2)->Unit(benchmark::kMicrosecond);

void PlanMemoryOfMobilenetV2(benchmark::State& state) {
  const Analysis a = analyze(graphOf(mobilenetV2File()), shared(paperTarget()), {});
  for (auto _ : state) {
    benchmark::DoNotOptimize(planMemory(*a.graph, a.kernels, a.schedule, a.arena, a.workingSets,
                                        a.target->board, a.target->runtime, a.options));
  }
}
BENCHMARK(PlanMemoryOfMobilenetV2)->Unit(benchmark::kMicrosecond);

void CountTrafficOfMobilenetV2(benchmark::State& state) {
  const Analysis a = analyze(graphOf(mobilenetV2File()), shared(paperTarget()), {});
  for (auto _ : state) {
    benchmark::DoNotOptimize(countTraffic(*a.graph, a.kernels, a.kernelCosts, a.schedule, a.arena,
                                          a.memory, a.target->board, a.target->runtime));
  }
}
BENCHMARK(CountTrafficOfMobilenetV2)->Unit(benchmark::kMicrosecond);

}  // namespace
}  // namespace mcuprof::bench
