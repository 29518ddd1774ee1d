#pragma once

#include <cstddef>
#include <cstdint>
#include <span>
#include <vector>

namespace mcuprof {

/// One frame of the device agent whose length and checksum were right (docs/protocol.md).
struct Frame {
  std::uint8_t type = 0;
  std::uint32_t sequence = 0;
  std::vector<std::uint32_t> payload;

  friend bool operator==(const Frame&, const Frame&) = default;
};

/// Finds frames in a byte stream that may begin in the middle of one, lose bytes and hold damaged
/// ones: the payload of ITM stimulus port 0, or what was read from the ring.
class FrameReader {
 public:
  /// Takes the next bytes, in pieces of any length. Returns the frames that end in them.
  std::vector<Frame> add(std::span<const std::uint8_t> bytes);

  /// Forgets a frame that has begun, as after bytes that are known to be lost; its bytes count as
  /// skipped.
  void restart();

  /// Bytes that belong to no frame, without those that still may.
  std::uint64_t skippedBytes() const { return m_skipped; }

 private:
  std::vector<std::uint8_t> m_pending;
  std::uint64_t m_skipped = 0;
};

/// The bytes of a ring between two positions, as the agent wrote them.
struct RingBytes {
  std::vector<std::uint8_t> bytes;
  std::uint64_t lost = 0;  ///< overwritten before they were read; they come before `bytes`
};

/// Reads a copy of the ring's data, whose size is a power of two, from position `tail` to `head`
/// (both modulo 2^32). More than the ring's size between them is loss, of the oldest.
RingBytes readRing(std::span<const std::uint8_t> data, std::uint32_t tail, std::uint32_t head);

}  // namespace mcuprof
