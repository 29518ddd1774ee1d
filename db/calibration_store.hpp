#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "analyzer/base/result.hpp"
#include "db/database.hpp"
#include "db/run.hpp"

namespace mcuprof::db {

struct StoredParameter {
  std::string name;  ///< "scale", "branches", "flash stalls", "operator fee"
  bool fitted = false;
  double uncalibrated = 0;
  double value = 0;
  double low = 0;
  double high = 0;
  std::string why;  ///< it was not fitted
  friend bool operator==(const StoredParameter&, const StoredParameter&) = default;
};

/// One time that a calibration was made from, in cycles, or one power in W.
struct CalibrationInput {
  std::string runUuid;
  std::string modelSha256;
  std::string model;
  std::optional<std::int64_t> layer;  ///< from 1; nothing: the whole inference
  double measured = 0;
  double before = 0;  ///< predicted without calibration
  double after = 0;
  double weight = 1;  ///< less where it was taken for an outlier
  friend bool operator==(const CalibrationInput&, const CalibrationInput&) = default;
};

/// A factor on the power while computing.
struct StoredPowerCalibration {
  double value = 1;
  double low = 1;
  double high = 1;
  double band = 0;  ///< relative half width of a 90 % interval
  double errorBefore = 0;
  double errorAfter = 0;
  std::vector<CalibrationInput> inputs;  ///< whole inferences
  friend bool operator==(const StoredPowerCalibration&, const StoredPowerCalibration&) = default;
};

struct StoredCalibration {
  std::int64_t id = 0;  ///< in this file; set by the store
  std::string uuid;
  std::string created;  ///< UTC
  StoredBoard board;
  StoredRuntime runtime;
  std::string costsSha256;
  Provenance provenance = Provenance::Measured;  ///< of the runs: measured or imported
  std::string toolVersion;
  std::int64_t runs = 0;
  std::int64_t models = 0;
  double errorBefore = 0;  ///< mean absolute error of whole models that were left out
  double errorAfter = 0;
  double boardBand = 0;
  double layerBand = 0;
  std::vector<StoredParameter> parameters;
  std::vector<CalibrationInput> inputs;
  std::optional<StoredPowerCalibration> power;
  friend bool operator==(const StoredCalibration&, const StoredCalibration&) = default;
};

/// Stores all of it or nothing, and returns its id.
Result<std::int64_t> insertCalibration(Database& database, const StoredCalibration& calibration);

/// What a calibration holds for, by the SHA-256 of the files.
struct CalibrationKey {
  std::string board;
  std::string runtime;
  std::string costs;
  friend bool operator==(const CalibrationKey&, const CalibrationKey&) = default;
};

/// The newest calibration for these very files; without its inputs. Nothing when there is none, and
/// for a database that is older than calibrations are.
Result<std::optional<StoredCalibration>> findCalibration(Database& database,
                                                         const CalibrationKey& key);

/// The newest calibration for a board and runtime by their names, for whatever files; without
/// inputs.
Result<std::optional<StoredCalibration>> findCalibrationByName(Database& database,
                                                               const std::string& board,
                                                               const std::string& runtime);

/// With its inputs. Nothing when there is no such calibration.
Result<std::optional<StoredCalibration>> loadCalibration(Database& database, std::int64_t id);

}  // namespace mcuprof::db
