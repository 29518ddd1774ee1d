#include "analyzer/cli/commands.hpp"
#include "analyzer/cli/console.hpp"
#include "analyzer/cli/exit_status.hpp"
#include "analyzer/cli/inputs.hpp"
#include "analyzer/report/render_csv.hpp"
#include "analyzer/report/render_json.hpp"
#include "analyzer/report/render_text.hpp"

namespace mcuprof::cli {

int run(const InspectOptions& options) {
  auto model = loadModel(options.model);
  if (!model) return fail(model.failure());
  const ModelReport report =
      buildModelReport(model->model, *model->graph, provenanceOf(model->file, {}));
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
      return fail(kUsage, "inspect has no SVG form; \"mcuprof arena\" has");
  }
  if (auto done = writeOutput(options.output.file, text); !done) return fail(kUsage, done.error());
  return kOk;
}

}  // namespace mcuprof::cli
