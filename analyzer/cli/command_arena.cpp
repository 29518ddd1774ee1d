#include "analyzer/cli/commands.hpp"
#include "analyzer/cli/console.hpp"
#include "analyzer/cli/exit_status.hpp"
#include "analyzer/cli/inputs.hpp"
#include "analyzer/cli/write_report.hpp"
#include "analyzer/report/arena_map.hpp"
#include "analyzer/report/render_csv.hpp"
#include "analyzer/report/render_json.hpp"
#include "analyzer/report/render_text.hpp"

namespace mcuprof::cli {
namespace {

// The arena depends on the core only through the kernels' scratch; where the user names neither
// board nor core, the most common one is taken, and the report says so.
constexpr const char* kDefaultCore = "cortex-m4";

}  // namespace

int run(const ArenaOptions& options) {
  auto catalogue = findCatalogue(options.target);
  if (!catalogue) return fail(catalogue.failure());
  std::vector<InputFile> files;
  std::string coreName = options.core.empty() ? kDefaultCore : options.core;
  if (!options.board.empty()) {
    const auto path = catalogue->boardPath(options.board);
    if (!path) return fail(kUsage, path.error());
    auto board = catalogue->loadBoard(*path);
    if (!board) return fail(kBadInput, board.error());
    coreName = board->core;
  }
  auto core = loadCoreFile(*catalogue, coreName, files);
  if (!core) return fail(core.failure());
  auto runtime = loadRuntimeFile(*catalogue, options.target.runtime, files);
  if (!runtime) return fail(runtime.failure());
  auto model = loadModel(options.model);
  if (!model) return fail(model.failure());

  const Graph& graph = *model->graph;
  const KernelPlan kernels = selectKernels(graph, *core, *runtime);
  const Schedule schedule = makeSchedule(graph);
  const ArenaPlan arena = planArena(graph, kernels, schedule, *runtime);
  const ArenaReport report =
      buildArenaReport(graph, schedule, arena, *core, *runtime, provenanceOf(model->file, files));
  ReportForms forms = formsOf(report);
  forms.svg = [&] { return renderSvg(report); };
  return writeReport(options.output, forms);
}

}  // namespace mcuprof::cli
