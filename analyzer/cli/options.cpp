#include "analyzer/cli/options.hpp"

#include <fmt/format.h>

// CLI11 is included here and nowhere else.
#include <CLI/CLI.hpp>
#include <algorithm>
#include <charconv>
#include <span>
#include <string_view>

#include "analyzer/base/near_miss.hpp"
#include "analyzer/base/size_text.hpp"
#include "analyzer/cli/console.hpp"
#include "analyzer/cli/exit_status.hpp"

namespace mcuprof::cli {
namespace {

/// Options as they were typed; made into values once parsing is over.
struct Typed {
  std::vector<std::string> models;
  std::string board;
  std::string boards = "all";
  std::string core;
  TargetOptions target;
  std::string sram;
  std::string reserve;
  std::string stack;
  std::string staticBytes;
  std::vector<std::string> place;
  bool joinAdjacent = false;
  bool strict = false;
  std::string format;
  std::string file;
  std::vector<std::string> files;
  std::string name;
  std::optional<double> width;
  std::string input;
  std::optional<std::int32_t> classes;
  std::string type = "int8";
  std::uint64_t seed = 1;
  // Of the machine and of variants, each with the variable of whatif/variant.hpp it sets.
  std::string clock;
  std::string wait;
  std::string cache;
  std::string accelerator;
  std::string sdClock;
  std::string supply;
  std::string opt = "-O2";
  std::string explain;
  std::string duty;
  std::string battery;
  std::string addFilters;
  std::vector<std::string> axes;
  std::string filtersAt;
  unsigned threads = 0;
  std::string library = "cmsis-nn";
  std::string shapes;
  std::vector<std::string> data;
  std::string modelFolder;
};

constexpr const char* kExitStatuses =
    "Exit status: 0 ok; 1 the answer is no; 2 usage or configuration; 3 input unreadable or "
    "invalid;\n"
    "4 operators of unknown cost with --strict; 70 internal error; 130 interrupted.";

void addTarget(CLI::App& command, Typed& typed) {
  command.add_option("--runtime", typed.target.runtime, "Runtime that executes the model")
      ->type_name("NAME")
      ->default_str("tflm-cmsis-nn");
  command.add_option("--targets", typed.target.folder, "Folder with target files")
      ->type_name("DIR");
}

void addPlacement(CLI::App& command, Typed& typed) {
  command
      .add_option("--place", typed.place,
                  "Where constants lie: weights=MEMORY (flash, sd, sram, a name)")
      ->type_name("weights=MEMORY")
      ->allow_extra_args(false);
  command.add_option("--sram", typed.sram, "RAM in place of the board's, as 256K")
      ->type_name("SIZE");
  command.add_option("--reserve", typed.reserve, "RAM kept for the application")->type_name("SIZE");
  command.add_option("--stack", typed.stack, "Stack in place of the runtime's")->type_name("SIZE");
  command.add_option("--static", typed.staticBytes, "Static data in place of the runtime's")
      ->type_name("SIZE");
  command.add_flag("--join-adjacent", typed.joinAdjacent,
                   "Treat RAM regions whose addresses touch as one");
}

void addMachine(CLI::App& command, Typed& typed) {
  command.add_option("--clock", typed.clock, "Clock in place of the board's, as 100M")
      ->type_name("HZ");
  command.add_option("--wait", typed.wait, "Wait states of the flash at that clock")
      ->type_name("N");
  command.add_option("--cache", typed.cache, "Caches in front of flash: on or off")
      ->type_name("on|off");
  command
      .add_option("--accelerator", typed.accelerator,
                  "Flash accelerator (ART) and prefetch: on or off")
      ->type_name("on|off");
  command.add_option("--sd-clock", typed.sdClock, "Clock of the card's SPI, as 25M")
      ->type_name("HZ");
  command.add_option("--supply", typed.supply, "Supply voltage")->type_name("V");
  command.add_option("--opt", typed.opt, "How the kernels were compiled: -O2, -O3, -Os")
      ->type_name("LEVEL");
}

void addOutput(CLI::App& command, Typed& typed, const char* formats) {
  command
      .add_option("--format", typed.format, fmt::format("One of {}; else as -o FILE ends", formats))
      ->type_name("FORMAT");
  command.add_option("-o,--output", typed.file, "Write to FILE instead of standard output")
      ->type_name("FILE");
}

void addModel(CLI::App& command, Typed& typed) {
  command.add_option("MODEL", typed.models, "A .tflite file, - for standard input")->type_name("");
}

/// Every command of the program. The addresses of `typed` stay valid while parsing.
void build(CLI::App& app, Typed& typed) {
  app.set_version_flag("--version", "mcuprof " MCUPROF_VERSION);
  app.footer(std::string("Examples:\n"
                         "  mcuprof zoo mobilenet_v2 --width 0.35 --input 128 -o model.tflite\n"
                         "  mcuprof analyze --board f767zi model.tflite\n"
                         "  mcuprof analyze --board f429zi --sram 128K --format json model.tflite\n"
                         "  mcuprof fit --boards all model.tflite\n") +
             kExitStatuses);

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
  addOutput(whatif, typed, "text, json, csv");
  whatif.footer(
      "Examples:\n"
      "  mcuprof whatif --board f767zi --add-filters 32@0:10 model.tflite\n"
      "  mcuprof whatif --board f767zi --cache off model.tflite\n"
      "A change that the model cannot follow is refused with the layer and the reason; the status "
      "is 1.");

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
  addOutput(sweep, typed, "csv");
  sweep.footer(
      "Examples:\n"
      "  mcuprof sweep --board f767zi --var filters=0..64:8 --at 0:3 --var sd.clock=100k,1M,25M "
      "model.tflite\n"
      "  mcuprof sweep --board f429zi --var input=64,96,128 --var clock=84M,180M model.tflite");

  CLI::App& accuracy = *app.add_subcommand("accuracy", "Score the cost model against measurements");
  accuracy
      .add_option("--data", typed.data,
                  "CSV files of measurements (docs/accuracy.md says which columns)")
      ->type_name("FILE")
      ->allow_extra_args(false);
  accuracy.add_option("--models", typed.modelFolder, "Folder with the models that they name")
      ->type_name("DIR");
  addTarget(accuracy, typed);
  addOutput(accuracy, typed, "text, json, csv");
  accuracy.footer("Example:\n  mcuprof accuracy --data measured.csv --models models/");

  CLI::App& inspect = *app.add_subcommand("inspect", "Show what is in a model, without a board");
  addModel(inspect, typed);
  addOutput(inspect, typed, "text, json, csv");
  inspect.footer("Example:\n  mcuprof inspect model.tflite");

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

  CLI::App& boards = *app.add_subcommand("boards", "List, show and check target files");
  addTarget(boards, typed);
  boards.require_subcommand(0, 1);
  boards.add_subcommand("list", "One line a board (default)")->fallthrough();
  CLI::App& show =
      *boards.add_subcommand("show", "Every figure of a board with its basis and source");
  show.fallthrough();
  show.add_option("NAME", typed.board, "Board or .toml file")->type_name("");
  CLI::App& validate = *boards.add_subcommand("validate", "Check board, core and runtime files");
  validate.fallthrough();
  validate.add_option("FILE", typed.files, ".toml files")->type_name("");
  boards.footer(
      "Examples:\n"
      "  mcuprof boards\n"
      "  mcuprof boards show f767zi\n"
      "  mcuprof boards validate my_board.toml");

  CLI::App& zoo = *app.add_subcommand("zoo", "Write a reference network as a .tflite file");
  zoo.add_option("NAME", typed.name, "Network, or \"list\" to list them")->type_name("");
  zoo.add_option("--width", typed.width, "Scales the channels of hidden layers")
      ->type_name("FACTOR");
  zoo.add_option("--input", typed.input, "Extent of the input, as 128 or 49x10")->type_name("N");
  zoo.add_option("--classes", typed.classes, "Outputs of the last layer")->type_name("N");
  zoo.add_option("--dtype", typed.type, "int8, int16 or float32")->type_name("TYPE");
  zoo.add_option("--seed", typed.seed, "Seed of weights and biases")->type_name("N");
  zoo.add_option("-o,--output", typed.file, "File to write, - for standard output")
      ->type_name("FILE");
  zoo.footer(
      "Examples:\n"
      "  mcuprof zoo list\n"
      "  mcuprof zoo mobilenet_v2 --width 0.35 --input 128 -o model.tflite");

  // Its options are read by mcuprof-price; here it only has its place in the list.
  app.add_subcommand("price", "Price the hot loops of a firmware's machine code");
}

void buildCost(CLI::App& app, Typed& typed) {
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

Finished wrong(std::string_view what) {
  return {fail(kUsage, what)};
}

/// A number > 0 with an optional unit behind it; nothing when it is none.
std::optional<double> readPhysical(std::string_view text, std::string_view unit) {
  if (text.ends_with(unit)) text.remove_suffix(unit.size());
  double value = 0;
  const auto [end, code] = std::from_chars(text.data(), text.data() + text.size(), value);
  if (code != std::errc() || end != text.data() + text.size() || !(value > 0) || value > 1e12)
    return std::nullopt;
  return value;
}

/// Seconds of "10s", "500ms", "5min", "1h", "2d"; nothing when it is no time.
std::optional<double> readSeconds(std::string_view text) {
  for (const auto& [unit, factor] : {std::pair<std::string_view, double>{"ms", 1e-3},
                                     {"min", 60},
                                     {"s", 1},
                                     {"h", 3600},
                                     {"d", 86400}}) {
    if (!text.ends_with(unit)) continue;
    const auto value = readPhysical(text, unit);
    return value ? std::optional<double>(*value * factor) : std::nullopt;
  }
  return std::nullopt;
}

/// --duty and --battery; false after saying what is wrong.
bool readDuty(const Typed& typed, std::optional<Duty>& out) {
  if (typed.duty.empty()) {
    if (!typed.battery.empty()) wrong("--battery needs --duty TIME, how often an inference runs");
    return typed.battery.empty();
  }
  const auto seconds = readSeconds(typed.duty);
  if (!seconds) {
    wrong(fmt::format("--duty: \"{}\" is no time; write 10s, 500ms, 5min, 1h", typed.duty));
    return false;
  }
  out = Duty{*seconds, {}, {}};
  if (typed.battery.empty()) return true;
  const std::size_t at = typed.battery.find('@');
  const auto capacity = readPhysical(std::string_view(typed.battery).substr(0, at), "mAh");
  const auto volts = at == std::string::npos
                         ? std::nullopt
                         : readPhysical(std::string_view(typed.battery).substr(at + 1), "V");
  if (!capacity || !volts) {
    wrong(fmt::format("--battery: \"{}\" is no battery; write 220mAh@3V", typed.battery));
    return false;
  }
  out->batteryMilliampHours = capacity;
  out->batteryVolts = volts;
  return true;
}

/// Sets `into` from a size as typed; false after saying what is wrong.
bool readSize(const char* option, const std::string& text, std::optional<Bytes>& into) {
  if (text.empty()) return true;
  into = parseSize(text);
  if (into) return true;
  wrong(fmt::format("{}: \"{}\" is no size; write bytes, or 256K, 256KiB, 1.5M", option, text));
  return false;
}

/// Sets variables of a variant from options that were given; false after saying what is wrong.
bool readVariables(std::initializer_list<std::pair<const char*, const std::string*>> given,
                   Variant& out) {
  for (const auto& [name, text] : given) {
    if (text->empty()) continue;
    if (const auto done = setVariable(out, name, *text); !done) {
      wrong(done.error().text());
      return false;
    }
  }
  return true;
}

bool readMachine(const Typed& typed, Variant& out) {
  if (!readVariables({{"clock", &typed.clock},
                      {"wait", &typed.wait},
                      {"cache", &typed.cache},
                      {"accelerator", &typed.accelerator},
                      {"sd.clock", &typed.sdClock},
                      {"opt", &typed.opt}},
                     out)) {
    return false;
  }
  if (typed.supply.empty()) return true;
  const auto volts = readPhysical(typed.supply, "V");
  if (!volts || *volts > 60) {
    wrong(fmt::format("--supply: \"{}\" is no voltage; write 3.3 or 1.8V", typed.supply));
    return false;
  }
  out.machine.supplyVolts = volts;
  return true;
}

bool readPlacement(const Typed& typed, PlacementOptions& out) {
  out.joinAdjacent = typed.joinAdjacent;
  for (const std::string& place : typed.place) {
    constexpr std::string_view kWeights = "weights=";
    if (!place.starts_with(kWeights) || place.size() == kWeights.size()) {
      wrong(
          fmt::format("--place: \"{}\" is not known; write weights=MEMORY, as weights=sd", place));
      return false;
    }
    out.weights = place.substr(kWeights.size());
  }
  return readSize("--sram", typed.sram, out.sram) &&
         readSize("--reserve", typed.reserve, out.reserve) &&
         readSize("--stack", typed.stack, out.stack) &&
         readSize("--static", typed.staticBytes, out.staticBytes);
}

struct FormatName {
  std::string_view name;
  Format format;
};
constexpr FormatName kFormats[] = {
    {"text", Format::Text}, {"json", Format::Json}, {"csv", Format::Csv}, {"svg", Format::Svg}};

bool readOutput(const Typed& typed, bool mayBeSvg, OutputOptions& out) {
  out.file = typed.file;
  const std::string& file = typed.file;
  const std::size_t dot = file.rfind('.');
  const std::string_view ending =
      dot == std::string::npos ? std::string_view() : std::string_view(file).substr(dot + 1);
  for (const FormatName& known : kFormats) {
    const bool offered = known.format != Format::Svg || mayBeSvg;
    if (typed.format.empty() ? ending == known.name && offered
                             : typed.format == known.name && offered) {
      out.format = known.format;
      return true;
    }
  }
  if (typed.format.empty()) return true;
  wrong(fmt::format("--format: \"{}\" is not known here; write text, json{}", typed.format,
                    mayBeSvg ? ", csv or svg" : " or csv"));
  return false;
}

/// The one model of a command; nothing after saying what is wrong.
bool readModel(const Typed& typed, const char* command, std::string& out) {
  if (typed.models.empty()) {
    wrong(fmt::format("{} needs a model: a .tflite file, or - for standard input", command));
    return false;
  }
  if (typed.models.size() > 1) {
    wrong(fmt::format("{} takes one model, found {}; \"mcuprof fit\" takes several", command,
                      typed.models.size()));
    return false;
  }
  out = typed.models[0];
  return true;
}

std::vector<std::string> split(std::string_view text) {
  std::vector<std::string> out;
  while (!text.empty()) {
    const std::size_t comma = std::min(text.find(','), text.size());
    if (comma > 0) out.emplace_back(text.substr(0, comma));
    text.remove_prefix(std::min(comma + 1, text.size()));
  }
  return out;
}

Command makeAnalyze(const Typed& typed) {
  AnalyzeOptions out;
  if (!readModel(typed, "analyze", out.model)) return Finished{kUsage};
  if (typed.board.empty()) {
    return wrong("analyze needs a board: --board NAME (\"mcuprof boards\" lists them)");
  }
  out.board = typed.board;
  out.target = typed.target;
  out.strict = typed.strict;
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

/// What whatif and sweep have in common; false after saying what is wrong.
bool readModelAndBoard(const Typed& typed, const char* command, std::string& model,
                       std::string& board) {
  if (!readModel(typed, command, model)) return false;
  board = typed.board;
  if (!board.empty()) return true;
  wrong(fmt::format("{} needs a board: --board NAME (\"mcuprof boards\" lists them)", command));
  return false;
}

Command makeWhatIf(const Typed& typed) {
  WhatIfOptions out;
  if (!readModelAndBoard(typed, "whatif", out.model, out.board) ||
      !readOutput(typed, false, out.output) || !readMachine(typed, out.variant) ||
      !readPlacement(typed, out.variant.placement)) {
    return Finished{kUsage};
  }
  out.target = typed.target;
  const std::size_t at = typed.addFilters.find('@');
  const std::string filters = typed.addFilters.substr(0, at);
  const std::string layers = at == std::string::npos ? "" : typed.addFilters.substr(at + 1);
  if (!readVariables({{"filters", &filters}, {"filters.at", &layers}, {"input", &typed.input}},
                     out.variant))
    return Finished{kUsage};
  return out;
}

Command makeSweep(const Typed& typed) {
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
  out.threads = typed.threads;
  out.output.file = typed.file;
  return out;
}

Command makeAccuracy(const Typed& typed) {
  AccuracyOptions out;
  if (typed.data.empty()) return wrong("accuracy needs measurements: --data FILE.csv");
  if (typed.modelFolder.empty()) return wrong("accuracy needs the models: --models DIR");
  if (!readOutput(typed, false, out.output)) return Finished{kUsage};
  out.data = typed.data;
  out.models = typed.modelFolder;
  out.target = typed.target;
  return out;
}

Command makeInspect(const Typed& typed) {
  InspectOptions out;
  if (!readModel(typed, "inspect", out.model) || !readOutput(typed, false, out.output)) {
    return Finished{kUsage};
  }
  return out;
}

Command makeArena(const Typed& typed) {
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

Command makeFit(const Typed& typed) {
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

Command makeBoards(const CLI::App& boards, const Typed& typed) {
  if (boards.got_subcommand("show")) {
    if (typed.board.empty()) return wrong("boards show needs the name of a board");
    return BoardsShowOptions{typed.board, typed.target};
  }
  if (boards.got_subcommand("validate")) {
    if (typed.files.empty()) return wrong("boards validate needs at least one .toml file");
    return BoardsValidateOptions{typed.files, typed.target};
  }
  return BoardsListOptions{typed.target};
}

Command makeZoo(const Typed& typed) {
  if (typed.name.empty() || typed.name == "list") return ZooListOptions{};
  ZooMakeOptions out;
  out.name = typed.name;
  out.file = typed.file;
  out.zoo.width = typed.width;
  out.zoo.classes = typed.classes;
  out.zoo.seed = typed.seed;
  if (!typed.input.empty()) {
    const auto input = parseZooInput(typed.input);
    if (!input) return wrong("--input: " + input.error().text());
    out.zoo.input = *input;
  }
  const auto type = parseZooType(typed.type);
  if (!type) return wrong("--dtype: " + type.error().text());
  out.zoo.type = *type;
  return out;
}

Command makeCost(const Typed& typed) {
  if (typed.core.empty()) return wrong("cost needs a core: --core NAME, as cortex-m4");
  if (typed.shapes.empty()) return wrong("cost needs shapes: --csv FILE, or - for standard input");
  const std::string opt = typed.opt.starts_with('-') ? typed.opt : "-" + typed.opt;
  if (opt != "-O2" && opt != "-O3" && opt != "-Os") {
    return wrong(fmt::format("--opt: \"{}\" is not known; write -O2, -O3 or -Os", typed.opt));
  }
  return CostOptions{typed.library, typed.core, opt, typed.shapes, typed.target.folder, typed.file};
}

Command makeCommand(const CLI::App& app, const Typed& typed) {
  if (app.got_subcommand("analyze")) return makeAnalyze(typed);
  if (app.got_subcommand("whatif")) return makeWhatIf(typed);
  if (app.got_subcommand("sweep")) return makeSweep(typed);
  if (app.got_subcommand("cost")) return makeCost(typed);
  if (app.got_subcommand("accuracy")) return makeAccuracy(typed);
  if (app.got_subcommand("inspect")) return makeInspect(typed);
  if (app.got_subcommand("arena")) return makeArena(typed);
  if (app.got_subcommand("fit")) return makeFit(typed);
  if (app.got_subcommand("boards")) return makeBoards(*app.get_subcommand("boards"), typed);
  return makeZoo(typed);
}

std::vector<std::string> commandNames(const CLI::App& app) {
  std::vector<std::string> names;
  for (const CLI::App* command : app.get_subcommands([](const CLI::App*) { return true; })) {
    names.push_back(command->get_name());
  }
  return names;
}

std::string didYouMean(std::string_view word, std::span<const std::string> candidates) {
  const auto near = nearMiss(word, candidates);
  return near ? fmt::format("; did you mean {}?", *near) : std::string();
}

/// What was wrong with an argument that no command took.
std::string explainExtra(const CLI::App& app) {
  const CLI::App* command = &app;
  while (!command->get_subcommands().empty()) command = command->get_subcommands().front();
  std::vector<std::string> rest = app.remaining(true);
  const auto option = std::ranges::find_if(
      rest, [](const std::string& word) { return word.size() > 1 && word[0] == '-'; });
  if (option == rest.end()) {
    return fmt::format("{} does not take \"{}\"{}", command->get_name(),
                       rest.empty() ? "" : rest.front(),
                       rest.empty() ? "" : didYouMean(rest.front(), commandNames(*command)));
  }
  const std::string word = option->substr(0, option->find('='));
  std::vector<std::string> known;
  for (const CLI::App* level = command; level != nullptr; level = level->get_parent()) {
    for (const CLI::Option* candidate : level->get_options()) {
      for (const std::string& name : candidate->get_lnames()) known.push_back("--" + name);
    }
  }
  const std::string where = command == &app ? "" : fmt::format(" for {}", command->get_name());
  return fmt::format("unknown option {}{}{}", word, where, didYouMean(word, known));
}

}  // namespace

Command parseArguments(int argumentCount, const char* const* arguments) {
  Typed typed;
  CLI::App app("mcuprof: does a model fit a microcontroller, where not, and what would help",
               "mcuprof");
  build(app, typed);
  buildCost(app, typed);
  if (argumentCount < 2) {
    const std::string help = app.help();
    std::fwrite(help.data(), 1, help.size(), stderr);
    return Finished{kUsage};
  }
  const std::string_view first = arguments[1];
  const std::vector<std::string> commands = commandNames(app);
  if (!first.starts_with('-') && std::ranges::find(commands, first) == commands.end()) {
    return wrong(fmt::format("unknown command \"{}\"{} (\"mcuprof --help\" lists them)", first,
                             didYouMean(first, commands)));
  }
  if (first == "price") return PriceOptions{{arguments + 2, arguments + argumentCount}};
  try {
    app.parse(argumentCount, arguments);
  } catch (const CLI::CallForHelp&) {
    const CLI::App* command = &app;
    while (!command->get_subcommands().empty()) command = command->get_subcommands().front();
    const auto done = writeOutput("", command->help());
    return Finished{done ? kOk : fail(kUsage, done.error())};
  } catch (const CLI::CallForVersion& version) {
    const auto done = writeOutput("", std::string(version.what()) + '\n');
    return Finished{done ? kOk : fail(kUsage, done.error())};
  } catch (const CLI::ExtrasError&) {
    return wrong(explainExtra(app));
  } catch (const CLI::ParseError& error) {
    return wrong(error.what());
  }
  if (app.get_subcommands().empty()) return wrong("which command? \"mcuprof --help\" lists them");
  return makeCommand(app, typed);
}

}  // namespace mcuprof::cli
