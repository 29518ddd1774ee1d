// mcuprof compare.
#include <fmt/format.h>

#include <algorithm>
#include <charconv>

#include "analyzer/accuracy/comparison.hpp"
#include "analyzer/cli/commands.hpp"
#include "analyzer/cli/console.hpp"
#include "analyzer/cli/exit_status.hpp"
#include "analyzer/cli/stored_calibration.hpp"
#include "analyzer/cli/write_report.hpp"
#include "analyzer/report/render_comparison.hpp"
#include "db/run_store.hpp"
#include "device-agent/cli/calibration_rows.hpp"
#include "device-agent/cli/likely_cause.hpp"
#include "device-agent/cli/open_database.hpp"

namespace mcuprof::cli {
namespace {

Estimate estimateOf(const db::Prediction& p) {
  return {p.value, p.low, p.high, Basis::Fitted};
}

Comparison headOf(const db::RunRecord& run) {
  Comparison out;
  out.run = fmt::format("run {} of {}", run.id, run.started);
  out.provenance = nameOf(run.provenance);
  out.model = run.model.name;
  out.board = run.board.name;
  out.runtime = run.runtime.name;
  out.kernels = run.kernelLibrary;
  return out;
}

/// The run beside what was predicted when it ran.
Comparison asStored(const db::RunRecord& run) {
  Comparison out = headOf(run);
  out.predictedBy =
      fmt::format("mcuprof {} when it ran, calibration: {}", run.toolVersion, run.calibration);
  if (run.predicted && run.inference.runs > 0 && run.inference.median > 0)
    out.inference = {estimateOf(*run.predicted), static_cast<double>(run.inference.median)};
  for (const db::LayerResult& layer : run.layers) {
    if (layer.predicted && layer.cycles.runs > 0 && layer.cycles.median > 0) {
      out.layers.push_back(
          {layer.number,
           layer.kind,
           layer.name,
           {estimateOf(*layer.predicted), static_cast<double>(layer.cycles.median)},
           layer.cause});
    } else {
      out.left.emplace_back(layer.number, layer.trouble.empty() ? "no prediction" : layer.trouble);
    }
  }
  return out;
}

/// The run beside what is predicted for it now.
Comparison asPredictedNow(const db::RunRecord& run, const Analysis& analysis) {
  Comparison out = headOf(run);
  out.predictedBy = fmt::format("mcuprof {} now, calibration: {}", MCUPROF_VERSION,
                                analysis.calibration ? analysis.calibration->name : "none");
  if (run.inference.runs > 0 && run.inference.median > 0 && analysis.cycles.unknownOps == 0)
    out.inference = {analysis.cycles.total, static_cast<double>(run.inference.median)};
  for (const db::LayerResult& layer : run.layers) {
    const auto index = static_cast<std::size_t>(layer.number - 1);
    if (layer.cycles.runs == 0 || layer.cycles.median <= 0) {
      out.left.emplace_back(layer.number, layer.trouble.empty() ? "not measured" : layer.trouble);
      continue;
    }
    if (layer.number < 1 || index >= analysis.cycles.ops.size()) {
      out.left.emplace_back(layer.number, "the model has no such layer");
      continue;
    }
    const OpId op(layer.number - 1);
    const OpCycles& cycles = analysis.cycles.ops[op];
    const double measured = static_cast<double>(layer.cycles.median);
    if (!cycles.known || cycles.cycles.value <= 0) {
      out.left.emplace_back(layer.number, fmt::format("cost unknown: {}", cycles.unknownReason));
      continue;
    }
    out.layers.push_back({layer.number,
                          layer.kind,
                          layer.name,
                          {cycles.cycles, measured},
                          likelyCause(analysis, op, measured, run.kernelLibrary)});
  }
  return out;
}

/// The newest run of this model that fits the options.
Loaded<db::RunRecord> newestRun(db::Database& database, const CompareOptions& options,
                                const std::string& board, const std::string& sha256) {
  const auto runs = db::listRuns(database, {.model = sha256, .board = board, .limit = 1'000'000});
  if (!runs) return Failure{kBadInput, runs.error()};
  for (const db::RunSummary& summary : *runs) {
    if (summary.provenance != options.provenance) continue;
    auto run = db::loadRun(database, summary.id);
    if (!run) return Failure{kBadInput, run.error()};
    if (*run && (*run)->model.sha256 == sha256) return **std::move(run);
  }
  return Failure{kAnswerIsNo,
                 {options.subject,
                  fmt::format("no {} run of it on {} is stored (\"mcuprof runs\"; --provenance "
                              "virtual or imported takes others)",
                              options.provenance, board)}};
}

Loaded<Comparison> compareModel(db::Database& database, const CompareOptions& options) {
  auto model = loadModel(options.subject);
  if (!model) return model.failure();
  auto target = loadTargetFiles(options.board, options.target);
  if (!target) return target.failure();
  auto run = newestRun(database, options, target->target->board.name, model->file.sha256);
  if (!run) return run.failure();
  auto calibration = findCalibrationFor({options.calibrate, options.database}, *target);
  if (!calibration) return calibration.failure();
  return asPredictedNow(*run, analyzeRun(*run, model->graph, target->target, *calibration));
}

Loaded<Comparison> compareRun(db::Database& database, std::int64_t id) {
  const auto run = db::loadRun(database, id);
  if (!run) return Failure{kBadInput, run.error()};
  if (!*run) {
    return Failure{kUsage,
                   {"", fmt::format("no run {} in {} (\"mcuprof runs\" lists them)", id,
                                    database.connection().path())}};
  }
  Comparison out = asStored(**run);
  if (out.layers.empty() && !out.inference) {
    return Failure{
        kAnswerIsNo,
        {"", fmt::format("run {} has no prediction beside a measurement; \"mcuprof compare "
                         "MODEL --board {} --provenance {}\" predicts it now",
                         id, (*run)->board.name, nameOf((*run)->provenance))}};
  }
  return out;
}

}  // namespace

int run(const CompareOptions& options) {
  auto database = openForReading(options.database);
  if (!database) return fail(database.failure());
  auto comparison =
      options.runId != 0 ? compareRun(*database, options.runId) : compareModel(*database, options);
  if (!comparison) return fail(comparison.failure());
  return writeReport(options.output, {[&](const TextStyle& style) {
                                        return renderComparisonText(*comparison, style);
                                      },
                                      [&] { return renderComparisonJson(*comparison); },
                                      [&] { return renderComparisonCsv(*comparison); }});
}

}  // namespace mcuprof::cli
