#include "analyzer/cli/stored_calibration.hpp"

#include <fmt/format.h>

#include <filesystem>

#include "analyzer/cli/console.hpp"
#include "analyzer/cli/target_hashes.hpp"
#include "analyzer/fitting/calibration.hpp"
#include "db/database.hpp"

namespace mcuprof::cli {

db::CalibrationKey calibrationKey(const TargetInput& target) {
  return {hashOfFiles(target.files, {"board", "core"}), hashOfFiles(target.files, {"runtime"}),
          hashOfFiles(target.files, {"costs"})};
}

Calibration calibrationOf(const db::StoredCalibration& stored) {
  Calibration out;
  out.name = fmt::format("{} of {} ({} {} run{} of {} models)", stored.id,
                         stored.created.substr(0, 10), stored.runs, nameOf(stored.provenance),
                         stored.runs == 1 ? "" : "s", stored.models);
  out.boardBand = stored.boardBand;
  out.layerBand = stored.layerBand;
  for (const db::StoredParameter& p : stored.parameters) {
    if (!p.fitted) continue;
    if (p.name == nameOf(CalibrationParameter::Scale)) out.scale = p.value;
    if (p.name == nameOf(CalibrationParameter::Branches)) out.branches = p.value;
    if (p.name == nameOf(CalibrationParameter::Flash)) out.flash = p.value;
    if (p.name == nameOf(CalibrationParameter::OperatorFee)) out.operatorFee = p.value;
  }
  return out;
}

bool mayHaveCalibration(const std::string& given) {
  const auto path = db::databasePath(given);
  std::error_code failed;
  return path && std::filesystem::exists(*path, failed);
}

Result<std::optional<Calibration>> findStoredCalibration(const std::string& given,
                                                         const TargetInput& target) {
  const auto path = db::databasePath(given);
  if (!path) {
    if (given.empty()) return std::optional<Calibration>();
    return path.error();
  }
  // Most analyses run where nothing was ever stored; they must not pay for a database.
  std::error_code failed;
  if (given.empty() && !std::filesystem::exists(*path, failed)) return std::optional<Calibration>();
  auto database = db::Database::open(*path, db::Access::ReadOnly);
  if (!database) return database.error();
  const auto found = db::findCalibration(*database, calibrationKey(target));
  if (!found) return found.error();
  if (*found) return std::optional(calibrationOf(**found));
  const auto other =
      db::findCalibrationByName(*database, target.target->board.name, target.target->runtime.name);
  if (!other) return other.error();
  if (*other) {
    note(
        fmt::format("calibration {} was made with other files of board, runtime or kernel tables "
                    "and is not used; \"mcuprof calibrate\" makes a new one",
                    calibrationOf(**other).name));
  }
  return std::optional<Calibration>();
}

}  // namespace mcuprof::cli
