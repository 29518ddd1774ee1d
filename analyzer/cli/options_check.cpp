// Options of the gate.
#include "analyzer/cli/options_check.hpp"

#include <fmt/format.h>

#include <CLI/CLI.hpp>
#include <algorithm>
#include <array>

#include "analyzer/base/near_miss.hpp"
#include "analyzer/budget/budget_file.hpp"
#include "analyzer/cli/exit_status.hpp"
#include "analyzer/cli/option_parts.hpp"

namespace mcuprof::cli {
namespace {

struct FormatEntry {
  std::string_view name;
  CheckFormat format;
  std::string_view ending;  ///< of a file that needs no FORMAT=
};
constexpr std::array<FormatEntry, 7> kFormats{{{"text", CheckFormat::Text, ".txt"},
                                               {"json", CheckFormat::Json, ".json"},
                                               {"junit", CheckFormat::Junit, ".xml"},
                                               {"sarif", CheckFormat::Sarif, ".sarif"},
                                               {"github", CheckFormat::Github, ""},
                                               {"gitlab", CheckFormat::Gitlab, ""},
                                               {"markdown", CheckFormat::Markdown, ".md"}}};

std::optional<CheckFormat> formatOf(std::string_view name) {
  for (const FormatEntry& entry : kFormats)
    if (entry.name == name) return entry.format;
  return std::nullopt;
}

std::string unknownFormat(const char* option, const std::string& name) {
  std::vector<std::string> names;
  names.reserve(std::size(kFormats));
  for (const FormatEntry& entry : kFormats) names.emplace_back(entry.name);
  const auto near = nearMiss(name, names);
  return fmt::format("{}: \"{}\" is not known{}; write one of {}", option, name,
                     near ? fmt::format("; did you mean {}?", *near) : "", fmt::join(names, ", "));
}

/// "FORMAT=FILE", or a file whose ending tells.
std::optional<CheckOutput> readOutputTo(const std::string& text) {
  const std::size_t equals = text.find('=');
  if (equals != std::string::npos) {
    const std::string name = text.substr(0, equals);
    const auto format = formatOf(name);
    if (!format) {
      wrong(unknownFormat("-o", name));
      return std::nullopt;
    }
    return CheckOutput{*format, text.substr(equals + 1)};
  }
  for (const FormatEntry& entry : kFormats) {
    if (!entry.ending.empty() && text.ends_with(entry.ending))
      return CheckOutput{entry.format, text};
  }
  wrong(fmt::format("-o: the ending of \"{}\" tells no format; write FORMAT=FILE, as sarif={}",
                    text, text));
  return std::nullopt;
}

}  // namespace

void addCheck(CLI::App& app, Typed& typed) {
  CLI::App& check =
      *app.add_subcommand("check", "Hold models against a budget: pass, fail or inconclusive");
  check.add_option("MODEL", typed.models, ".tflite files in place of the budget's")->type_name("");
  check.add_option("--budget", typed.budget, "Budget file, - for standard input")
      ->type_name("FILE")
      ->default_str("mcuprof.toml");
  check.add_option("--boards,--board", typed.boardList, "Boards in place of the budget's")
      ->type_name("NAMES")
      ->allow_extra_args(false);
  check.add_option("--runtime", typed.runtimes, "Runtime in place of the budget's")
      ->type_name("NAME")
      ->allow_extra_args(false);
  check.add_option("--targets", typed.target.folder, "Folder with target files")->type_name("DIR");
  check
      .add_option("--baseline", typed.baselines,
                  "Report (JSON) to hold regressions against, besides the budget's")
      ->type_name("FILE")
      ->allow_extra_args(false);
  check.add_option("--fail-on", typed.failOn, "fail, inconclusive or warning")->type_name("WORST");
  check.add_option("--date", typed.date, "Day for which allow entries count (default: today, UTC)")
      ->type_name("YYYY-MM-DD");
  check.add_option("--db", typed.database, "Database of runs that settle limits")
      ->type_name("FILE");
  addNoCalibration(check, typed);
  check
      .add_option("--format", typed.format,
                  "To standard output: text, json, junit, sarif, github, gitlab, markdown")
      ->type_name("FORMAT");
  check
      .add_option("-o,--output", typed.files,
                  "Also write a file; FORMAT=FILE, or .json, .xml (JUnit), .sarif, .md, .txt")
      ->type_name("[FORMAT=]FILE")
      ->allow_extra_args(false);
  check.add_flag("--init", typed.init,
                 "Write a budget to start from: the figures of now and 10 % headroom");
  check.footer(
      "Examples:\n"
      "  mcuprof check --init --boards f767zi,f429zi model.tflite\n"
      "  mcuprof check\n"
      "  mcuprof check --fail-on inconclusive model.tflite\n"
      "  mcuprof check -o junit=check.xml -o check.sarif --format github\n"
      "  mcuprof check --baseline main.json -o new.json\n"
      "Exit status: 0 pass; 1 a limit failed; 2 wrong budget or arguments; 3 a model cannot be "
      "read;\n6 inconclusive, with --fail-on inconclusive or warning.");
}

Command makeCheck(const CLI::App&, const Typed& typed) {
  CheckOptions out;
  out.models = typed.models;
  for (const std::string& names : typed.boardList) {
    for (const std::string& name : split(names)) out.boards.push_back(name);
  }
  out.runtimes = typed.runtimes;
  out.budget = typed.budget;
  out.baselines = typed.baselines;
  out.folder = typed.target.folder;
  out.database = typed.database;
  out.calibrate = !typed.noCalibration;
  out.init = typed.init;
  out.failOn = typed.failOn;
  if (!typed.failOn.empty() && typed.failOn != "fail" && typed.failOn != "inconclusive" &&
      typed.failOn != "warning") {
    return wrong(fmt::format("--fail-on: \"{}\" is not known; write fail, inconclusive or warning",
                             typed.failOn));
  }
  if (!typed.date.empty() && !isDate(typed.date))
    return wrong(fmt::format("--date: \"{}\" is no date; write 2026-12-31", typed.date));
  out.date = typed.date;
  if (std::ranges::count(typed.models, "-") + (out.budget == "-" ? 1 : 0) > 1)
    return wrong("standard input can be read only once");
  CheckOutput standard;
  if (!typed.format.empty()) {
    const auto format = formatOf(typed.format);
    if (!format) return wrong(unknownFormat("--format", typed.format));
    standard.format = *format;
  }
  if (typed.init && !typed.files.empty())
    return wrong("-o: check --init writes the budget itself; name its file with --budget");
  bool taken = false;
  for (const std::string& text : typed.files) {
    const auto output = readOutputTo(text);
    if (!output) return Finished{kUsage};
    const bool toStandard = output->file.empty() || output->file == "-";
    if (toStandard && (taken || !typed.format.empty()))
      return wrong("-o: standard output takes one format only");
    taken |= toStandard;
    out.outputs.push_back(*output);
  }
  if (!taken) out.outputs.insert(out.outputs.begin(), standard);
  if (out.init && out.models.empty()) return wrong("check --init needs at least one model");
  if (out.init && out.boards.empty())
    return wrong("check --init needs boards: --boards f767zi,f429zi");
  return out;
}

}  // namespace mcuprof::cli
