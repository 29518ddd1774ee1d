// mcuprof runs and mcuprof show.
#include <fmt/format.h>

#include "analyzer/cli/commands.hpp"
#include "analyzer/cli/console.hpp"
#include "analyzer/cli/exit_status.hpp"
#include "analyzer/cli/inputs.hpp"
#include "analyzer/cli/write_report.hpp"
#include "db/run_store.hpp"
#include "device-agent/cli/open_database.hpp"
#include "device-agent/cli/render_run.hpp"

namespace mcuprof::cli {

int run(const RunsOptions& options) {
  auto database = openForReading(options.database);
  if (!database) return fail(database.failure());
  const auto runs = db::listRuns(*database, {options.model, options.board, options.limit});
  if (!runs) return fail(kBadInput, runs.error());
  return writeReport(options.output,
                     {[&](const TextStyle& style) { return renderText(*runs, style); },
                      [&] { return renderJson(*runs); }, [&] { return renderCsv(*runs); }});
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
  const db::RunRecord& record = **stored;
  const auto text = [&](const TextStyle& style) {
    return renderText(record, style) + (options.counters ? countersText(record, style) : "");
  };
  return writeReport(options.output,
                     {text, [&] { return renderJson(record); }, [&] { return renderCsv(record); }});
}

}  // namespace mcuprof::cli
