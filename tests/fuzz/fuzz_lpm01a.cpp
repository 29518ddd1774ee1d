// Any bytes as an acquisition of an X-NUCLEO-LPM01A, in both formats, whole and in two pieces,
// which must be the same.

#include <cstddef>
#include <cstdint>
#include <cstdlib>
#include <span>
#include <vector>

#include "device-agent/host/power/lpm01a.hpp"

namespace {

using mcuprof::Lpm01aDecoder;

std::vector<mcuprof::PowerSample> decode(Lpm01aDecoder::Format format,
                                         std::span<const std::byte> bytes, std::size_t first) {
  Lpm01aDecoder decoder(format, false, 1000);
  std::vector<mcuprof::PowerSample> samples;
  decoder.decode(bytes.first(first), samples);
  decoder.decode(bytes.subspan(first), samples);
  return samples;
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const auto bytes = std::as_bytes(std::span(data, size));
  for (const auto format : {Lpm01aDecoder::Format::Ascii, Lpm01aDecoder::Format::Binary}) {
    const auto samples = decode(format, bytes, size);
    if (samples.size() > size) std::abort();
    for (std::size_t i = 1; i < samples.size(); ++i) {
      if (samples[i].time <= samples[i - 1].time) std::abort();
    }
    // Lines and frames beyond all measure are cut where they happen to end.
    if (size < 500 && decode(format, bytes, size / 2).size() != samples.size()) std::abort();
  }
  return 0;
}
