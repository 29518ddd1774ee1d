#include <algorithm>
#include <optional>

#include "analyzer/cli/commands.hpp"
#include "analyzer/cli/console.hpp"
#include "analyzer/cli/exit_status.hpp"
#include "analyzer/cli/inputs.hpp"
#include "analyzer/cli/progress_line.hpp"
#include "analyzer/cli/write_report.hpp"
#include "analyzer/report/render_csv.hpp"
#include "analyzer/report/render_json.hpp"
#include "analyzer/report/render_text.hpp"

namespace mcuprof::cli {

int run(const FitOptions& options) {
  auto catalogue = findCatalogue(options.target);
  if (!catalogue) return fail(catalogue.failure());
  std::vector<InputFile> files;
  auto runtime = loadRuntimeFile(*catalogue, options.target.runtime, files);
  if (!runtime) return fail(runtime.failure());

  FitReport report;
  report.toolVersion = MCUPROF_VERSION;
  report.runtimeName = runtime->name;
  std::vector<std::shared_ptr<const Target>> targets;
  for (const std::string& name :
       options.boards.empty() ? catalogue->boardNames() : options.boards) {
    auto target = loadTargetFiles(*catalogue, name, *runtime);
    if (!target) return fail(target.failure());
    if (auto ok = checkPlacement(options.placement, target->target->board); !ok) {
      return fail(kUsage, ok.error());
    }
    report.boards.push_back(target->target->board.name);
    targets.push_back(target->target);
  }

  // One model that cannot be read does not hide what the others have to say.
  int status = kOk;
  std::optional<ProgressLine> progress(std::in_place, "fitting",
                                       options.models.size() * targets.size());
  for (const std::string& path : options.models) {
    auto model = loadModel(path);
    if (!model) {
      status = fail(model.failure());
      continue;
    }
    const std::size_t row = report.models.size();
    report.models.push_back(model->file);
    for (std::size_t column = 0; column < targets.size(); ++column) {
      report.cells.push_back(
          buildFitCell(analyze(model->graph, targets[column], options.placement), row, column));
      progress->step();
    }
  }
  progress.reset();
  if (report.models.empty()) return status;

  if (const int failed = writeReport(options.output, formsOf(report)); failed != kOk) return failed;
  const bool none = std::ranges::all_of(
      report.cells, [](const FitCell& cell) { return cell.verdict == Verdict::Blocks; });
  return status == kOk && none ? kAnswerIsNo : status;
}

}  // namespace mcuprof::cli
