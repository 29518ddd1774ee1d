// Options of the database as a whole: db.
#include <fmt/format.h>

#include <CLI/CLI.hpp>
#include <charconv>
#include <chrono>

#include "analyzer/cli/exit_status.hpp"
#include "analyzer/cli/option_parts.hpp"

namespace mcuprof::cli {
namespace {

using Verb = DatabaseOptions::Verb;

/// "2026-03-01T12:34:56Z", so many hours ago; nothing for what is no age.
std::optional<std::string> timeBefore(std::string_view age) {
  if (age.empty() || (age.back() != 'd' && age.back() != 'h')) return std::nullopt;
  std::int64_t count = 0;
  const auto [end, code] = std::from_chars(age.data(), age.data() + age.size() - 1, count);
  if (code != std::errc() || end != age.data() + age.size() - 1 || count < 0 || count > 1'000'000)
    return std::nullopt;
  const auto then = std::chrono::floor<std::chrono::seconds>(std::chrono::system_clock::now()) -
                    std::chrono::hours(age.back() == 'd' ? 24 * count : count);
  const auto day = std::chrono::floor<std::chrono::days>(then);
  const std::chrono::year_month_day date(day);
  const std::chrono::hh_mm_ss time(then - day);
  return fmt::format("{:04}-{:02}-{:02}T{:02}:{:02}:{:02}Z", static_cast<int>(date.year()),
                     static_cast<unsigned>(date.month()), static_cast<unsigned>(date.day()),
                     time.hours().count(), time.minutes().count(), time.seconds().count());
}

bool fitsPattern(std::string_view text, std::string_view pattern) {
  if (text.size() != pattern.size()) return false;
  for (std::size_t i = 0; i < text.size(); ++i) {
    const bool digit = text[i] >= '0' && text[i] <= '9';
    if (pattern[i] == '0' ? !digit : text[i] != pattern[i]) return false;
  }
  return true;
}

}  // namespace

bool readDate(const char* option, const std::string& text) {
  if (text.empty() || fitsPattern(text, "0000-00-00") ||
      fitsPattern(text, "0000-00-00T00:00:00Z")) {
    return true;
  }
  wrong(
      fmt::format("{}: \"{}\" is no date; write 2026-03-01 or 2026-03-01T12:00:00Z", option, text));
  return false;
}

bool readProvenance(const std::string& text) {
  if (text.empty() || text == "measured" || text == "virtual" || text == "predicted" ||
      text == "imported") {
    return true;
  }
  wrong(fmt::format(
      "--provenance: \"{}\" is not known; write measured, virtual, predicted or imported", text));
  return false;
}

void addDatabaseCommand(CLI::App& app, Typed& typed) {
  CLI::App& db = *app.add_subcommand("db", "Check, copy, merge and prune the database of runs");
  addDatabase(db, typed);
  db.require_subcommand(0, 1);
  db.add_subcommand("path", "Print where the database is")->fallthrough();
  db.add_subcommand("check", "Look for damage, and say what is in it")->fallthrough();
  CLI::App& out = *db.add_subcommand(
      "export", "Write everything as lines of JSON, or to a .db or .sqlite file as a copy");
  out.fallthrough();
  out.add_option("FILE", typed.files, "Default and -: standard output")->type_name("");
  CLI::App& in = *db.add_subcommand("import", "Take over what \"db export\" wrote");
  in.fallthrough();
  in.add_option("FILE", typed.files, "Lines of JSON; - is standard input")->type_name("");
  CLI::App& merge = *db.add_subcommand("merge", "Take over the runs of other databases");
  merge.fallthrough();
  merge.add_option("FILE", typed.files, "Databases")->type_name("");
  CLI::App& prune = *db.add_subcommand("prune", "Delete runs by age, board or provenance");
  prune.fallthrough();
  prune.add_option("--older-than", typed.olderThan, "Runs older than that, as 90d or 12h")
      ->type_name("AGE");
  prune.add_option("--before", typed.before, "Runs that started before that day, as 2026-03-01")
      ->type_name("DATE");
  prune.add_option("--board", typed.board, "Runs on this board, by its full name")
      ->type_name("NAME");
  prune
      .add_option("--provenance", typed.provenance,
                  "Runs of this kind: measured, virtual, predicted or imported")
      ->type_name("KIND");
  prune.add_flag("--dry-run", typed.dryRun, "Only list what would be deleted");
  db.footer(
      "Examples:\n"
      "  mcuprof db path\n"
      "  mcuprof db check\n"
      "  mcuprof db export runs.jsonl\n"
      "  mcuprof db merge colleague.db\n"
      "  mcuprof db prune --provenance virtual --older-than 90d --dry-run");
}

Command makeDatabaseCommand(const CLI::App& app, const Typed& typed) {
  const CLI::App& db = *app.get_subcommand("db");
  DatabaseOptions out;
  out.database = typed.database;
  out.files = typed.files;
  const auto got = [&](const char* name) { return db.got_subcommand(name); };
  if (got("path")) {
    out.verb = Verb::Path;
  } else if (got("check")) {
    out.verb = Verb::Check;
  } else if (got("export")) {
    out.verb = Verb::Export;
    if (out.files.size() > 1) return wrong("db export writes one file");
  } else if (got("import") || got("merge")) {
    out.verb = got("import") ? Verb::Import : Verb::Merge;
    if (out.files.empty()) {
      return wrong(fmt::format("db {} needs a file", got("import") ? "import" : "merge"));
    }
  } else if (got("prune")) {
    out.verb = Verb::Prune;
    if (!readDate("--before", typed.before) || !readProvenance(typed.provenance))
      return Finished{kUsage};
    out.before = typed.before;
    out.board = typed.board;
    out.provenance = typed.provenance;
    out.dryRun = typed.dryRun;
    if (!typed.olderThan.empty()) {
      if (!out.before.empty()) return wrong("--older-than and --before exclude each other");
      const auto then = timeBefore(typed.olderThan);
      if (!then) {
        return wrong(
            fmt::format("--older-than: \"{}\" is no age; write 90d or 12h", typed.olderThan));
      }
      out.before = *then;
    }
    if (out.before.empty() && out.board.empty() && out.provenance.empty()) {
      return wrong("db prune needs --older-than, --before, --board or --provenance");
    }
  } else {
    return wrong("db needs one of: path, check, export, import, merge, prune");
  }
  return out;
}

}  // namespace mcuprof::cli
