#include "device-agent/cli/calibration_rows.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <filesystem>

#include "analyzer/base/mapped_file.hpp"
#include "analyzer/base/sha256.hpp"
#include "db/run_store.hpp"
#include "device-agent/cli/kernel_library.hpp"

namespace mcuprof::cli {
namespace {

/// Why a run may not calibrate; empty when it may.
std::string reasonAgainst(const db::RunRecord& run, const Target& target, db::Provenance wanted) {
  if (run.provenance == db::Provenance::Virtual) {
    return "virtual: the cycles of the virtual board are modelled";
  }
  if (run.provenance != wanted)
    return fmt::format("{}, not {}", nameOf(run.provenance), nameOf(wanted));
  if (wanted == db::Provenance::Measured && run.runtime.name != target.runtime.name) {
    return fmt::format("of runtime {}", run.runtime.name);
  }
  if (!isOfLibrary(run.kernelLibrary, target.runtime.library)) {
    return run.kernelLibrary.empty()
               ? fmt::format("of kernels that are not known to be {}", target.runtime.library)
               : fmt::format("of {} kernels, not {}", run.kernelLibrary, target.runtime.library);
  }
  if (run.source.find("; caution: ") != std::string::npos) return "doubtful, its source says";
  if (run.board.clockHz <= 0) return "without a clock";
  for (const db::MachineFact& fact : run.machine) {
    if (!fact.agrees) return fmt::format("in another machine state: {} {}", fact.key, fact.value);
    if (fact.key == "clock Hz, assumed") return "of a clock that is not stated";
  }
  return {};
}

double termOf(const CycleTerms& terms, CycleTerm term) {
  return terms[static_cast<std::size_t>(term)];
}

CalibrationRow rowOf(const CycleTerms& terms, double operators) {
  const double counted =
      termOf(terms, CycleTerm::Instructions) + termOf(terms, CycleTerm::Branches);
  const double factor = counted > 0 ? 1 + termOf(terms, CycleTerm::Unmodelled) / counted : 1;
  CalibrationRow row;
  row.compute =
      factor * termOf(terms, CycleTerm::Instructions) + termOf(terms, CycleTerm::RamStalls);
  row.branches = factor * termOf(terms, CycleTerm::Branches);
  row.flash = termOf(terms, CycleTerm::FlashStalls);
  row.fixed = termOf(terms, CycleTerm::CardTransfer);
  row.operators = operators;
  return row;
}

/// What the kernel tables say of a layer by themselves.
double kernelBand(const OpCycles& cycles, const Core& core) {
  const double below = 1 - cycles.cycles.low / cycles.cycles.value;
  return std::sqrt(std::max(
      0.0, below * below - core.boardBand * core.boardBand - core.layerBand * core.layerBand));
}

class Collector {
 public:
  Collector(const TargetInput& target, ModelShelf& models, CalibrationRows& out)
      : m_target(target), m_models(models), m_out(out) {}

  /// The reason why nothing could be taken, or empty.
  std::string take(const db::RunRecord& run) {
    const auto graph = m_models.find(run.model.sha256);
    if (!graph) return "of models that are not among --models";
    const Analysis analysis = analyzeRun(run, graph, m_target.target);
    const std::size_t before = m_out.rows.size();
    if (!takeLayers(run, analysis)) {
      if (run.inference.runs == 0) return "without a time of the whole inference or of all layers";
      if (analysis.cycles.unknownOps > 0) return "of models with layers of unknown cost";
      add(run,
          rowOf(analysis.cycles.termTotals, static_cast<double>(analysis.schedule.order.size())),
          static_cast<double>(run.inference.median), std::nullopt);
    }
    if (m_out.rows.size() == before) return "without a layer of known cost";
    ++m_out.runs;
    takePower(run, analysis.energy);
    return {};
  }

 private:
  /// Power is that of the whole inferences back to back: energy by time, whatever the cycles.
  void takePower(const db::RunRecord& run, const EnergyEstimate& predicted) {
    if (!run.energy || !run.energy->inference || !predicted.known) return;
    if (run.energy->overloads > 0) {
      ++m_out.left["of an overloaded power meter, as to power"];
      return;
    }
    PowerRow row;
    row.model = labelOf(run);
    row.label = fmt::format("run {}", run.id);
    row.measured = run.energy->inference->averageWatts;
    row.predicted = predicted.activeMilliwatts.value / 1e3;
    if (row.measured <= 0 || row.predicted <= 0) return;
    m_out.powerInputs.push_back(inputOf(run, row.measured));
    m_out.power.push_back(std::move(row));
    m_out.powerBand = std::max(m_out.powerBand, powerBandOf(predicted));
  }

