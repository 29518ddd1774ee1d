#include "gui/session/setup.hpp"

#include <fmt/format.h>

namespace mcuprof::gui {
namespace {

/// As a POSIX shell wants it.
std::string quoted(const std::string& word) {
  const bool plain = !word.empty() && word.find_first_not_of(
                                          "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ"
                                          "0123456789_-./:=,+@") == std::string::npos;
  if (plain) return word;
  std::string out = "'";
  for (const char c : word) {
    if (c == '\'') {
      out += "'\\''";
    } else {
      out += c;
    }
  }
  return out + "'";
}

}  // namespace

std::string commandFor(const Setup& setup) {
  std::string out = "mcuprof analyze --board " + quoted(setup.board);
  const Setup standard;
  const auto add = [&out](const char* option, const std::string& value) {
    out += fmt::format(" {} {}", option, quoted(value));
  };
  if (setup.runtime != standard.runtime) add("--runtime", setup.runtime);
  if (!setup.targets.empty()) add("--targets", setup.targets);
  const PlacementOptions& place = setup.placement;
  if (place.sram) add("--sram", std::to_string(place.sram->value));
  if (place.reserve) add("--reserve", std::to_string(place.reserve->value));
  if (place.stack) add("--stack", std::to_string(place.stack->value));
  if (place.staticBytes) add("--static", std::to_string(place.staticBytes->value));
  if (!place.weights.empty()) add("--place", "weights=" + place.weights);
  if (place.joinAdjacent) out += " --join-adjacent";
  const MachineOptions& machine = setup.machine;
  if (machine.clockHz) add("--clock", std::to_string(*machine.clockHz));
  if (machine.flashWaitStates) add("--wait", std::to_string(*machine.flashWaitStates));
  if (machine.cache) add("--cache", *machine.cache ? "on" : "off");
  if (machine.accelerator) add("--accelerator", *machine.accelerator ? "on" : "off");
  if (machine.sdClockHz) add("--sd-clock", std::to_string(*machine.sdClockHz));
  if (machine.supplyVolts) add("--supply", fmt::format("{}", *machine.supplyVolts));
  if (machine.opt) add("--opt", std::string(nameOf(*machine.opt)));
  return out + ' ' + quoted(setup.model.empty() ? "MODEL.tflite" : setup.model);
}

}  // namespace mcuprof::gui
