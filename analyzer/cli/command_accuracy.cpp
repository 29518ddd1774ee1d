#include <fmt/format.h>

#include <cmath>
#include <filesystem>
#include <map>
#include <memory>
#include <optional>

#include "analyzer/accuracy/accuracy.hpp"
#include "analyzer/base/mapped_file.hpp"
#include "analyzer/cli/commands.hpp"
#include "analyzer/cli/console.hpp"
#include "analyzer/cli/exit_status.hpp"
#include "analyzer/cli/inputs.hpp"
#include "analyzer/cli/progress_line.hpp"
#include "analyzer/cli/write_report.hpp"
#include "analyzer/model/tflite_reader.hpp"
#include "analyzer/report/render_accuracy.hpp"

namespace mcuprof::cli {
namespace {

/// Predicts measurements; models and targets are loaded once.
class Predictor {
 public:
  Predictor(const AccuracyOptions& options, const Catalogue& catalogue)
      : m_options(options), m_catalogue(catalogue) {}

  Result<Prediction> operator()(const Measurement& m) {
    const std::string runtime =
        m.runtimeClass == RuntimeClass::OpenReference ? "tflm-reference" : "tflm-cmsis-nn";
    auto target = targetFor(m.board, runtime);
    if (!target) return target.error();
    auto graph = graphFor(m.modelFile);
    if (!graph) return graph.error();
    MachineOptions machine;
    if (m.clockMhz) machine.clockHz = std::llround(*m.clockMhz * 1e6);
    const Analysis analysis = analyze(*graph, *target, {}, machine);
    return predictionOf(analysis, m);
  }

 private:
  static Result<Prediction> predictionOf(const Analysis& a, const Measurement& m) {
    const CycleEstimate& cycles = a.cycles;
    CycleTerms terms = cycles.termTotals;
    Estimate estimate = cycles.total;
    if (m.layer) {
      if (static_cast<std::size_t>(*m.layer) >= cycles.ops.size())
        return Error{"", "the model has no such layer"};
      const OpCycles& op = cycles.ops[OpId(static_cast<std::int32_t>(*m.layer))];
      if (!op.known) return Error{"", fmt::format("cost unknown: {}", op.unknownReason)};
      terms = op.terms;
      estimate = op.cycles;
    } else if (cycles.modelledMacShare < 0.99) {
      return Error{"",
                   fmt::format("only {:.0f} % of the model's MACs have a known cost on this core",
                               100 * cycles.modelledMacShare)};
    }
    if (estimate.value <= 0) return Error{"", "no layer's cost is known on this core"};
    const auto term = [&](CycleTerm t) { return terms[static_cast<std::size_t>(t)]; };
    Prediction p;
    p.scaled = term(CycleTerm::Instructions) + term(CycleTerm::Branches);
    p.fixed = estimate.value - p.scaled - term(CycleTerm::Unmodelled);
    p.shippedFactor = p.scaled > 0 ? 1 + term(CycleTerm::Unmodelled) / p.scaled : 1;
    p.below = 1 - estimate.low / estimate.value;
    p.above = estimate.high / estimate.value - 1;
    p.family = familyOf(a.target->core);
    p.clockHz = cycles.state.clockHz.value;
    return p;
  }

  /// Cores that issue one instruction a cycle share what the model leaves out.
  static std::string familyOf(const Core& core) {
    const bool single = core.issueWidth && core.issueWidth->value == 1;
    return single && core.architecture.starts_with("armv") ? "single-issue Arm" : core.name;
  }

  Result<std::shared_ptr<const Target>> targetFor(const std::string& board,
                                                  const std::string& runtimeName) {
    const std::string key = board + "\n" + runtimeName;
    if (const auto known = m_targets.find(key); known != m_targets.end()) return known->second;
    const auto remember = [&](Result<std::shared_ptr<const Target>> target) {
      m_targets.emplace(key, target);
      return target;
    };
    std::vector<InputFile> files;
    auto runtime = loadRuntimeFile(m_catalogue, runtimeName, files);
    if (!runtime) return remember(runtime.failure().error);
    for (const std::string& name : boardNames(board)) {
      if (!m_catalogue.boardPath(name)) continue;
      auto target = loadTargetFiles(m_catalogue, name, *runtime);
      if (!target) return remember(target.failure().error);
      return remember(target->target);
    }
    return remember(Error{"", fmt::format("no target file for board \"{}\"", board)});
  }

  Result<std::shared_ptr<const Graph>> graphFor(const std::string& file) {
    if (file.empty()) return Error{"", "the row names no model file"};
    if (const auto known = m_graphs.find(file); known != m_graphs.end()) return known->second;
    const auto load = [&]() -> Result<std::shared_ptr<const Graph>> {
      const std::string path = m_options.models + "/" + file;
      if (file.find('/') != std::string::npos || !std::filesystem::exists(path)) {
        return Error{"", fmt::format("no model {} in the folder", file)};
      }
      auto model = loadModel(path);
      if (!model) return model.failure().error;
      return model->graph;
    };
    auto graph = load();
    m_graphs.emplace(file, graph);
    return graph;
  }

  const AccuracyOptions& m_options;
  const Catalogue& m_catalogue;
  std::map<std::string, Result<std::shared_ptr<const Target>>> m_targets;
  std::map<std::string, Result<std::shared_ptr<const Graph>>> m_graphs;
};

}  // namespace

int run(const AccuracyOptions& options) {
  if (options.data.empty()) return writeAccuracyCard(options);
  auto catalogue = findCatalogue(options.target);
  if (!catalogue) return fail(catalogue.failure());
  std::vector<Measurement> measurements;
  for (const std::string& path : options.data) {
    auto file = MappedFile::open(path);
    if (!file) return fail(kBadInput, file.error());
    const auto bytes = (*file)->bytes();
    const auto table =
        readCsv({reinterpret_cast<const char*>(bytes.data()), bytes.size()}, (*file)->name());
    if (!table) return fail(kBadInput, table.error());
    auto rows = readMeasurements(*table);
    if (!rows) return fail(kBadInput, rows.error());
    measurements.insert(measurements.end(), rows->begin(), rows->end());
  }
  Predictor predictor(options, *catalogue);
  std::optional<ProgressLine> progress(std::in_place, "predicting", measurements.size());
  const AccuracyReport report = judge(measurements, [&](const Measurement& m) {
    auto prediction = predictor(m);
    progress->step();
    return prediction;
  });
  progress.reset();
  return writeReport(
      options.output,
      {[&](const TextStyle& style) { return renderAccuracyText(report, style); },
       [&] { return renderAccuracyJson(report); }, [&] { return renderAccuracyCsv(report); }});
}

}  // namespace mcuprof::cli
