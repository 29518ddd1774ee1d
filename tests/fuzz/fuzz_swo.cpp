// Any bytes as a serial wire stream: whole and in two pieces, which must give the same packets,
// frames and counts.

#include <cstddef>
#include <cstdint>
#include <cstdlib>
#include <span>

#include "device-agent/host/swo_decoder.hpp"
#include "device-agent/host/trace_reader.hpp"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const auto bytes = std::as_bytes(std::span(data, size));
  mcuprof::SwoDecoder whole;
  const auto packets = whole.decode(bytes);
  mcuprof::SwoDecoder cut;
  auto pieces = cut.decode(bytes.first(size / 2));
  for (const auto& packet : cut.decode(bytes.subspan(size / 2))) pieces.push_back(packet);
  if (pieces != packets || packets.size() > size) std::abort();

  const auto frames = mcuprof::TraceReader().add(bytes);
  mcuprof::TraceReader halves;
  auto parts = halves.add(bytes.first(size / 2));
  for (auto& frame : halves.add(bytes.subspan(size / 2))) parts.push_back(std::move(frame));
  if (parts != frames) std::abort();
  return 0;
}
