// From a new process to the picture of its window with a model of 66 operators analyzed, and the
// most memory that took. The files are in the page cache.
#include <benchmark/benchmark.h>
#include <spawn.h>
#include <sys/resource.h>
#include <sys/wait.h>

#include <chrono>
#include <cstdlib>
#include <filesystem>
#include <string>
#include <vector>

#include "tests/bench/gui/bench_model.hpp"

extern char** environ;

namespace mcuprof::gui {
namespace {

void coldStart(benchmark::State& state) {
  const std::string model = writeBenchModel();
  const std::string picture = model + ".png";
  long mostKib = 0;
  for (auto _ : state) {
    std::vector<std::string> words = {MCUPROF_GUI_PROGRAM, "--screenshot", "window=" + picture,
                                      "--exit", model};
    std::vector<char*> arguments;
    for (std::string& word : words) arguments.push_back(word.data());
    arguments.push_back(nullptr);
    const auto start = std::chrono::steady_clock::now();
    pid_t child = 0;
    int status = -1;
    rusage use{};
    if (posix_spawn(&child, words[0].c_str(), nullptr, nullptr, arguments.data(), environ) != 0 ||
        wait4(child, &status, 0, &use) != child || status != 0) {
      state.SkipWithError("mcuprof-gui did not end with status 0");
      break;
    }
    const std::chrono::duration<double> took = std::chrono::steady_clock::now() - start;
    state.SetIterationTime(took.count());
    mostKib = std::max(mostKib, use.ru_maxrss);
  }
  state.counters["most_MB"] = static_cast<double>(mostKib) / 1024;
  std::filesystem::remove(model);
  std::filesystem::remove(picture);
}
BENCHMARK(coldStart)->UseManualTime()->Unit(benchmark::kMillisecond);

}  // namespace
}  // namespace mcuprof::gui
