#include "analyzer/cli/option_parts.hpp"

#include <fmt/format.h>

#include <CLI/CLI.hpp>
#include <algorithm>
#include <charconv>

#include "analyzer/base/size_text.hpp"
#include "analyzer/cli/console.hpp"
#include "analyzer/cli/exit_status.hpp"

namespace mcuprof::cli {
namespace {

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

/// Sets `into` from a size as typed; false after saying what is wrong.
bool readSize(const char* option, const std::string& text, std::optional<Bytes>& into) {
  if (text.empty()) return true;
  into = parseSize(text);
  if (into) return true;
  wrong(fmt::format("{}: \"{}\" is no size; write bytes, or 256K, 256KiB, 1.5M", option, text));
  return false;
}

struct FormatName {
  std::string_view name;
  Format format;
};
constexpr FormatName kFormats[] = {
    {"text", Format::Text}, {"json", Format::Json}, {"csv", Format::Csv}, {"svg", Format::Svg}};

}  // namespace

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

Finished wrong(std::string_view what) {
  return {fail(kUsage, what)};
}

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

}  // namespace mcuprof::cli
