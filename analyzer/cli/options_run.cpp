// Options of the commands about runs on boards: run, runs, show.
#include <fmt/format.h>

#include <CLI/CLI.hpp>
#include <charconv>
#include <optional>

#include "analyzer/cli/exit_status.hpp"
#include "analyzer/cli/option_parts.hpp"

namespace mcuprof::cli {
namespace {

constexpr std::int32_t kNotGiven = -1;
constexpr std::int32_t kMostRepeats = 32;
constexpr std::int32_t kMostWarmUp = 65'535;
constexpr const char* kCountersHelp = "Also show what the core's profile counters counted";

/// A whole number that is all of `text`.
std::optional<std::int64_t> readWhole(std::string_view text) {
  std::int64_t value = 0;
  const auto [end, code] = std::from_chars(text.data(), text.data() + text.size(), value);
  if (code != std::errc() || end != text.data() + text.size()) return std::nullopt;
  return value;
}

/// "3-7" or "5"; false after saying what is wrong.
bool readLayers(const std::string& text, RunOptions& out) {
  if (text.empty()) return true;
  const std::size_t dash = text.find('-');
  const auto first = readWhole(std::string_view(text).substr(0, dash));
  const auto last =
      dash == std::string::npos ? first : readWhole(std::string_view(text).substr(dash + 1));
  if (!first || !last || *first < 1 || *last < *first || *last > 65'535) {
    wrong(
        fmt::format("--layers: \"{}\" is no range; write FIRST-LAST as in reports, as 3-7", text));
    return false;
  }
  out.firstLayer = static_cast<std::int32_t>(*first);
  out.lastLayer = static_cast<std::int32_t>(*last);
  return true;
}

bool inRange(const char* option, std::int64_t value, std::int64_t least, std::int64_t most) {
  if (value >= least && value <= most) return true;
  wrong(fmt::format("{}: {} is out of range; write {} to {}", option, value, least, most));
  return false;
}

}  // namespace

void addDatabase(CLI::App& command, Typed& typed) {
  command.add_option("--db", typed.database, "Database of runs")->type_name("FILE");
}

void addRun(CLI::App& app, Typed& typed) {
  CLI::App& run = *app.add_subcommand("run", "Run a model on a board and measure every layer");
  RunOptions& o = typed.run;
  o.repeats = o.warmUp = kNotGiven;
  addModel(run, typed);
  run.add_option("--board", typed.board, "Board")->type_name("NAME");
  run.add_flag("--virtual", o.isVirtual, "On the virtual board, which needs no hardware");
  addTarget(run, typed);
  run.get_option("--runtime")->default_str("the agent's");
  run.add_option("--runs", o.repeats,
                 "Timed executions of each layer, 1 to 32 (default 3; virtual 1)")
      ->type_name("N");
  run.add_option("--warm-up", o.warmUp,
                 "Executions before those (default 1; virtual 0 for large models)")
      ->type_name("N");
  run.add_option("--input", typed.input,
                 "zeros, xorshift (default), or a file with the bytes of all inputs")
      ->type_name("INPUT");
  run.add_option("--layers", typed.layers, "Layers to time, as 3-7 (default all)")
      ->type_name("FIRST-LAST");
  run.add_option("--place", typed.place, "Where the weights lie: weights=flash or weights=sram")
      ->type_name("weights=MEMORY")
      ->allow_extra_args(false);
  run.add_option("--probe", o.probe, "Probe in place of the board's: stlink, jlink, cmsis-dap")
      ->type_name("KIND");
  run.add_option("--serial", o.serial, "Serial number of the probe")->type_name("TEXT");
  run.add_option("--openocd-config", o.openocdConfig,
                 "OpenOCD configuration in place of the board's")
      ->type_name("FILE");
  run.add_option("--openocd", o.openocd, "OpenOCD program (default openocd)")->type_name("PROGRAM");
  run.add_option("--speed", o.speedKhz, "Clock of the debug wire in kHz")->type_name("KHZ");
  run.add_option("--swo", typed.swoClock,
                 "Baud rate of SWO (default 2000000), and the clock it is made from; or off")
      ->type_name("BAUD[@HZ]");
  run.add_option("--timeout", o.timeoutSeconds, "Seconds after which a layer hangs (default 30)")
      ->type_name("S");
  run.add_flag("--halt", o.halt, "Leave the board halted, not running");
  run.add_flag("--counters", o.counters, kCountersHelp);
  run.add_option("--fault", o.faults, "With --virtual: what is to go wrong (docs/virtual-board.md)")
      ->type_name("FAULT")
      ->allow_extra_args(false);
  run.add_option(
         "--power", o.power,
         "Measure energy: lpm01a:PORT, ppk2:PORT or csv:FILE; with --virtual the port may be "
         "left out")
      ->type_name("METER:PORT");
  run.add_option("--power-rate", o.powerHz, "Samples a second of the power meter")->type_name("HZ");
  run.add_option("--supply", o.supplyVolts, "Let the power meter supply the board with so much")
      ->type_name("VOLTS");
  run.add_flag("--mlperf", o.mlperf,
               "Energy of whole inferences over 10 s and 10 inferences at least, as MLPerf Tiny");
  run.add_option("--chrome-trace", o.chromeTrace, "Write a timeline for Perfetto")
      ->type_name("FILE");
  addDatabase(run, typed);
  run.add_flag("--no-store", typed.noStore, "Do not store the run");
  addNoCalibration(run, typed);
  addOutput(run, typed, "text, json, csv");
  run.footer(
      "Examples:\n"
      "  mcuprof run --board f767zi model.tflite\n"
      "  mcuprof run --board f767zi --virtual model.tflite\n"
      "  mcuprof run --board f429zi --power ppk2:/dev/ttyACM1 model.tflite\n"
      "  mcuprof run --board f429zi --runs 10 --layers 3-7 --format json model.tflite\n"
      "docs/measuring.md says what is measured and how.");
}

Command makeRun(const CLI::App& app, const Typed& typed) {
  RunOptions out = typed.run;
  const auto given = [&](const char* option) {
    return app.get_subcommand("run")->count(option) > 0;
  };
  // The virtual board counts the same cycles each time.
  if (out.repeats == kNotGiven) out.repeats = out.isVirtual ? 1 : 3;
  // There the model decides how many to warm up.
  if (out.warmUp == kNotGiven && !out.isVirtual) out.warmUp = 1;
  if (!readModel(typed, "run", out.model)) return Finished{kUsage};
  if (typed.board.empty()) {
    return wrong("run needs a board: --board NAME (\"mcuprof boards\" lists them)");
  }
  if (!readOutput(typed, false, out.output) || !readLayers(typed.layers, out) ||
      !inRange("--runs", out.repeats, 1, kMostRepeats) ||
      !inRange("--warm-up", given("--warm-up") ? out.warmUp : 0, 0, kMostWarmUp) ||
      !inRange("--timeout", out.timeoutSeconds, 1, 86'400) ||
      !inRange("--speed", out.speedKhz, 0, 100'000)) {
    return Finished{kUsage};
  }
  if (out.power.empty() && (out.powerHz != 0 || out.supplyVolts != 0 || out.mlperf)) {
    return wrong("--power-rate, --supply and --mlperf want a power meter: --power METER:PORT");
  }
  // Not a number fails both.
  if (!(out.powerHz >= 0 && out.powerHz <= 1e6)) return wrong("--power-rate: write 1 to 1000000");
  if (!(out.supplyVolts >= 0 && out.supplyVolts <= 5)) {
    return wrong("--supply: write volts, 0.8 to 5");
  }
  for (const std::string& place : typed.place) {
    if (place != "weights=flash" && place != "weights=sram") {
      return wrong(
          fmt::format("--place: \"{}\" is not known here; write weights=flash or "
                      "weights=sram",
                      place));
    }
    out.weightsInRam = place == "weights=sram";
  }
  if (typed.swoClock == "off") {
    out.swo = false;
  } else if (typed.swoClock.empty()) {
    // Every 256 counts leave as a packet.
    if (out.isVirtual && out.counters) out.swoHz = 0;
  } else {
    const std::size_t at = typed.swoClock.find('@');
    const auto baud = readWhole(std::string_view(typed.swoClock).substr(0, at));
    const auto clock = at == std::string::npos
                           ? std::optional<std::int64_t>(0)
                           : readWhole(std::string_view(typed.swoClock).substr(at + 1));
    if (!baud || *baud < 1'000 || *baud > 50'000'000 || !clock || *clock < 0 ||
        *clock > 4'000'000'000) {
      return wrong(
          fmt::format("--swo: \"{}\" is no baud rate; write 2000000, 2000000@216000000, or "
                      "off",
                      typed.swoClock));
    }
    out.swoCoreHz = *clock;
    out.swoHz = *baud;
  }
  if (!out.faults.empty() && !out.isVirtual) return wrong("--fault needs --virtual");
  out.board = typed.board;
  out.target = typed.target;
  if (!given("--runtime")) out.target.runtime.clear();
  out.input = typed.input.empty() ? "xorshift" : typed.input;
  out.database = typed.database;
  out.store = !typed.noStore;
  out.calibrate = !typed.noCalibration;
  return out;
}

void addRuns(CLI::App& app, Typed& typed) {
  CLI::App& runs = *app.add_subcommand("runs", "List stored runs, the newest first");
  runs.add_option("--model", typed.name, "Part of the model's name, or of its SHA-256's beginning")
      ->type_name("TEXT");
  runs.add_option("--board", typed.board, "Board, by its full name")->type_name("NAME");
  runs.add_option("--limit", typed.limit, "At most so many (default 1000)")->type_name("N");
  addDatabase(runs, typed);
  addOutput(runs, typed, "text, json, csv");
  runs.footer("Examples:\n  mcuprof runs\n  mcuprof runs --board nucleo-f767zi --format csv");
}

Command makeRuns(const CLI::App&, const Typed& typed) {
  RunsOptions out;
  if (!readOutput(typed, false, out.output) || !inRange("--limit", typed.limit, 1, 1'000'000)) {
    return Finished{kUsage};
  }
  out.model = typed.name;
  out.board = typed.board;
  out.limit = typed.limit;
  out.database = typed.database;
  return out;
}

void addShow(CLI::App& app, Typed& typed) {
  CLI::App& show = *app.add_subcommand("show", "Print a stored run");
  show.add_option("ID", typed.runId, "Its number, as \"mcuprof runs\" lists it")->type_name("");
  show.add_flag("--counters", typed.run.counters, kCountersHelp);
  addDatabase(show, typed);
  addOutput(show, typed, "text, json, csv");
  show.footer("Example:\n  mcuprof show 12");
}

Command makeShow(const CLI::App&, const Typed& typed) {
  ShowOptions out;
  if (typed.runId.empty()) return wrong("show needs the number of a run (\"mcuprof runs\")");
  const auto id = readWhole(typed.runId);
  if (!id || *id < 1) {
    return wrong(fmt::format("show: \"{}\" is no number of a run", typed.runId));
  }
  if (!readOutput(typed, false, out.output)) return Finished{kUsage};
  out.id = *id;
  out.counters = typed.run.counters;
  out.database = typed.database;
  return out;
}

}  // namespace mcuprof::cli
