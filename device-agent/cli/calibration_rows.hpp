#pragma once

#include <cstdint>
#include <map>
#include <string>
#include <vector>

#include "analyzer/cli/inputs.hpp"
#include "analyzer/fitting/calibration.hpp"
#include "analyzer/fitting/power_calibration.hpp"
#include "db/calibration_store.hpp"
#include "db/database.hpp"
#include "db/run.hpp"

namespace mcuprof::cli {

/// The models that runs can be predicted from again, by the SHA-256 of their files.
class ModelShelf {
 public:
  /// Takes .tflite files and folders with some. Files are hashed when first asked for.
  explicit ModelShelf(std::vector<std::string> places) : m_places(std::move(places)) {}

  /// nullptr when it is not among them, or cannot be read.
  std::shared_ptr<const Graph> find(const std::string& sha256);
  /// Its file; empty when it is not among them.
  std::string pathOf(const std::string& sha256);

 private:
  void look();

  std::vector<std::string> m_places;
  bool m_looked = false;
  std::map<std::string, std::string> m_files;
  std::map<std::string, std::shared_ptr<const Graph>> m_graphs;
};

/// A run's prediction by the cost model of today, for the state that the run was in.
Analysis analyzeRun(const db::RunRecord& run, std::shared_ptr<const Graph> graph,
                    std::shared_ptr<const Target> target,
                    const std::optional<Calibration>& calibration = {});

/// Rows of runs that may calibrate, and why others may not.
struct CalibrationRows {
  std::vector<CalibrationRow> rows;
  std::vector<db::CalibrationInput> inputs;       ///< parallel to rows; predictions are still 0
  std::vector<PowerRow> power;                    ///< of those runs whose energy was measured
  std::vector<db::CalibrationInput> powerInputs;  ///< parallel to power
  double powerBand = 0;  ///< widest relative half width of what was known of the power before
  std::int64_t runs = 0;
  std::map<std::string, std::int64_t> left;  ///< number of runs by reason
};

/// Reads the runs on the target's board with kernels of its runtime. `wanted` is measured or
/// imported; the virtual board never calibrates.
Result<CalibrationRows> collectRows(db::Database& database, const TargetInput& target,
                                    db::Provenance wanted, ModelShelf& models);

}  // namespace mcuprof::cli
