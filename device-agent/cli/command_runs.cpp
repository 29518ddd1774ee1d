// mcuprof runs and mcuprof show.
#include <fmt/format.h>

#include "analyzer/cli/commands.hpp"
#include "analyzer/cli/console.hpp"
#include "analyzer/cli/exit_status.hpp"
#include "analyzer/cli/inputs.hpp"
#include "db/run_store.hpp"
#include "device-agent/cli/open_database.hpp"
#include "device-agent/cli/render_run.hpp"

namespace mcuprof::cli {
namespace {

template <typename Shown>
int write(const Shown& shown, const OutputOptions& output) {
  std::string text;
  switch (output.format) {
    case Format::Text:
      text = renderText(shown, styleFor(output.file));
      break;
    case Format::Json:
      text = renderJson(shown);
      break;
    case Format::Csv:
      text = renderCsv(shown);
      break;
    case Format::Svg:
      return fail(kUsage, "runs have no SVG form");
  }
  if (auto done = writeOutput(output.file, text); !done) return fail(kUsage, done.error());
  return kOk;
}

}  // namespace

int run(const RunsOptions& options) {
  auto database = openForReading(options.database);
  if (!database) return fail(database.failure());
  const auto runs = db::listRuns(*database, {options.model, options.board, options.limit});
  if (!runs) return fail(kBadInput, runs.error());
  return write(*runs, options.output);
}

int run(const ShowOptions& options) {
  auto database = openForReading(options.database);
  if (!database) return fail(database.failure());
  const auto stored = db::loadRun(*database, options.id);
  if (!stored) return fail(kBadInput, stored.error());
  if (!*stored) {
    return fail(kUsage, fmt::format("no run {} in {} (\"mcuprof runs\" lists them)", options.id,
                                    database->connection().path()));
  }
  return write(**stored, options.output);
}

}  // namespace mcuprof::cli
