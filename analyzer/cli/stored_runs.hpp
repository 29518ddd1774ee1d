#pragma once

#include <cstdint>
#include <memory>
#include <optional>
#include <string>

#include "analyzer/base/result.hpp"
#include "analyzer/report/figures.hpp"

namespace mcuprof::cli {

/// Measurements in the database of runs.
class StoredRuns {
 public:
  /// Opens the database that `given` or the environment names. Nothing when none was named
  /// explicitly and there is none: then nothing was ever measured here.
  static Result<std::unique_ptr<StoredRuns>> open(const std::string& given);
  ~StoredRuns();
  StoredRuns(const StoredRuns&) = delete;
  StoredRuns& operator=(const StoredRuns&) = delete;

  /// The newest run of this very model (by SHA-256) on this board and with this runtime that was
  /// measured on a device and has the time of a whole inference. Runs of the virtual board, imports
  /// and predictions do not count.
  Result<std::optional<MeasuredFigures>> find(const std::string& modelSha256,
                                              const std::string& board, const std::string& runtime);

 private:
  struct State;
  explicit StoredRuns(std::unique_ptr<State> state);
  std::unique_ptr<State> m_state;
};

/// A stored run as one side of a difference: what was measured, and of layers without a measurement
/// what was predicted. A run says nothing about memory (hasMemory is
/// false).
Result<ModelFigures> figuresOfRun(const std::string& database, std::int64_t id);

}  // namespace mcuprof::cli
