#pragma once

#include <optional>
#include <span>
#include <string>

#include "analyzer/analysis/calibration.hpp"
#include "analyzer/base/result.hpp"
#include "analyzer/cli/inputs.hpp"
#include "db/calibration_store.hpp"

namespace mcuprof::cli {

/// Whether a command takes a calibration, and from which database.
struct CalibrationUse {
  bool wanted = true;
  std::string database;  ///< empty: the usual one, if there is one
};

/// The files that a calibration holds for, by their hashes.
db::CalibrationKey calibrationKey(const TargetInput& target);

/// What the analysis takes of it.
Calibration calibrationOf(const db::StoredCalibration& stored);

/// Whether there may be one; otherwise a target's files need no hashes.
bool mayHaveCalibration(const CalibrationUse& use);

/// The newest calibration for this target's files. Nothing when none is wanted, there is none, or
/// no database; a database that was named explicitly must be there. One in the usual place that
/// cannot be read costs the calibration only, and a note says so, as for a calibration of this
/// board and runtime that was made with other files of them.
Loaded<std::optional<Calibration>> findCalibrationFor(const CalibrationUse& use,
                                                      const TargetInput& target);

/// The one for several targets that are compared with each other: nothing unless it holds for all
/// of them, for a difference between one that is calibrated and one that is not says nothing. A
/// note names it, or says why there is none.
Loaded<std::optional<Calibration>> findCommonCalibration(const CalibrationUse& use,
                                                         std::span<const TargetInput> targets);

/// Says on standard error which calibration a command takes, whose output has no place for it.
void noteCalibration(const TargetInput& target, const std::optional<Calibration>& calibration);

}  // namespace mcuprof::cli
