#include <benchmark/benchmark.h>

#include "analyzer/model/tflite_reader.hpp"
#include "analyzer/model/tflite_writer.hpp"
#include "analyzer/model/zoo.hpp"
#include "tests/bench/models.hpp"

namespace mcuprof::bench {
namespace {

void ReadMobilenetV2(benchmark::State& state) {
  const auto file = mobilenetV2File();
  for (auto _ : state) benchmark::DoNotOptimize(readTflite(file));
}
BENCHMARK(ReadMobilenetV2)->Unit(benchmark::kMicrosecond);

void BuildGraphOfMobilenetV2(benchmark::State& state) {
  const Result<Model> model = readTflite(mobilenetV2File());
  for (auto _ : state) benchmark::DoNotOptimize(buildGraph(*model));
}
BENCHMARK(BuildGraphOfMobilenetV2)->Unit(benchmark::kMicrosecond);

void BuildGraphOfChain(benchmark::State& state) {
  const Model model = makeChain(state.range(0));
  for (auto _ : state) benchmark::DoNotOptimize(buildGraph(model));
  state.SetComplexityN(state.range(0));
}
BENCHMARK(BuildGraphOfChain)
    ->RangeMultiplier(10)
    ->Range(10, 10'000)
    ->Unit(benchmark::kMicrosecond)
    ->Complexity(benchmark::oNLogN);

void MakeMobilenetV2(benchmark::State& state) {
  for (auto _ : state) benchmark::DoNotOptimize(makeZooModel("mobilenet_v2", {}));
}
BENCHMARK(MakeMobilenetV2)->Unit(benchmark::kMillisecond);

void WriteMobilenetV2(benchmark::State& state) {
  const Result<Model> model = readTflite(mobilenetV2File());
  for (auto _ : state) benchmark::DoNotOptimize(writeTflite(*model));
}
BENCHMARK(WriteMobilenetV2)->Unit(benchmark::kMillisecond);

}  // namespace
}  // namespace mcuprof::bench
