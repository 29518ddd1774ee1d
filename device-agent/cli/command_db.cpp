// mcuprof db.
#include <fmt/format.h>

#include <filesystem>

#include "analyzer/base/mapped_file.hpp"
#include "analyzer/cli/commands.hpp"
#include "analyzer/cli/console.hpp"
#include "analyzer/cli/exit_status.hpp"
#include "analyzer/report/text.hpp"
#include "db/json_lines.hpp"
#include "db/merge.hpp"
#include "db/prune.hpp"
#include "db/run_store.hpp"
#include "device-agent/cli/open_database.hpp"

namespace mcuprof::cli {
namespace {

int write(const std::string& text, const std::string& file = {}) {
  if (auto done = writeOutput(file, text); !done) return fail(kUsage, done.error());
  return kOk;
}

std::string countOf(std::int64_t count, const char* thing) {
  return fmt::format("{} {}{}", grouped(count), thing, count == 1 ? "" : "s");
}

int printPath(const DatabaseOptions& options) {
  const auto path = db::databasePath(options.database);
  if (!path) return fail(kUsage, path.error());
  return write(*path + '\n');
}

int check(const DatabaseOptions& options) {
  // Damage is the answer that was asked for, also where it is met on opening.
  auto database = openForReading(options.database);
  if (!database) {
    const Failure& failure = database.failure();
    return fail(failure.error.what.starts_with("is damaged") ? kAnswerIsNo : failure.status,
                failure.error);
  }
  if (auto sound = database->check(); !sound) return fail(kAnswerIsNo, sound.error());
  const auto version = database->version();
  if (!version) return fail(kBadInput, version.error());
  std::string text = fmt::format("{}: sound, version {}", database->connection().path(), *version);
  if (*version < db::newestVersion()) {
    text += fmt::format(" (the next run brings it to version {})", db::newestVersion());
  }
  text += '\n';
  for (const char* kind : {"measured", "virtual", "predicted", "imported"}) {
    const auto count = database->connection().number(
        fmt::format("SELECT count(*) FROM runs WHERE provenance = '{}'", kind));
    if (!count) return fail(kBadInput, count.error());
    text += fmt::format("  {:<10}{:>9}\n", kind, countOf(*count, "run"));
  }
  return write(text);
}

int exportTo(const DatabaseOptions& options) {
  auto database = openForReading(options.database);
  if (!database) return fail(database.failure());
  const std::string file = options.files.empty() ? std::string() : options.files.front();
  const std::string ending = std::filesystem::path(file).extension();
  if (ending == ".db" || ending == ".sqlite") {
    if (auto done = database->copyTo(file); !done) return fail(kUsage, done.error());
    return kOk;
  }
  std::string text;
  const auto done =
      db::writeJsonLines(database->connection(), [&](std::string_view line) -> Result<void> {
        text += line;
        return {};
      });
  if (!done) return fail(kBadInput, done.error());
  return write(text, file);
}

/// Takes over what each file holds; those before a bad one stay taken over.
template <typename TakeOver>
int takeOver(const DatabaseOptions& options, const TakeOver& take) {
  auto database = openForWriting(options.database);
  if (!database) return fail(database.failure());
  for (const std::string& file : options.files) {
    const Result<db::MergeCounts> counts = take(*database, file);
    if (!counts) return fail(kBadInput, counts.error());
    if (const int status = write(fmt::format("{}: {} added, {} there already\n", file,
                                             countOf(counts->added, "run"), counts->present));
        status != kOk) {
      return status;
    }
  }
  return kOk;
}

Result<db::MergeCounts> importLines(db::Database& database, const std::string& path) {
  const auto file = MappedFile::open(path);
  if (!file) return file.error();
  const auto bytes = (*file)->bytes();
  auto read = db::readJsonLines({reinterpret_cast<const char*>(bytes.data()), bytes.size()},
                                (*file)->name());
  if (!read) return read.error();
  return db::mergeFrom(database, *read);
}

int prune(const DatabaseOptions& options) {
  const db::PruneFilter filter{options.before, options.board, options.provenance};
  if (!options.dryRun) {
    auto database = openForWriting(options.database);
    if (!database) return fail(database.failure());
    const auto deleted = db::pruneRuns(*database, filter);
    if (!deleted) return fail(kBadInput, deleted.error());
    return write(fmt::format("{} deleted\n", countOf(*deleted, "run")));
  }
  auto database = openForReading(options.database);
  if (!database) return fail(database.failure());
  const auto ids = db::findRunsToPrune(*database, filter);
  if (!ids) return fail(kBadInput, ids.error());
  std::string text = fmt::format("{} would be deleted", countOf(std::ssize(*ids), "run"));
  for (std::size_t i = 0; i < ids->size(); ++i)
    text += fmt::format("{}{}", i == 0 ? ": " : ", ", (*ids)[i]);
  return write(text + '\n');
}

}  // namespace

int run(const DatabaseOptions& options) {
  using Verb = DatabaseOptions::Verb;
  switch (options.verb) {
    case Verb::Path:
      return printPath(options);
    case Verb::Check:
      return check(options);
    case Verb::Export:
      return exportTo(options);
    case Verb::Import:
      return takeOver(options, importLines);
    case Verb::Merge:
      return takeOver(options, db::mergeFile);
    case Verb::Prune:
      return prune(options);
  }
  return kInternal;
}

}  // namespace mcuprof::cli
