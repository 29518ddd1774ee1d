// What a user waits for: `mcuprof analyze` as a new process, against a process that does nothing.
// The files are in the page cache, as they are when a build or an editor has just written them.
#include <benchmark/benchmark.h>
#include <fcntl.h>
#include <spawn.h>
#include <sys/wait.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <chrono>
#include <cstdlib>
#include <cstring>
#include <filesystem>
#include <fstream>
#include <optional>
#include <string>
#include <vector>

#include "tests/bench/models.hpp"

extern char** environ;

namespace mcuprof::bench {
namespace {

using Clock = std::chrono::steady_clock;
using Seconds = std::chrono::duration<double>;

/// Runs a program with its output thrown away. Its exit status, or nothing when it could not be
/// started or was killed.
std::optional<int> run(std::vector<std::string> words) {
  std::vector<char*> arguments;
  for (std::string& word : words) arguments.push_back(word.data());
  arguments.push_back(nullptr);
  posix_spawn_file_actions_t actions;
  posix_spawn_file_actions_init(&actions);
  posix_spawn_file_actions_addopen(&actions, STDOUT_FILENO, "/dev/null", O_WRONLY, 0);
  pid_t child = 0;
  const int failed =
      posix_spawn(&child, arguments[0], &actions, nullptr, arguments.data(), environ);
  posix_spawn_file_actions_destroy(&actions);
  if (failed != 0) return std::nullopt;
  int status = 0;
  while (waitpid(child, &status, 0) < 0) {
    if (errno != EINTR) return std::nullopt;
  }
  return WIFEXITED(status) ? std::optional(WEXITSTATUS(status)) : std::nullopt;
}

/// MobileNetV2 in a file that is removed at the end.
class ModelFile {
 public:
  ModelFile() {
    std::string name = (std::filesystem::temp_directory_path() / "mcuprof-bench-XXXXXX").string();
    const int file = mkstemp(name.data());
    if (file >= 0) close(file);
    m_path = name;
    const auto bytes = mobilenetV2File()->bytes();
    std::ofstream out(m_path, std::ios::binary);
    out.write(reinterpret_cast<const char*>(bytes.data()),
              static_cast<std::streamsize>(bytes.size()));
  }
  ~ModelFile() {
    std::error_code ignored;
    std::filesystem::remove(m_path, ignored);
  }
  ModelFile(const ModelFile&) = delete;
  ModelFile& operator=(const ModelFile&) = delete;
  const std::string& path() const { return m_path; }

 private:
  std::string m_path;
};

/// Times `words` and, in turn, the empty program, so that both see the same machine. The time
/// reported is that of `words`; the counter `above_empty_ms` is the difference of the medians.
void timeAboveEmpty(benchmark::State& state, const std::vector<std::string>& words,
                    const std::vector<int>& allowedStatus) {
  std::vector<double> program;
  std::vector<double> empty;
  const auto timed = [](const std::vector<std::string>& command, std::vector<double>& times) {
    const auto start = Clock::now();
    const std::optional<int> status = run(command);
    times.push_back(Seconds(Clock::now() - start).count());
    return status;
  };
  for (auto _ : state) {
    const std::optional<int> status = timed(words, program);
    if (!status ||
        std::find(allowedStatus.begin(), allowedStatus.end(), *status) == allowedStatus.end()) {
      const std::string what = words[0] + (status ? " exits with " + std::to_string(*status)
                                                  : std::string(" does not run"));
      state.SkipWithError(what.c_str());
      return;
    }
    if (timed({MCUPROF_EMPTY_PROGRAM}, empty) != 0) {
      state.SkipWithError("the empty program does not run");
      return;
    }
    state.SetIterationTime(program.back());
  }
  const auto median = [](std::vector<double>& times) {
    const auto middle = times.begin() + static_cast<std::ptrdiff_t>(times.size() / 2);
    std::nth_element(times.begin(), middle, times.end());
    return *middle;
  };
  state.counters["empty_ms"] = median(empty) * 1e3;
  state.counters["above_empty_ms"] = (median(program) - median(empty)) * 1e3;
}

// Exit status 1 would be "does not fit", which is an answer too.
void ColdAnalyze(benchmark::State& state) {
  const ModelFile model;
  timeAboveEmpty(state, {MCUPROF_PROGRAM, "analyze", "--board", "f767zi", model.path()}, {0, 1});
}
BENCHMARK(ColdAnalyze)->UseManualTime()->Unit(benchmark::kMillisecond);

/// Four models and a budget for five boards, in a folder that is removed at the end.
class BudgetFolder {
 public:
  BudgetFolder() {
    std::string name = (std::filesystem::temp_directory_path() / "mcuprof-bench-XXXXXX").string();
    if (mkdtemp(name.data()) != nullptr) m_path = name;
    for (const char* network : {"mobilenet_v2", "ds_cnn", "resnet8", "mobilenet_v1"}) {
      run({MCUPROF_PROGRAM, "zoo", network, "-o", m_path / (std::string(network) + ".tflite")});
    }
    std::ofstream(budget()) << "models = [\"*.tflite\"]\n"
                               "boards = [\"f767zi\", \"f746zg\", \"f429zi\", \"f207zg\", "
                               "\"f091rc\"]\n[limits]\narena = \"300KiB\"\n"
                               "latency = \"500ms\"\nspilled = 0\n";
  }
  ~BudgetFolder() {
    std::error_code ignored;
    std::filesystem::remove_all(m_path, ignored);
  }
  BudgetFolder(const BudgetFolder&) = delete;
  BudgetFolder& operator=(const BudgetFolder&) = delete;
  std::string budget() const { return m_path / "mcuprof.toml"; }

 private:
  std::filesystem::path m_path;
};

// Exit status 1 is "a limit failed": the gate did its work.
void ColdCheck(benchmark::State& state) {
  const BudgetFolder folder;
  timeAboveEmpty(state, {MCUPROF_PROGRAM, "check", "--budget", folder.budget()}, {1});
}
BENCHMARK(ColdCheck)->UseManualTime()->Unit(benchmark::kMillisecond);

void ColdHelp(benchmark::State& state) {
  timeAboveEmpty(state, {MCUPROF_PROGRAM, "--help"}, {0});
}
BENCHMARK(ColdHelp)->UseManualTime()->Unit(benchmark::kMillisecond);

}  // namespace
}  // namespace mcuprof::bench
