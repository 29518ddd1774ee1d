// Options of the commands that compare and score: whatif, sweep, cost, accuracy.
#include <fmt/format.h>

#include <CLI/CLI.hpp>
#include <algorithm>
#include <charconv>

#include "analyzer/cli/exit_status.hpp"
#include "analyzer/cli/option_parts.hpp"

namespace mcuprof::cli {

void addWhatIf(CLI::App& app, Typed& typed) {
  CLI::App& whatif =
      *app.add_subcommand("whatif", "Change model, machine or placement and compare");
  addModel(whatif, typed);
  whatif.add_option("--board", typed.board, "Board")->type_name("NAME");
  addTarget(whatif, typed);
  whatif
      .add_option("--add-filters", typed.addFilters,
                  "Filters for every CONV_2D of layers counted from 0, as 32@0:10")
      ->type_name("N@FIRST:LAST");
  whatif.add_option("--input", typed.input, "Another input, as 96x96")->type_name("HxW");
  addMachine(whatif, typed);
  addPlacement(whatif, typed);
  addCalibrationUse(whatif, typed);
  addOutput(whatif, typed, "text, json, csv");
  whatif.footer(
      "Examples:\n"
      "  mcuprof whatif --board f767zi --add-filters 32@0:10 model.tflite\n"
      "  mcuprof whatif --board f767zi --cache off model.tflite\n"
      "A change that the model cannot follow is refused with the layer and the reason; the status "
      "is 1.");
}

namespace {

/// What whatif and sweep have in common; false after saying what is wrong.
bool readModelAndBoard(const Typed& typed, const char* command, std::string& model,
                       std::string& board) {
  if (!readModel(typed, command, model)) return false;
  board = typed.board;
  if (!board.empty()) return true;
  wrong(fmt::format("{} needs a board: --board NAME (\"mcuprof boards\" lists them)", command));
  return false;
}

}  // namespace

Command makeWhatIf(const CLI::App&, const Typed& typed) {
  WhatIfOptions out;
  if (!readModelAndBoard(typed, "whatif", out.model, out.board) ||
      !readOutput(typed, false, out.output) || !readMachine(typed, out.variant) ||
      !readPlacement(typed, out.variant.placement)) {
    return Finished{kUsage};
  }
  out.target = typed.target;
  out.calibrate = !typed.noCalibration;
  out.database = typed.database;
  const std::size_t at = typed.addFilters.find('@');
  const std::string filters = typed.addFilters.substr(0, at);
  const std::string layers = at == std::string::npos ? "" : typed.addFilters.substr(at + 1);
  if (!readVariables({{"filters", &filters}, {"filters.at", &layers}, {"input", &typed.input}},
                     out.variant))
    return Finished{kUsage};
  return out;
}

void addSweep(CLI::App& app, Typed& typed) {
  CLI::App& sweep = *app.add_subcommand("sweep", "Analyse every combination of some variables");
  addModel(sweep, typed);
  sweep.add_option("--board", typed.board, "Board")->type_name("NAME");
  addTarget(sweep, typed);
  sweep
      .add_option("--var", typed.axes,
                  "NAME=FIRST..LAST:STEP or NAME=VALUE,VALUE; several make a grid")
      ->type_name("AXIS")
      ->allow_extra_args(false);
  sweep
      .add_option("--at", typed.filtersAt,
                  "Layers of the variable filters, counted from 0 (default all)")
      ->type_name("FIRST:LAST");
  sweep.add_option("--threads", typed.threads, "Threads (default: as many as cores)")
      ->type_name("N");
  addPlacement(sweep, typed);
  addCalibrationUse(sweep, typed);
  addOutput(sweep, typed, "csv");
  sweep.footer(
      "Examples:\n"
      "  mcuprof sweep --board f767zi --var filters=0..64:8 --at 0:3 --var sd.clock=100k,1M,25M "
      "model.tflite\n"
      "  mcuprof sweep --board f429zi --var input=64,96,128 --var clock=84M,180M model.tflite");
}

Command makeSweep(const CLI::App&, const Typed& typed) {
  SweepOptions out;
  if (!readModelAndBoard(typed, "sweep", out.model, out.board) ||
      !readPlacement(typed, out.base.placement))
    return Finished{kUsage};
  if (!readVariables({{"filters.at", &typed.filtersAt}}, out.base)) return Finished{kUsage};
  if (!typed.format.empty() && typed.format != "csv")
    return wrong(fmt::format("--format: \"{}\" is not known here; a sweep is csv", typed.format));
  if (typed.axes.empty())
    return wrong("sweep needs at least one --var NAME=VALUES, as --var filters=0..64:8");
  for (const std::string& text : typed.axes) {
    auto axis = parseAxis(text);
    if (!axis) return wrong("--var: " + axis.error().text());
    out.axes.push_back(*std::move(axis));
  }
  out.target = typed.target;
  out.calibrate = !typed.noCalibration;
  out.database = typed.database;
  out.threads = typed.threads;
  out.output.file = typed.file;
  return out;
}

void addCost(CLI::App& app, Typed& typed) {
  CLI::App& cost =
      *app.add_subcommand("cost", "Predict instructions and cycles of kernel calls by their shape");
  cost.add_option("--library", typed.library, "Kernel library")
      ->type_name("NAME")
      ->default_str("cmsis-nn");
  cost.add_option("--core", typed.core, "Core, as cortex-m4")->type_name("NAME");
  cost.add_option("--opt", typed.opt, "Optimisation level: -O2, -O3 or -Os")
      ->type_name("LEVEL")
      ->default_str("-O2");
  cost.add_option("--csv", typed.shapes, "Shapes, one a row, - for standard input")
      ->type_name("FILE");
  cost.add_option("--targets", typed.target.folder, "Folder with target files")->type_name("DIR");
  cost.add_option("-o,--output", typed.file, "Write to FILE instead of standard output")
      ->type_name("FILE");
  cost.footer(
      "Example:\n"
      "  mcuprof cost --library cmsis-nn --core cortex-m4 --csv shapes.csv\n"
      "The columns are kernel,n,ih,iw,ic,oh,ow,oc,kh,kw,sh,sw,ph,pw,dh,dw,cm,gr,e0,e1;\n"
      "docs/kernel-tables.md says what each kernel means by them.");
}

Command makeCost(const CLI::App&, const Typed& typed) {
  if (typed.core.empty()) return wrong("cost needs a core: --core NAME, as cortex-m4");
  if (typed.shapes.empty()) return wrong("cost needs shapes: --csv FILE, or - for standard input");
  const std::string opt = typed.opt.starts_with('-') ? typed.opt : "-" + typed.opt;
  if (opt != "-O2" && opt != "-O3" && opt != "-Os") {
    return wrong(fmt::format("--opt: \"{}\" is not known; write -O2, -O3 or -Os", typed.opt));
  }
  return CostOptions{typed.library, typed.core, opt, typed.shapes, typed.target.folder, typed.file};
}

void addAccuracy(CLI::App& app, Typed& typed) {
  CLI::App& accuracy = *app.add_subcommand("accuracy", "Score the cost model against measurements");
  accuracy
      .add_option("--data", typed.data,
                  "CSV files of measurements (docs/accuracy.md says which columns); without: the "
                  "runs in the database")
      ->type_name("FILE")
      ->allow_extra_args(false);
  addDatabase(accuracy, typed);
  accuracy.add_option("--models", typed.modelFolder, "Folder with the models that they name")
      ->type_name("DIR");
  addTarget(accuracy, typed);
  addOutput(accuracy, typed, "text, json, csv, markdown");
  accuracy.footer(
      "Examples:\n"
      "  mcuprof accuracy --data measured.csv --models models/\n"
      "  mcuprof accuracy --models models/ -o card.md");
}

Command makeAccuracy(const CLI::App&, const Typed& typed) {
  AccuracyOptions out;
  if (typed.modelFolder.empty()) return wrong("accuracy needs the models: --models DIR");
  // The card of the database is Markdown as it stands.
  Typed output = typed;
  if (typed.data.empty() &&
      (typed.format == "markdown" || (typed.format.empty() && typed.file.ends_with(".md")))) {
    output.format = "text";
  }
  if (!readOutput(output, false, out.output)) return Finished{kUsage};
  out.data = typed.data;
  out.database = typed.database;
  out.models = typed.modelFolder;
  out.target = typed.target;
  return out;
}

}  // namespace mcuprof::cli
