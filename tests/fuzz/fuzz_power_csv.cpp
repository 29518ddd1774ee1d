// Any bytes as a power meter's CSV export: what is read has rising times.

#include <cstddef>
#include <cstdint>
#include <cstdlib>
#include <string_view>

#include "device-agent/host/power/csv_meter.hpp"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const auto samples =
      mcuprof::readCsvSamples({reinterpret_cast<const char*>(data), size}, "fuzz.csv");
  if (!samples) return 0;
  if (samples->samples.size() < 2 || samples->samples.front().time != 0) std::abort();
  for (std::size_t i = 1; i < samples->samples.size(); ++i) {
    if (samples->samples[i].time < samples->samples[i - 1].time) std::abort();
  }
  return 0;
}
