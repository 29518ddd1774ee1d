#include <benchmark/benchmark.h>

#include "analyzer/target/catalogue.hpp"

namespace mcuprof::bench {
namespace {

const Catalogue& catalogue() {
  static const Catalogue shipped(MCUPROF_SOURCE_DIR "/targets");
  return shipped;
}

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
