// Options of the difference of two models.
#include "analyzer/cli/options_diff.hpp"

#include <fmt/format.h>

#include <CLI/CLI.hpp>
#include <algorithm>
#include <array>

#include "analyzer/cli/exit_status.hpp"
#include "analyzer/cli/option_parts.hpp"

namespace mcuprof::cli {
namespace {

struct FormatEntry {
  std::string_view name;
  DiffFormat format;
  std::string_view ending;
};
constexpr std::array<FormatEntry, 4> kFormats{{{"text", DiffFormat::Text, ".txt"},
                                               {"json", DiffFormat::Json, ".json"},
                                               {"csv", DiffFormat::Csv, ".csv"},
                                               {"markdown", DiffFormat::Markdown, ".md"}}};

void addOptions(CLI::App& diff, Typed& typed) {
  diff.add_option("NEW", typed.models, "A .tflite file, a JSON report, or a stored run as run:12")
      ->type_name("");
  diff.add_option("--board", typed.board, "Board of this side, and of the other unless it has one")
      ->type_name("NAME");
  diff.add_option("--runtime", typed.runtimes, "Runtime of this side, and of the other likewise")
      ->type_name("NAME")
      ->allow_extra_args(false);
  diff.add_option("--targets", typed.target.folder, "Folder with target files")->type_name("DIR");
  diff.add_option("--db", typed.database, "Database of runs")->type_name("FILE");
  addNoCalibration(diff, typed);
  addOutput(diff, typed, "text, json, csv, markdown");
}

/// Reads the other side; false after saying what is wrong.
bool parseOther(const std::vector<std::string>& words, Typed& other) {
  CLI::App app("the side behind --", "diff");
  addOptions(app, other);
  std::vector<std::string> reversed(words.rbegin(), words.rend());
  try {
    app.parse(std::move(reversed));
  } catch (const CLI::ExtrasError&) {
    wrong(fmt::format("diff: behind -- it does not take \"{}\"",
                      app.remaining(true).empty() ? "" : app.remaining(true).front()));
    return false;
  } catch (const CLI::ParseError& error) {
    wrong(error.what());
    return false;
  }
  return true;
}

std::string firstOf(const std::string& one, const std::string& other) {
  return one.empty() ? other : one;
}

}  // namespace

void addDiff(CLI::App& app, Typed& typed) {
  CLI::App& diff = *app.add_subcommand(
      "diff", "What changed from one model, board or runtime to another, layer by layer");
  addOptions(diff, typed);
  diff.footer(
      "mcuprof diff NEW [OPTIONS] -- BASE [OPTIONS]\n"
      "Examples:\n"
      "  mcuprof diff new.tflite -- old.tflite --board f767zi\n"
      "  mcuprof diff model.tflite --board f767zi -- --board f429zi\n"
      "  mcuprof diff new.json -- main.json --format markdown\n"
      "  mcuprof diff model.tflite --board f767zi -- run:12\n"
      "What one side does not say it takes from the other. A difference is an answer: the status "
      "is 0.");
}

Command makeDiff(const CLI::App&, const Typed& typed) {
  Typed other;
  std::vector<std::string> models = typed.models;
  if (typed.hasOtherSide) {
    if (!parseOther(typed.otherSide, other)) return Finished{kUsage};
  } else if (models.size() == 2) {
    other.models = {models[1]};
    models.resize(1);
  } else {
    return wrong("diff needs two sides: mcuprof diff NEW -- BASE");
  }
  if (models.size() > 1 || other.models.size() > 1)
    return wrong("diff takes one model on each side of --");
  if (models.empty() && other.models.empty())
    return wrong("diff needs a model: a .tflite file, a JSON report, or a run as run:12");
  if (models.empty()) models = other.models;
  if (other.models.empty()) other.models = models;
  DiffOptions out;
  const auto runtime = [](const Typed& side) {
    return side.runtimes.empty() ? std::string() : side.runtimes.back();
  };
  const std::string fallback = TargetOptions().runtime;
  out.fresh = {models[0], firstOf(typed.board, other.board),
               firstOf(firstOf(runtime(typed), runtime(other)), fallback)};
  out.base = {other.models[0], firstOf(other.board, typed.board),
              firstOf(firstOf(runtime(other), runtime(typed)), fallback)};
  out.folder = firstOf(typed.target.folder, other.target.folder);
  out.database = firstOf(typed.database, other.database);
  out.calibrate = !typed.noCalibration && !other.noCalibration;
  out.file = firstOf(typed.file, other.file);
  const std::string format = firstOf(typed.format, other.format);
  const auto known = std::ranges::find_if(kFormats, [&](const FormatEntry& entry) {
    return format.empty() ? out.file.ends_with(entry.ending) : entry.name == format;
  });
  if (known != kFormats.end()) out.format = known->format;
  if (known == kFormats.end() && !format.empty()) {
    return wrong(fmt::format(
        "--format: \"{}\" is not known here; write text, json, csv or markdown", format));
  }
  return out;
}

}  // namespace mcuprof::cli
