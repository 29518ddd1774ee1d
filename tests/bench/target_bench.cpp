#include <benchmark/benchmark.h>

#include "analyzer/target/runtime_file.hpp"
#include "tests/bench/expect.hpp"
#include "tests/bench/targets.hpp"

namespace mcuprof::bench {
namespace {

void LoadBoard(benchmark::State& state) {
  for (auto _ : state) {
    const Result<Board> board = catalogue().loadBoard("f767zi");
    if (!board) state.SkipWithError(board.error().text().c_str());
    benchmark::DoNotOptimize(board);
  }
}
BENCHMARK(LoadBoard)->Unit(benchmark::kMicrosecond);

void LoadCore(benchmark::State& state) {
  for (auto _ : state) {
    const Result<Core> core = catalogue().loadCore("cortex-m7");
    if (!core) state.SkipWithError(core.error().text().c_str());
    benchmark::DoNotOptimize(core);
  }
}
BENCHMARK(LoadCore)->Unit(benchmark::kMicrosecond);

void LoadRuntime(benchmark::State& state) {
  const std::string path = expect(catalogue().runtimePath("tflm-cmsis-nn"));
  for (auto _ : state) {
    const Result<Runtime> runtime = loadRuntime(path);
    if (!runtime) state.SkipWithError(runtime.error().text().c_str());
    benchmark::DoNotOptimize(runtime);
  }
}
BENCHMARK(LoadRuntime)->Unit(benchmark::kMicrosecond);

void ListBoards(benchmark::State& state) {
  for (auto _ : state) {
    const auto boards = catalogue().listBoards();
    if (!boards) state.SkipWithError(boards.error().text().c_str());
    state.counters["boards"] = static_cast<double>(boards ? boards->size() : 0);
  }
}
BENCHMARK(ListBoards)->Unit(benchmark::kMicrosecond);

}  // namespace
}  // namespace mcuprof::bench
