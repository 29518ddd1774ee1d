// Options of the commands that learn from runs: calibrate, compare.
#include <fmt/format.h>

#include <CLI/CLI.hpp>
#include <algorithm>
#include <charconv>

#include "analyzer/cli/exit_status.hpp"
#include "analyzer/cli/option_parts.hpp"

namespace mcuprof::cli {

void addCalibrationUse(CLI::App& command, Typed& typed) {
  command.add_option("--db", typed.database, "Database with calibrations")->type_name("FILE");
  addNoCalibration(command, typed);
}

void addNoCalibration(CLI::App& command, Typed& typed) {
  command.add_flag("--no-calibration", typed.noCalibration, "Take no calibration");
}

void addCalibrate(CLI::App& app, Typed& typed) {
  CLI::App& calibrate =
      *app.add_subcommand("calibrate", "Learn from runs how far a board is off its prediction");
  calibrate.add_option("--board", typed.board, "Board")->type_name("NAME");
  addTarget(calibrate, typed);
  calibrate
      .add_option("--models", typed.data,
                  "The models that ran: .tflite files, or folders with them (default .)")
      ->type_name("PATH")
      ->allow_extra_args(false);
  calibrate.add_flag("--imported", typed.imported, "From imported runs, not from measured ones");
  calibrate.add_flag("--dry-run", typed.dryRun, "Only show it, store nothing");
  addDatabase(calibrate, typed);
  addOutput(calibrate, typed, "text, json, csv");
  calibrate.footer(
      "Examples:\n"
      "  mcuprof calibrate --board f767zi --models models/\n"
      "  mcuprof calibrate --board l4r5zi --imported --models models/ --dry-run\n"
      "The status is 1 when the runs determine nothing, or when what they say does not help.\n"
      "docs/calibration.md says how it is fitted.");
}

Command makeCalibrate(const CLI::App&, const Typed& typed) {
  CalibrateOptions out;
  if (typed.board.empty()) {
    return wrong("calibrate needs a board: --board NAME (\"mcuprof boards\" lists them)");
  }
  if (!readOutput(typed, false, out.output)) return Finished{kUsage};
  out.board = typed.board;
  out.target = typed.target;
  out.models = typed.data;
  if (out.models.empty()) out.models = {"."};
  out.imported = typed.imported;
  out.dryRun = typed.dryRun;
  out.database = typed.database;
  return out;
}

void addCompare(CLI::App& app, Typed& typed) {
  CLI::App& compare =
      *app.add_subcommand("compare", "Hold a run against its prediction, layer by layer");
  compare
      .add_option("RUN", typed.subject,
                  "A run's number: as it was predicted then; or a model: its newest run, as it is "
                  "predicted now")
      ->type_name("");
  compare.add_option("--board", typed.board, "With a model: the board")->type_name("NAME");
  compare
      .add_option("--provenance", typed.provenance,
                  "With a model: measured (default), virtual or imported")
      ->type_name("KIND");
  addTarget(compare, typed);
  addCalibrationUse(compare, typed);
  addOutput(compare, typed, "text, json, csv");
  compare.footer(
      "Examples:\n"
      "  mcuprof compare 12\n"
      "  mcuprof compare --board f767zi model.tflite\n"
      "  mcuprof compare --board f767zi --provenance virtual --format csv model.tflite");
}

Command makeCompare(const CLI::App&, const Typed& typed) {
  CompareOptions out;
  out.subject = typed.subject;
  if (out.subject.empty()) return wrong("compare needs the number of a run, or a model");
  const bool isNumber =
      std::ranges::all_of(out.subject, [](char c) { return c >= '0' && c <= '9'; });
  if (isNumber) {
    const auto [end, code] =
        std::from_chars(out.subject.data(), out.subject.data() + out.subject.size(), out.runId);
    if (code != std::errc() || out.runId < 1)
      return wrong(fmt::format("compare: \"{}\" is no number of a run", out.subject));
  } else if (typed.board.empty()) {
    return wrong("compare needs a board for a model: --board NAME");
  }
  if (!readOutput(typed, false, out.output) || !readProvenance(typed.provenance))
    return Finished{kUsage};
  if (!typed.provenance.empty()) out.provenance = typed.provenance;
  if (out.provenance == "predicted") return wrong("--provenance: a predicted run was never timed");
  out.board = typed.board;
  out.target = typed.target;
  out.calibrate = !typed.noCalibration;
  out.database = typed.database;
  return out;
}

}  // namespace mcuprof::cli
