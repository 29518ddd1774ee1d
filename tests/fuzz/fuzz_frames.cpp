#include <cstddef>
#include <cstdint>
#include <span>

#include "device-agent/protocol/frame_order.hpp"
#include "device-agent/protocol/frame_reader.hpp"
#include "device-agent/protocol/message.hpp"

/// The first byte cuts the rest into pieces. Any bytes are frames or are skipped, one by one.
extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  if (size == 0) return 0;
  const std::size_t piece = std::size_t{data[0]} + 1;
  std::span<const std::uint8_t> rest(data + 1, size - 1);
  mcuprof::FrameReader reader;
  mcuprof::FrameOrder order;
  std::size_t taken = 0;
  while (!rest.empty()) {
    const std::size_t length = rest.size() < piece ? rest.size() : piece;
    for (mcuprof::Frame& frame : reader.add(rest.first(length))) {
      taken += 12 + 4 * frame.payload.size();
      static_cast<void>(mcuprof::readMessage(frame));
      order.add(std::move(frame));
    }
    rest = rest.subspan(length);
  }
  static_cast<void>(order.take());
  static_cast<void>(order.giveUp());
  reader.restart();
  if (taken + reader.skippedBytes() != size - 1) __builtin_trap();
  return 0;
}