  static std::string labelOf(const db::RunRecord& run) {
    return run.model.name + " " + run.model.sha256.substr(0, 8);
  }

  static db::CalibrationInput inputOf(const db::RunRecord& run, double measured) {
    db::CalibrationInput input;
    input.runUuid = run.uuid;
    input.modelSha256 = run.model.sha256;
    input.model = run.model.name;
    input.measured = measured;
    return input;
  }

  /// Layers say more than their sum, where all of them were timed.
  bool takeLayers(const db::RunRecord& run, const Analysis& analysis) {
    if (run.layers.size() != analysis.cycles.ops.size() || run.layers.empty()) return false;
    for (const db::LayerResult& layer : run.layers)
      if (layer.cycles.runs == 0) return false;
    for (const db::LayerResult& layer : run.layers) {
      const OpCycles& cycles = analysis.cycles.ops[OpId(layer.number - 1)];
      if (!cycles.known || layer.cycles.median <= 0) continue;
      CalibrationRow row = rowOf(cycles.terms, 1);
      row.isLayer = true;
      row.band = kernelBand(cycles, analysis.target->core);
      add(run, std::move(row), static_cast<double>(layer.cycles.median), layer.number);
    }
    return true;
  }

  void add(const db::RunRecord& run, CalibrationRow row, double measured,
           std::optional<std::int64_t> layer) {
    row.model = labelOf(run);
    row.label =
        layer ? fmt::format("run {} layer {}", run.id, *layer) : fmt::format("run {}", run.id);
    row.measured = measured;
    m_out.rows.push_back(std::move(row));
    db::CalibrationInput input = inputOf(run, measured);
    input.layer = layer;
    m_out.inputs.push_back(std::move(input));
  }

  const TargetInput& m_target;
  ModelShelf& m_models;
  CalibrationRows& m_out;
};

}  // namespace

void ModelShelf::look() {
  if (m_looked) return;
  m_looked = true;
  const auto take = [this](const std::string& path) {
    const auto file = MappedFile::open(path);
    if (file) m_files.emplace(sha256Of((*file)->bytes()), path);
  };
  for (const std::string& place : m_places) {
    std::error_code failed;
    if (!std::filesystem::is_directory(place, failed)) {
      take(place);
      continue;
    }
    for (const auto& entry : std::filesystem::directory_iterator(place, failed))
      if (entry.path().extension() == ".tflite") take(entry.path().string());
  }
}

std::string ModelShelf::pathOf(const std::string& sha256) {
  look();
  const auto found = m_files.find(sha256);
  return found == m_files.end() ? std::string() : found->second;
}

std::shared_ptr<const Graph> ModelShelf::find(const std::string& sha256) {
  if (const auto known = m_graphs.find(sha256); known != m_graphs.end()) return known->second;
  std::shared_ptr<const Graph> graph;
  if (const std::string path = pathOf(sha256); !path.empty()) {
    if (auto model = loadModel(path, Hash::No)) graph = model->graph;
  }
  m_graphs.emplace(sha256, graph);
  return graph;
}

Analysis analyzeRun(const db::RunRecord& run, std::shared_ptr<const Graph> graph,
                    std::shared_ptr<const Target> target,
                    const std::optional<Calibration>& calibration) {
  MachineOptions machine;
  if (run.board.clockHz > 0) machine.clockHz = run.board.clockHz;
  if (run.energy && run.energy->supplyVolts > 0) machine.supplyVolts = run.energy->supplyVolts;
  PlacementOptions placement;
  // The agent takes RAM whose addresses touch for one piece.
  placement.joinAdjacent = run.provenance != db::Provenance::Imported;
  return analyze(std::move(graph), std::move(target), placement, machine, calibration);
}

Result<CalibrationRows> collectRows(db::Database& database, const TargetInput& target,
                                    db::Provenance wanted, ModelShelf& models) {
  CalibrationRows out;
  Collector collector(target, models, out);
  const auto runs =
      db::listRuns(database, {.model = "", .board = target.target->board.name, .limit = 1'000'000});
  if (!runs) return runs.error();
  // In the order in which they were stored.
  for (auto summary = runs->rbegin(); summary != runs->rend(); ++summary) {
    const auto run = db::loadRun(database, summary->id);
    if (!run) return run.error();
    if (!*run) continue;
    std::string reason = reasonAgainst(**run, *target.target, wanted);
    if (reason.empty()) reason = collector.take(**run);
    if (!reason.empty()) ++out.left[reason];
  }
  return out;
}

}  // namespace mcuprof::cli
