// Options of the commands that report on models: analyze, inspect, arena, fit.
#include <fmt/format.h>

#include <CLI/CLI.hpp>
#include <algorithm>
#include <charconv>

#include "analyzer/cli/exit_status.hpp"
#include "analyzer/cli/option_parts.hpp"

namespace mcuprof::cli {

void addAnalyze(CLI::App& app, Typed& typed) {
  CLI::App& analyze =
      *app.add_subcommand("analyze", "Hold a model against a board, layer by layer");
  addModel(analyze, typed);
  analyze
      .add_option("--board", typed.board,
                  "Board, as \"mcuprof boards\" lists them, or a .toml file")
      ->type_name("NAME");
  addTarget(analyze, typed);
  addPlacement(analyze, typed);
  addMachine(analyze, typed);
  analyze.add_option("--explain", typed.explain, "The sum behind one layer's cycles, term by term")
      ->type_name("LAYER");
  analyze
      .add_option("--duty", typed.duty, "One inference every so often, as 10s, for average power")
      ->type_name("TIME");
  analyze.add_option("--battery", typed.battery, "With --duty: battery days, as 220mAh@3V")
      ->type_name("CAPACITY");
  addCalibrationUse(analyze, typed);
  analyze.add_flag("--strict", typed.strict, "Refuse models with operators of unknown cost");
  addOutput(analyze, typed, "text, json, csv");
  analyze.footer(
      "Examples:\n"
      "  mcuprof analyze --board f767zi model.tflite\n"
      "  mcuprof analyze --board f429zi --place weights=sd --reserve 16K model.tflite\n"
      "  mcuprof analyze --board rpi-pico -o report.json model.tflite\n"
      "  mcuprof analyze --board l4r5zi --explain 5 model.tflite\n"
      "  mcuprof analyze --board nrf52840-dk --duty 10s --battery 220mAh@3V model.tflite\n"
      "A model that does not fit is an answer, not an error: the status is 0.");
}

Command makeAnalyze(const CLI::App&, const Typed& typed) {
  AnalyzeOptions out;
  if (!readModel(typed, "analyze", out.model)) return Finished{kUsage};
  if (typed.board.empty()) {
    return wrong("analyze needs a board: --board NAME (\"mcuprof boards\" lists them)");
  }
  out.board = typed.board;
  out.target = typed.target;
  out.strict = typed.strict;
  out.calibrate = !typed.noCalibration;
  out.database = typed.database;
  Variant machine;
  if (!readPlacement(typed, out.placement) || !readOutput(typed, false, out.output) ||
      !readMachine(typed, machine) || !readDuty(typed, out.duty)) {
    return Finished{kUsage};
  }
  out.machine = machine.machine;
  if (!typed.explain.empty()) {
    std::int32_t layer = 0;
    const auto [end, code] =
        std::from_chars(typed.explain.data(), typed.explain.data() + typed.explain.size(), layer);
    if (code != std::errc() || end != typed.explain.data() + typed.explain.size() || layer < 1) {
      return wrong(fmt::format("--explain: \"{}\" is no layer; write its number as in the report",
                               typed.explain));
    }
    out.explain = layer;
  }
  return out;
}

void addInspect(CLI::App& app, Typed& typed) {
  CLI::App& inspect = *app.add_subcommand("inspect", "Show what is in a model, without a board");
  addModel(inspect, typed);
  addOutput(inspect, typed, "text, json, csv");
  inspect.footer("Example:\n  mcuprof inspect model.tflite");
}

Command makeInspect(const CLI::App&, const Typed& typed) {
  InspectOptions out;
  if (!readModel(typed, "inspect", out.model) || !readOutput(typed, false, out.output)) {
    return Finished{kUsage};
  }
  return out;
}

void addArena(CLI::App& app, Typed& typed) {
  CLI::App& arena =
      *app.add_subcommand("arena", "Lay out the runtime's memory arena, buffer by buffer");
  addModel(arena, typed);
  arena.add_option("--board", typed.board, "Board, for its core")->type_name("NAME");
  arena.add_option("--core", typed.core, "Core whose kernels ask for scratch (default cortex-m4)")
      ->type_name("NAME");
  addTarget(arena, typed);
  addOutput(arena, typed, "text, json, csv, svg");
  arena.footer(
      "Examples:\n"
      "  mcuprof arena model.tflite\n"
      "  mcuprof arena --core cortex-m55 -o arena.svg model.tflite");
}

Command makeArena(const CLI::App&, const Typed& typed) {
  ArenaOptions out;
  if (!readModel(typed, "arena", out.model) || !readOutput(typed, true, out.output))
    return Finished{kUsage};
  if (!typed.board.empty() && !typed.core.empty())
    return wrong("arena takes --board or --core, not both");
  out.board = typed.board;
  out.core = typed.core;
  out.target = typed.target;
  return out;
}

void addFit(CLI::App& app, Typed& typed) {
  CLI::App& fit =
      *app.add_subcommand("fit", "Hold models against boards: which fit where, and why not");
  fit.add_option("MODEL", typed.models, ".tflite files")->type_name("");
  fit.add_option("--boards", typed.boards, "all, or names with commas between")->type_name("NAMES");
  addTarget(fit, typed);
  addPlacement(fit, typed);
  addOutput(fit, typed, "text, json, csv");
  fit.footer(
      "Examples:\n"
      "  mcuprof fit --boards all model.tflite\n"
      "  mcuprof fit --boards f767zi,f429zi,rpi-pico *.tflite\n"
      "The status is 1 when activations exceed the SRAM of every board for every model.");
}

Command makeFit(const CLI::App&, const Typed& typed) {
  FitOptions out;
  if (typed.models.empty()) return wrong("fit needs at least one model");
  if (std::ranges::count(typed.models, "-") > 1)
    return wrong("standard input can be read only once");
  out.models = typed.models;
  if (typed.boards != "all") {
    out.boards = split(typed.boards);
    if (out.boards.empty()) return wrong("--boards: write all, or names with commas between");
  }
  out.target = typed.target;
  if (!readPlacement(typed, out.placement) || !readOutput(typed, false, out.output))
    return Finished{kUsage};
  return out;
}

}  // namespace mcuprof::cli
