#include <cstddef>
#include <cstdint>
#include <string_view>

#include "tests/fuzz/foreign.hpp"

/// Any text either gives runs that can be stored, or is refused with its place.
extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  return mcuprof::tryForeign(
      mcuprof::db::readMeasurementCsv({reinterpret_cast<const char*>(data), size}, "x.csv"));
}
