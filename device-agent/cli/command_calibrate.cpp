// mcuprof calibrate.
#include <fmt/format.h>

#include "analyzer/cli/commands.hpp"
#include "analyzer/cli/console.hpp"
#include "analyzer/cli/exit_status.hpp"
#include "analyzer/cli/stored_calibration.hpp"
#include "analyzer/cli/write_report.hpp"
#include "db/run_store.hpp"
#include "device-agent/cli/calibration_rows.hpp"
#include "device-agent/cli/open_database.hpp"
#include "device-agent/cli/render_calibration.hpp"

namespace mcuprof::cli {
namespace {

db::StoredPowerCalibration storedFrom(const PowerFit& fit, const CalibrationRows& collected) {
  db::StoredPowerCalibration out;
  out.value = fit.value;
  out.low = fit.low;
  out.high = fit.high;
  out.band = fit.band;
  out.errorBefore = fit.errorBefore;
  out.errorAfter = fit.errorAfter;
  out.inputs = collected.powerInputs;
  for (std::size_t i = 0; i < out.inputs.size(); ++i) {
    out.inputs[i].before = collected.power[i].predicted;
    out.inputs[i].after = fit.value * collected.power[i].predicted;
    out.inputs[i].weight = fit.weights[i];
  }
  return out;
}

/// A fit of the cycles that is not kept leaves them as they were.
CalibrationFit withoutCycles(CalibrationFit fit, const CalibrationPrior& prior) {
  for (FittedParameter& p : fit.parameters) {
    p.fitted = false;
    p.value = p.low = p.high = p.uncalibrated;
    p.why = fit.reason;
  }
  fit.after = fit.before;
  fit.errorAfter = fit.errorBefore;
  fit.calibration.boardBand = prior.boardBand;
  fit.calibration.layerBand = prior.layerBand;
  return fit;
}

db::StoredCalibration storedFrom(const CalibrationFit& fit, const CalibrationRows& collected,
                                 const TargetInput& target, db::Provenance provenance) {
  const Target& t = *target.target;
  const db::CalibrationKey key = calibrationKey(target);
  db::StoredCalibration out;
  out.uuid = db::makeUuid();
  out.created = db::timeNow();
  out.board = {key.board,          t.board.name, t.board.title,
               t.board.chip.value, t.core.name,  machineState(t.board, {}).clockHz.value};
  out.runtime = {key.runtime, t.runtime.name, t.runtime.version};
  out.costsSha256 = key.costs;
  out.provenance = provenance;
  out.toolVersion = MCUPROF_VERSION;
  out.runs = collected.runs;
  out.models = std::ssize(fit.leftOut);
  out.errorBefore = fit.errorBefore;
  out.errorAfter = fit.errorAfter;
  out.boardBand = fit.calibration.boardBand;
  out.layerBand = fit.calibration.layerBand;
  for (const FittedParameter& p : fit.parameters) {
    out.parameters.push_back({std::string(nameOf(p.parameter)), p.fitted, p.uncalibrated, p.value,
                              p.low, p.high, p.why});
  }
  out.inputs = collected.inputs;
  for (std::size_t i = 0; i < out.inputs.size(); ++i) {
    out.inputs[i].before = fit.before[i];
    out.inputs[i].after = fit.after[i];
    out.inputs[i].weight = fit.weights[i];
  }
  return out;
}

}  // namespace

int run(const CalibrateOptions& options) {
  auto target = loadTargetFiles(options.board, options.target);
  if (!target) return fail(target.failure());
  auto database =
      options.dryRun ? openForReading(options.database) : openForWriting(options.database);
  if (!database) return fail(database.failure());
  const db::Provenance wanted =
      options.imported ? db::Provenance::Imported : db::Provenance::Measured;
  ModelShelf models(options.models);
  const auto collected = collectRows(*database, *target, wanted, models);
  if (!collected) return fail(kBadInput, collected.error());

  CalibrationReport report;
  const Target& t = *target->target;
  report.prior.boardBand = t.core.boardBand;
  report.prior.layerBand = t.core.layerBand;
  if (t.runtime.operatorFeeCycles)
    report.prior.operatorFee = static_cast<double>(t.runtime.operatorFeeCycles->value);
  auto fit = fitCalibration(collected->rows, report.prior);
  if (!fit) {
    for (const auto& [reason, count] : collected->left)
      note(fmt::format("left {} run{} {}", count, count == 1 ? "" : "s", reason));
    return fail(kAnswerIsNo,
                fmt::format("{} with {}: {}", t.board.name, t.runtime.name, fit.error().text()));
  }
  report.fit = *std::move(fit);
  report.powerBand = collected->powerBand;
  for (const PowerRow& row : collected->power) report.powerLabels.push_back(row.label);
  if (auto power = fitPower(collected->power, collected->powerBand)) {
    report.power = *std::move(power);
  } else {
    report.powerWhy = power.error().text();
  }
  report.stored = storedFrom(report.fit.kept ? report.fit : withoutCycles(report.fit, report.prior),
                             *collected, *target, wanted);
  if (report.power && report.power->kept)
    report.stored.power = storedFrom(*report.power, *collected);
  for (const CalibrationRow& row : collected->rows) report.labels.push_back(row.label);
  report.left = collected->left;
  report.dryRun = options.dryRun;
  if (report.kept() && !options.dryRun) {
    const auto id = db::insertCalibration(*database, report.stored);
    if (!id) return fail(kUsage, id.error());
    report.stored.id = *id;
  }
  if (const int failed = writeReport(options.output, formsOf(report)); failed != kOk) return failed;
  return report.kept() ? kOk : kAnswerIsNo;
}

}  // namespace mcuprof::cli
