#include "device-agent/host/power/power_meter.hpp"

#include <fmt/format.h>

namespace mcuprof {

Result<MeterSettings> readMeterName(const std::string& text, bool mayLackPort) {
  MeterSettings settings;
  const auto colon = text.find(':');
  settings.kind = text.substr(0, colon);
  if (colon != std::string::npos) settings.port = text.substr(colon + 1);
  if (settings.kind != "lpm01a" && settings.kind != "ppk2" && settings.kind != "csv") {
    return Error{"--power", fmt::format("\"{}\" is no power meter; there are lpm01a:PORT, "
                                        "ppk2:PORT and csv:FILE",
                                        settings.kind)};
  }
  if (settings.port.empty() && !(mayLackPort && settings.kind != "csv")) {
    return Error{"--power", fmt::format("{} wants a {} behind a colon", settings.kind,
                                        settings.kind == "csv" ? "file" : "port")};
  }
  return settings;
}

Result<std::unique_ptr<PowerMeter>> openMeter(const MeterSettings& settings) {
  if (settings.kind == "lpm01a") return openLpm01a(settings);
  if (settings.kind == "ppk2") return openPpk2(settings);
  return openCsvMeter(settings);
}

}  // namespace mcuprof
