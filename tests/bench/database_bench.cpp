// Inserting and listing in a database with 1,000 runs of 66 layers.
#include <benchmark/benchmark.h>

#include <filesystem>
#include <memory>

#include "db/run_store.hpp"
#include "tests/bench/expect.hpp"
#include "tests/db/sample_run.hpp"

namespace mcuprof::bench {
namespace {

constexpr int kRuns = 1'000;
constexpr int kLayers = 66;

/// One file for all benchmarks, removed at the end of the program.
struct FullDatabase {
  FullDatabase()
      : folder(std::filesystem::temp_directory_path() / ("mcuprof_bench_" + db::makeUuid())),
        database(expect(db::Database::open((folder / "runs.db").string(), db::Access::ReadWrite))) {
    for (int i = 0; i < kRuns; ++i) expect(db::insertRun(database, test::sampleRun(kLayers)));
  }
  ~FullDatabase() {
    std::error_code ignored;
    std::filesystem::remove_all(folder, ignored);
  }
  std::filesystem::path folder;
  db::Database database;
};

db::Database& fullDatabase() {
  static FullDatabase full;
  return full.database;
}

// Until the run is on the disk, so mostly the disk's time.
void InsertRun(benchmark::State& state) {
  db::Database& database = fullDatabase();
  for (auto _ : state) {
    state.PauseTiming();
    const db::RunRecord run = test::sampleRun(kLayers);
    state.ResumeTiming();
    benchmark::DoNotOptimize(expect(db::insertRun(database, run)));
  }
}
BENCHMARK(InsertRun)->Unit(benchmark::kMillisecond)->UseRealTime();

void ListThousandRuns(benchmark::State& state) {
  db::Database& database = fullDatabase();
  for (auto _ : state) benchmark::DoNotOptimize(expect(db::listRuns(database)));
}
BENCHMARK(ListThousandRuns)->Unit(benchmark::kMillisecond)->UseRealTime();

void LoadRun(benchmark::State& state) {
  db::Database& database = fullDatabase();
  for (auto _ : state) benchmark::DoNotOptimize(expect(db::loadRun(database, kRuns / 2)));
}
BENCHMARK(LoadRun)->Unit(benchmark::kMillisecond)->UseRealTime();

}  // namespace
}  // namespace mcuprof::bench
