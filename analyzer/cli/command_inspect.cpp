#include "analyzer/cli/commands.hpp"
#include "analyzer/cli/console.hpp"
#include "analyzer/cli/exit_status.hpp"
#include "analyzer/cli/inputs.hpp"
#include "analyzer/cli/write_report.hpp"
#include "analyzer/report/render_csv.hpp"
#include "analyzer/report/render_json.hpp"
#include "analyzer/report/render_text.hpp"

namespace mcuprof::cli {

int run(const InspectOptions& options) {
  auto model = loadModel(options.model);
  if (!model) return fail(model.failure());
  const ModelReport report =
      buildModelReport(model->model, *model->graph, provenanceOf(model->file, {}));
  return writeReport(options.output, formsOf(report));
}

}  // namespace mcuprof::cli
