#include "analyzer/cli/commands.hpp"
#include "analyzer/cli/console.hpp"
#include "analyzer/cli/exit_status.hpp"
#include "analyzer/cli/inputs.hpp"
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

  const auto base = analyzeVariant(model->graph, before->target, options.base);
  if (!base) return fail(kInternal, base.error());
  const auto variant = analyzeVariant(model->graph, after->target, options.variant);
  if (!variant) return fail(kAnswerIsNo, variant.error());
  const WhatIfReport report = buildWhatIfReport(*base, *variant);
  std::string text;
  switch (options.output.format) {
    case Format::Text:
      text = renderWhatIfText(report, styleFor(options.output.file));
      break;
    case Format::Json:
      text = renderWhatIfJson(report);
      break;
    case Format::Csv:
      text = renderWhatIfCsv(report);
      break;
    case Format::Svg:
      return fail(kUsage, "whatif has no SVG form");
  }
  if (auto done = writeOutput(options.output.file, text); !done) return fail(kUsage, done.error());
  return kOk;
}

}  // namespace mcuprof::cli
