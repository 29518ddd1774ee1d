#include <cmath>
#include <cstddef>
#include <cstdint>
#include <string_view>

#include "analyzer/accuracy/measurement_file.hpp"

/// Any text either gives measurements whose figures are above 0, or is refused with its place.
extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const auto table =
      mcuprof::readCsv({reinterpret_cast<const char*>(data), size}, "measurements.csv");
  if (!table) return 0;
  const auto measurements = mcuprof::readMeasurements(*table);
  if (!measurements) {
    if (measurements.error().where.empty()) __builtin_trap();
    return 0;
  }
  for (const mcuprof::Measurement& m : *measurements) {
    if (m.latencyMs && !(std::isfinite(*m.latencyMs) && *m.latencyMs > 0)) __builtin_trap();
    static_cast<void>(mcuprof::boardNames(m.board));
  }
  return 0;
}
