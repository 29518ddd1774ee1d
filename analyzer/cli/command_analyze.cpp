#include "analyzer/cli/commands.hpp"
#include "analyzer/cli/console.hpp"
#include "analyzer/cli/exit_status.hpp"
#include "analyzer/cli/inputs.hpp"
#include "analyzer/report/render_csv.hpp"
#include "analyzer/report/render_json.hpp"
#include "analyzer/report/render_text.hpp"

namespace mcuprof::cli {

int run(const AnalyzeOptions& options) {
  auto target = loadTargetFiles(options.board, options.target);
  if (!target) return fail(target.failure());
  if (auto ok = checkPlacement(options.placement, target->target->board); !ok) {
    return fail(kUsage, ok.error());
  }
  auto model = loadModel(options.model);
  if (!model) return fail(model.failure());

  const Analysis analysis = analyze(model->graph, target->target, options.placement);
  if (options.strict) {
    const std::vector<std::string> unknown = unknownOperators(analysis);
    for (const std::string& reason : unknown) fail(kUnsupported, "cost unknown: " + reason);
    if (!unknown.empty()) return kUnsupported;
  }
  const Report report = buildReport(analysis, provenanceOf(model->file, target->files));
  std::string text;
  switch (options.output.format) {
    case Format::Text:
      text = renderText(report, styleFor(options.output.file));
      break;
    case Format::Json:
      text = renderJson(report);
      break;
    case Format::Csv:
      text = renderCsv(report);
      break;
    case Format::Svg:
      return fail(kUsage, "analyze has no SVG form; \"mcuprof arena\" has");
  }
  if (auto done = writeOutput(options.output.file, text); !done) return fail(kUsage, done.error());
  return kOk;
}

}  // namespace mcuprof::cli
