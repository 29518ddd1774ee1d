// Any bytes as what a Power Profiler Kit II sends: its metadata, and samples whole and in two
// pieces, which must be the same.

#include <cstddef>
#include <cstdint>
#include <cstdlib>
#include <span>
#include <string_view>
#include <vector>

#include "device-agent/host/power/ppk2.hpp"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const auto modifiers = mcuprof::readPpk2Metadata({reinterpret_cast<const char*>(data), size});
  const auto bytes = std::as_bytes(std::span(data, size));
  mcuprof::Ppk2Decoder whole(modifiers ? *modifiers : mcuprof::Ppk2Modifiers(), 3300);
  std::vector<mcuprof::PowerSample> samples;
  whole.decode(bytes, samples);
  mcuprof::Ppk2Decoder cut(modifiers ? *modifiers : mcuprof::Ppk2Modifiers(), 3300);
  std::vector<mcuprof::PowerSample> pieces;
  cut.decode(bytes.first(size / 3), pieces);
  cut.decode(bytes.subspan(size / 3), pieces);
  if (samples.size() != size / 4 || pieces.size() != samples.size()) std::abort();
  for (std::size_t i = 0; i < samples.size(); ++i) {
    if (samples[i].time != pieces[i].time || samples[i].flags != pieces[i].flags) std::abort();
    if (i > 0 && samples[i].time <= samples[i - 1].time) std::abort();
  }
  return 0;
}
