// mcuprof accuracy, of the runs in the database.
#include <fmt/format.h>

#include "analyzer/accuracy/card.hpp"
#include "analyzer/cli/commands.hpp"
#include "analyzer/cli/console.hpp"
#include "analyzer/cli/exit_status.hpp"
#include "analyzer/cli/progress_line.hpp"
#include "analyzer/cli/write_report.hpp"
#include "analyzer/report/render_comparison.hpp"
#include "db/run_store.hpp"
#include "device-agent/cli/calibration_rows.hpp"
#include "device-agent/cli/open_database.hpp"

namespace mcuprof::cli {
namespace {

/// Predicts stored runs; targets and models are loaded once.
class CardMaker {
 public:
  CardMaker(const AccuracyOptions& options, Catalogue catalogue)
      : m_catalogue(std::move(catalogue)), m_models({options.models}) {}

  void take(const db::RunRecord& run) {
    if (const std::string reason = tryTo(run); !reason.empty()) ++m_left[reason];
  }

  AccuracyCard card() const { return makeCard(m_rows, m_left); }

 private:
  /// Why the run cannot be predicted; empty when it was.
  std::string tryTo(const db::RunRecord& run) {
    if (run.provenance == db::Provenance::Predicted) return "that nobody timed";
    const std::string runtime = runtimeFor(run);
    if (runtime.empty()) return "of kernels that are closed or not known";
    const auto target = targetFor(run.board.name, runtime);
    if (!target) return fmt::format("on {}, for which there is no target file", run.board.name);
    const auto graph = m_models.find(run.model.sha256);
    if (!graph) return "of models that are not in --models";
    const Analysis analysis = analyzeRun(run, graph, target);
    const std::size_t before = m_rows.size();
    CardKey key{nameOf(run.provenance), run.board.name, run.runtime.name,
                run.kernelLibrary,      run.compiler,   false};
    if (!run.agentVersion.empty()) key.kernels += ", agent " + run.agentVersion;
    if (run.inference.runs > 0 && run.inference.median > 0 &&
        analysis.cycles.modelledMacShare >= 0.99 && analysis.cycles.total.value > 0) {
      m_rows.push_back({key,
                        run.model.sha256,
                        {analysis.cycles.total, static_cast<double>(run.inference.median)}});
    }
    key.layers = true;
    for (const db::LayerResult& layer : run.layers) {
      const auto index = static_cast<std::size_t>(layer.number - 1);
      if (layer.cycles.runs == 0 || layer.cycles.median <= 0 || layer.number < 1 ||
          index >= analysis.cycles.ops.size())
        continue;
      const OpCycles& cycles = analysis.cycles.ops[OpId(layer.number - 1)];
      if (!cycles.known || cycles.cycles.value <= 0) continue;
      m_rows.push_back(
          {key, run.model.sha256, {cycles.cycles, static_cast<double>(layer.cycles.median)}});
    }
    return m_rows.size() > before ? "" : "without a time of anything whose cost is known";
  }

  /// The runtime file that describes what ran.
  static std::string runtimeFor(const db::RunRecord& run) {
    if (run.provenance != db::Provenance::Imported) return run.runtime.name;
    if (run.kernelLibrary == "cmsis-nn") return "tflm-cmsis-nn";
    return run.kernelLibrary == "reference" ? "tflm-reference" : "";
  }

  std::shared_ptr<const Target> targetFor(const std::string& board,
                                          const std::string& runtimeName) {
    const auto [known, isNew] = m_targets.try_emplace(board + '\n' + runtimeName);
    if (!isNew || !m_catalogue.boardPath(board)) return known->second;
    std::vector<InputFile> files;
    auto runtime = loadRuntimeFile(m_catalogue, runtimeName, files);
    if (!runtime) return nullptr;
    auto target = loadTargetFiles(m_catalogue, board, *runtime);
    if (target) known->second = target->target;
    return known->second;
  }

  Catalogue m_catalogue;
  ModelShelf m_models;
  std::map<std::string, std::shared_ptr<const Target>> m_targets;
  std::vector<CardRow> m_rows;
  std::map<std::string, std::size_t> m_left;
};

}  // namespace

int writeAccuracyCard(const AccuracyOptions& options) {
  auto catalogue = findCatalogue(options.target);
  if (!catalogue) return fail(catalogue.failure());
  auto database = openForReading(options.database);
  if (!database) return fail(database.failure());
  CardMaker maker(options, std::move(*catalogue));
  const auto runs = db::listRuns(*database, {.model = "", .board = "", .limit = 1'000'000});
  if (!runs) return fail(kBadInput, runs.error());
  {
    ProgressLine progress("predicting run", runs->size());
    for (const db::RunSummary& summary : *runs) {
      const auto run = db::loadRun(*database, summary.id);
      if (!run) return fail(kBadInput, run.error());
      if (*run) maker.take(**run);
      progress.step();
    }
  }
  const AccuracyCard card = maker.card();
  return writeReport(options.output,
                     {[&](const TextStyle&) { return renderCardMarkdown(card); },
                      [&] { return renderCardJson(card); }, [&] { return renderCardCsv(card); }});
}

}  // namespace mcuprof::cli
