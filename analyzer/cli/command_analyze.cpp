#include <fmt/format.h>

#include "analyzer/cli/commands.hpp"
#include "analyzer/cli/console.hpp"
#include "analyzer/cli/exit_status.hpp"
#include "analyzer/cli/inputs.hpp"
#include "analyzer/cli/stored_calibration.hpp"
#include "analyzer/cli/write_report.hpp"
#include "analyzer/report/layer_costs.hpp"
#include "analyzer/report/render_csv.hpp"
#include "analyzer/report/render_json.hpp"
#include "analyzer/report/render_text.hpp"

namespace mcuprof::cli {

int run(const AnalyzeOptions& options) {
  // Text does not show the hashes, and most of the weights need not be read without them. A
  // calibration is known by the files it was made with.
  const Hash hash = options.output.format == Format::Json ? Hash::Yes : Hash::No;
  const CalibrationUse use{options.calibrate, options.database};
  TargetLoad load(options.board, options.target, options.machine.opt,
                  mayHaveCalibration(use) ? Hash::Yes : hash);
  auto model = loadModel(options.model, hash);
  auto target = load.finish(model ? model->graph.get() : nullptr);
  // Of two mistakes the one on the command line is told first, as by every command.
  if (!target) return fail(target.failure());
  if (!model) return fail(model.failure());
  if (auto ok = checkPlacement(options.placement, target->target->board); !ok) {
    return fail(kUsage, ok.error());
  }

  auto calibration = findCalibrationFor(use, *target);
  if (!calibration) return fail(calibration.failure());
  const Analysis analysis =
      analyze(model->graph, target->target, options.placement, options.machine, *calibration);
  if (options.strict) {
    const std::vector<std::string> unknown = unknownOperators(analysis);
    for (const std::string& reason : unknown) fail(kUnsupported, "cost unknown: " + reason);
    if (!unknown.empty()) return kUnsupported;
  }
  if (options.explain) {
    if (*options.explain > static_cast<std::int32_t>(model->graph->ops.size())) {
      return fail(kUsage, fmt::format("--explain: no layer {}; the model has {}", *options.explain,
                                      model->graph->ops.size()));
    }
    const CostReport costs = buildCostReport(analysis, options.duty);
    for (const CostRow& row : costs.layers) {
      if (row.number != *options.explain) continue;
      if (auto done = writeOutput(options.output.file,
                                  renderExplanation(analysis, row, styleFor(options.output.file)));
          !done)
        return fail(kUsage, done.error());
      return kOk;
    }
    return fail(kUsage, fmt::format("--explain: layer {} never runs", *options.explain));
  }
  const Report report =
      buildReport(analysis, provenanceOf(model->file, target->files), options.duty);
  return writeReport(options.output, formsOf(report));
}

}  // namespace mcuprof::cli
