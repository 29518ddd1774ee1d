#pragma once

#include <optional>
#include <string>

#include "analyzer/analysis/calibration.hpp"
#include "analyzer/base/result.hpp"
#include "analyzer/cli/inputs.hpp"
#include "db/calibration_store.hpp"

namespace mcuprof::cli {

/// The files that a calibration holds for, by their hashes.
db::CalibrationKey calibrationKey(const TargetInput& target);

/// What the analysis takes of it.
Calibration calibrationOf(const db::StoredCalibration& stored);

/// Whether there is a database to look into; without one a target's files need no hashes.
bool mayHaveCalibration(const std::string& given);

/// The newest calibration for this target's files in the database that `given` or the environment
/// names. Nothing when there is none, nor a database; a database that was named explicitly must be
/// there. A calibration for this board and runtime that was made with other files of them is not
/// taken, and a note says so.
Result<std::optional<Calibration>> findStoredCalibration(const std::string& given,
                                                         const TargetInput& target);

}  // namespace mcuprof::cli
