// mcuprof import.
#include <fmt/format.h>

#include <filesystem>
#include <map>

#include "analyzer/accuracy/measurement_file.hpp"
#include "analyzer/base/mapped_file.hpp"
#include "analyzer/cli/commands.hpp"
#include "analyzer/cli/console.hpp"
#include "analyzer/cli/exit_status.hpp"
#include "analyzer/cli/target_hashes.hpp"
#include "analyzer/report/text.hpp"
#include "db/import/foreign_run.hpp"
#include "db/run_store.hpp"
#include "device-agent/cli/open_database.hpp"

namespace mcuprof::cli {
namespace {

/// Finds what a foreign file only names: boards among the target files, models in a folder. Each is
/// looked for once.
class Names {
 public:
  Names(const ImportOptions& options, Catalogue catalogue)
      : m_options(options), m_catalogue(std::move(catalogue)) {}

  Loaded<db::ImportContext> contextOf(const db::ForeignRun& run) {
    db::ImportContext context;
    context.toolVersion = MCUPROF_VERSION;
    context.runtime = m_options.runtime;
    auto board = boardFor(m_options.board.empty() ? run.board : m_options.board);
    if (!board) return board.failure();
    context.board = *board;
    context.clockAssumed = m_options.clockHz == 0 && !run.clockMhz && context.board.clockHz > 0;
    if (m_options.clockHz != 0) context.board.clockHz = m_options.clockHz;
    auto model = modelFor(run.modelFile);
    if (!model) return model.failure();
    context.model = *model;
    return context;
  }

 private:
  Loaded<db::StoredBoard> boardFor(const std::string& given) {
    if (const auto known = m_boards.find(given); known != m_boards.end()) return known->second;
    db::StoredBoard out;
    for (const std::string& name : boardNames(given)) {
      const auto path = m_catalogue.boardPath(name);
      if (!path) continue;
      std::vector<InputFile> files;
      auto runtime = loadRuntimeFile(m_catalogue, TargetOptions().runtime, files);
      if (!runtime) return runtime.failure();
      auto target = loadTargetFiles(m_catalogue, name, *runtime);
      if (!target) return target.failure();
      const Board& board = target->target->board;
      out = {hashOfFiles(target->files, {"board", "core"}),
             board.name,
             board.title,
             board.chip.value,
             target->target->core.name,
             machineState(board, {}).clockHz.value};
      break;
    }
    if (out.name.empty() && !m_options.board.empty()) {
      return Failure{kUsage, {"--board", m_catalogue.boardPath(given).error().text()}};
    }
    m_boards.emplace(given, out);
    return out;
  }

  Loaded<db::StoredModel> modelFor(const std::string& named) {
    std::string path = m_options.model;
    if (path.empty() && !m_options.models.empty() && !named.empty() &&
        named.find('/') == std::string::npos) {
      path = m_options.models + '/' + named;
      std::error_code failed;
      if (!std::filesystem::exists(path, failed)) path.clear();
    }
    if (path.empty()) return db::StoredModel{};
    if (const auto known = m_models.find(path); known != m_models.end()) return known->second;
    auto model = loadModel(path);
    if (!model) return model.failure();
    db::StoredModel out{model->file.sha256, model->file.name, model->file.size.value,
                        std::ssize(model->graph->ops), 0};
    for (const GraphOp& op : model->graph->ops)
      if (op.macs) out.macs += op.macs->value;
    m_models.emplace(path, out);
    return out;
  }

  const ImportOptions& m_options;
  Catalogue m_catalogue;
  std::map<std::string, db::StoredBoard> m_boards;
  std::map<std::string, db::StoredModel> m_models;
};

Loaded<std::vector<db::RunRecord>> readRecords(const std::string& path, Names& names) {
  const auto file = MappedFile::open(path);
  if (!file) return Failure{kBadInput, file.error()};
  const auto bytes = (*file)->bytes();
  const auto runs = db::readForeignFile({reinterpret_cast<const char*>(bytes.data()), bytes.size()},
                                        std::filesystem::path((*file)->name()).filename());
  if (!runs) return Failure{kBadInput, runs.error()};
  std::vector<db::RunRecord> records;
  for (const db::ForeignRun& run : *runs) {
    auto context = names.contextOf(run);
    if (!context) return context.failure();
    auto record = db::recordOf(run, *context);
    if (record) {
      records.push_back(*std::move(record));
    } else {
      note(record.error().text() + "; left out");
    }
  }
  return records;
}

}  // namespace

int run(const ImportOptions& options) {
  TargetOptions target;
  target.folder = options.folder;
  auto catalogue = findCatalogue(target);
  if (!catalogue) return fail(catalogue.failure());
  Names names(options, std::move(*catalogue));
  auto database = openForWriting(options.database);
  if (!database) return fail(database.failure());
  for (const std::string& path : options.files) {
    auto records = readRecords(path, names);
    if (!records) return fail(records.failure());
    std::int64_t added = 0;
    std::int64_t present = 0;
    for (const db::RunRecord& record : *records) {
      const auto known = db::hasRun(*database, record.uuid);
      if (!known) return fail(kBadInput, known.error());
      if (*known) {
        ++present;
        continue;
      }
      const auto id = db::insertRun(*database, record);
      if (!id) return fail(kUsage, id.error());
      ++added;
    }
    const std::string text = fmt::format("{}: {} run{} imported, {} there already\n", path,
                                         grouped(added), added == 1 ? "" : "s", present);
    if (auto done = writeOutput("", text); !done) return fail(kUsage, done.error());
  }
  return kOk;
}

}  // namespace mcuprof::cli
