#include "device-agent/virtual-board/faults.hpp"

#include <charconv>
#include <string>

#include <fmt/format.h>

namespace mcuprof::vboard {
namespace {

Error wrong(std::string_view text, std::string_view wanted) {
  return {fmt::format("--fault {}", text), std::string(wanted)};
}

std::optional<std::uint64_t> number(std::string_view text) {
  int base = 10;
  if (text.substr(0, 2) == "0x") {
    text.remove_prefix(2);
    base = 16;
  }
  std::uint64_t value = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), value, base);
  if (error != std::errc() || end != text.data() + text.size()) return std::nullopt;
  return value;
}

/// "name@NUMBER": the number, if the name is this one.
bool takes(std::string_view text, std::string_view name, std::string_view& rest) {
  if (text.substr(0, name.size()) != name) return false;
  rest = text.substr(name.size());
  return true;
}

}  // namespace

Result<void> addFault(Faults& faults, std::string_view text) {
  std::string_view rest;
  if (text == "swo-overflow") {
    faults.swoOverflow = true;
    return {};
  }
  if (text == "unpowered") {
    faults.unpowered = true;
    return {};
  }
  if (text == "hang" || text == "fault") {
    (text == "hang" ? faults.hangAt : faults.faultAt) = 0;
    return {};
  }
  if (takes(text, "swo-loss=", rest)) {
    double rate = 0;
    const auto [end, error] = std::from_chars(rest.data(), rest.data() + rest.size(), rate);
    if (error != std::errc() || end != rest.data() + rest.size() || !(rate >= 0 && rate <= 1)) {
      return wrong(text, "want a share from 0 to 1");
    }
    faults.swoLoss = rate;
    return {};
  }
  struct Numbered {
    std::string_view name;
    std::optional<std::uint64_t>* value;
  };
  for (const Numbered& one :
       {Numbered{"stop-answering@", &faults.stopAnsweringAt}, Numbered{"drop@", &faults.dropAt},
        Numbered{"hang@", &faults.hangAt}, Numbered{"fault@", &faults.faultAt}}) {
    if (!takes(text, one.name, rest)) continue;
    const auto value = number(rest);
    if (!value) return wrong(text, "want a count behind the @");
    *one.value = *value;
    return {};
  }
  if (takes(text, "meter-", rest)) {
    if (addMeterFault(faults.meter, rest)) return {};
    return wrong(text,
                 "no such fault of a meter; there are meter-missing=RATE, meter-overload@SECONDS, "
                 "meter-unplug@SECONDS, meter-drift=PPM and meter-silent");
  }
  if (takes(text, "flash-error@", rest)) {
    const auto value = number(rest);
    if (!value || *value > 0xffffffffu) return wrong(text, "want an address behind the @");
    faults.flashErrorAt = static_cast<std::uint32_t>(*value);
    return {};
  }
  return wrong(
      text,
      "no such fault; there are swo-loss=RATE, swo-overflow, stop-answering@COMMANDS, "
      "drop@COMMANDS, flash-error@ADDRESS, hang[@CYCLES], fault[@CYCLES], unpowered and those of a "
      "meter, meter-...");
}

}  // namespace mcuprof::vboard
