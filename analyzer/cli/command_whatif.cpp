#include "analyzer/cli/commands.hpp"
#include "analyzer/cli/console.hpp"
#include "analyzer/cli/exit_status.hpp"
#include "analyzer/cli/inputs.hpp"
#include "analyzer/cli/stored_calibration.hpp"
#include "analyzer/cli/write_report.hpp"
#include "analyzer/report/render_whatif.hpp"

namespace mcuprof::cli {

int run(const WhatIfOptions& options) {
  // Tables of another optimisation level are other files; the base stays at the runtime's.
  auto before = loadTargetFiles(options.board, options.target);
  if (!before) return fail(before.failure());
  auto after = loadTargetFiles(options.board, options.target, options.variant.machine.opt);
  if (!after) return fail(after.failure());
  if (auto ok = checkPlacement(options.variant.placement, before->target->board); !ok)
    return fail(kUsage, ok.error());
  auto model = loadModel(options.model);
  if (!model) return fail(model.failure());

  auto calibration =
      findCommonCalibration({options.calibrate, options.database}, std::vector{*before, *after});
  if (!calibration) return fail(calibration.failure());
  Variant plain = options.base;
  Variant changed = options.variant;
  plain.calibration = changed.calibration = *std::move(calibration);

  const auto base = analyzeVariant(model->graph, before->target, plain);
  if (!base) return fail(kInternal, base.error());
  const auto variant = analyzeVariant(model->graph, after->target, changed);
  if (!variant) return fail(kAnswerIsNo, variant.error());
  const WhatIfReport report = buildWhatIfReport(*base, *variant);
  return writeReport(
      options.output,
      {[&](const TextStyle& style) { return renderWhatIfText(report, style); },
       [&] { return renderWhatIfJson(report); }, [&] { return renderWhatIfCsv(report); }});
}

}  // namespace mcuprof::cli
