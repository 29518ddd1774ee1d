#include "analyzer/cli/stored_runs.hpp"

#include <fmt/format.h>

#include <filesystem>

#include "db/database.hpp"
#include "db/run_store.hpp"

namespace mcuprof::cli {
namespace {

Estimate estimateOf(const db::CycleSummary& cycles) {
  return {static_cast<double>(cycles.median), static_cast<double>(cycles.minimum),
          static_cast<double>(cycles.maximum), Basis::Measured};
}

}  // namespace

struct StoredRuns::State {
  db::Database database;
};

StoredRuns::StoredRuns(std::unique_ptr<State> state) : m_state(std::move(state)) {}
StoredRuns::~StoredRuns() = default;

Result<std::unique_ptr<StoredRuns>> StoredRuns::open(const std::string& given) {
  const auto path = db::databasePath(given);
  if (!path) {
    if (given.empty()) return std::unique_ptr<StoredRuns>();
    return path.error();
  }
  std::error_code failed;
  if (given.empty() && !std::filesystem::exists(*path, failed))
    return std::unique_ptr<StoredRuns>();
  auto database = db::Database::open(*path, db::Access::ReadOnly);
  if (!database) return database.error();
  return std::unique_ptr<StoredRuns>(
      new StoredRuns(std::make_unique<State>(State{*std::move(database)})));
}

Result<std::optional<MeasuredFigures>> StoredRuns::find(const std::string& modelSha256,
                                                        const std::string& board,
                                                        const std::string& runtime) {
  db::RunFilter filter;
  filter.model = modelSha256;
  filter.board = board;
  const auto runs = db::listRuns(m_state->database, filter);
  if (!runs) return runs.error();
  for (const db::RunSummary& summary : *runs) {
    if (summary.provenance != db::nameOf(db::Provenance::Measured) || summary.runtime != runtime ||
        summary.inference.runs <= 0 || summary.clockHz <= 0)
      continue;
    const auto run = db::loadRun(m_state->database, summary.id);
    if (!run) return run.error();
    if (!*run || (*run)->model.sha256 != modelSha256) continue;
    MeasuredFigures out;
    out.cycles = estimateOf((*run)->inference);
    out.clockHz = (*run)->board.clockHz;
    out.source = fmt::format("run {} of {}", summary.id, summary.started);
    for (const db::LayerResult& layer : (*run)->layers) {
      if (layer.cycles.runs > 0) out.layers.emplace_back(layer.number, estimateOf(layer.cycles));
    }
    return std::optional(std::move(out));
  }
  return std::optional<MeasuredFigures>();
}

Result<ModelFigures> figuresOfRun(const std::string& database, std::int64_t id) {
  const auto path = db::databasePath(database);
  if (!path) return path.error();
  auto opened = db::Database::open(*path, db::Access::ReadOnly);
  if (!opened) return opened.error();
  const auto run = db::loadRun(*opened, id);
  if (!run) return run.error();
  if (!*run) return Error{*path, fmt::format("there is no run {}", id)};
  const db::RunRecord& record = **run;
  const bool isVirtual = record.provenance == db::Provenance::Virtual;
  const auto measured = [&](const db::CycleSummary& cycles) {
    Estimate out = estimateOf(cycles);
    if (isVirtual) out.basis = Basis::Virtual;
    return out;
  };
  const double msPerCycle =
      record.board.clockHz > 0 ? 1e3 / static_cast<double>(record.board.clockHz) : 0;
  const auto inMs = [&](const Estimate& e) {
    return Estimate{e.value * msPerCycle, e.low * msPerCycle, e.high * msPerCycle, e.basis};
  };
  ModelFigures out;
  out.model = record.model.name;
  out.modelSha256 = record.model.sha256;
  out.modelBytes = record.model.bytes;
  out.hasMemory = false;
  out.board = record.board.name;
  out.runtime = record.runtime.name;
  out.machine = fmt::format("run {}, {}", id, db::nameOf(record.provenance));
  out.measured = record.inference.runs > 0;
  if (out.measured) {
    out.cycles = measured(record.inference);
  } else if (record.predicted) {
    out.cycles = {record.predicted->value, record.predicted->low, record.predicted->high,
                  Basis::Fitted};
  }
  out.milliseconds = inMs(out.cycles);
  for (const db::LayerResult& row : record.layers) {
    LayerFigures layer;
    layer.number = row.number;
    layer.kind = row.kind;
    layer.name = row.name;
    layer.kernel = row.kernel;
    layer.shape = row.shape;
    layer.macs = row.macs;
    if (row.cycles.runs > 0) {
      layer.cycles = measured(row.cycles);
    } else if (row.predicted) {
      layer.cycles =
          Estimate{row.predicted->value, row.predicted->low, row.predicted->high, Basis::Fitted};
    }
    if (layer.cycles) layer.milliseconds = inMs(*layer.cycles);
    out.layers.push_back(std::move(layer));
  }
  return out;
}

}  // namespace mcuprof::cli
