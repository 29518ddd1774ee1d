#include "analyzer/cli/stored_calibration.hpp"

#include <fmt/format.h>

#include <filesystem>

#include "analyzer/cli/console.hpp"
#include "analyzer/cli/exit_status.hpp"
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
  if (stored.power) {
    out.power = stored.power->value;
    out.powerBand = stored.power->band;
  }
  return out;
}

bool mayHaveCalibration(const CalibrationUse& use) {
  const auto path = db::databasePath(use.database);
  std::error_code failed;
  return use.wanted && path && std::filesystem::exists(*path, failed);
}

namespace {

Result<std::optional<Calibration>> find(const std::string& path, const TargetInput& target) {
  auto database = db::Database::open(path, db::Access::ReadOnly);
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

}  // namespace

Loaded<std::optional<Calibration>> findCalibrationFor(const CalibrationUse& use,
                                                      const TargetInput& target) {
  // Most analyses run where nothing was ever stored; they must not pay for a database.
  const bool named = !use.database.empty();
  if (!use.wanted || (!named && !mayHaveCalibration(use))) return std::optional<Calibration>();
  const auto path = db::databasePath(use.database);
  if (!path) return Failure{kBadInput, path.error()};
  auto found = find(*path, target);
  if (found) return *std::move(found);
  if (named) return Failure{kBadInput, found.error()};
  note(found.error().text() + "; without calibration");
  return std::optional<Calibration>();
}

Loaded<std::optional<Calibration>> findCommonCalibration(const CalibrationUse& use,
                                                         std::span<const TargetInput> targets) {
  auto found = findCalibrationFor(use, targets.front());
  if (!found || !*found) return found;
  const db::CalibrationKey key = calibrationKey(targets.front());
  for (const TargetInput& target : targets) {
    if (calibrationKey(target) == key) continue;
    note(
        fmt::format("calibration {} does not hold for all that is compared (another board or "
                    "optimisation level) and is not used",
                    (*found)->name));
    return std::optional<Calibration>();
  }
  noteCalibration(targets.front(), *found);
  return found;
}

void noteCalibration(const TargetInput& target, const std::optional<Calibration>& calibration) {
  if (!calibration) return;
  note(fmt::format("{} with {}: calibration {}", target.target->board.name,
                   target.target->runtime.name, calibration->name));
}

}  // namespace mcuprof::cli
