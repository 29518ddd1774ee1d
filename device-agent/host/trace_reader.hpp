#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <span>
#include <vector>

#include "device-agent/firmware/agent/protocol.h"
#include "device-agent/host/event_counts.hpp"
#include "device-agent/host/swo_decoder.hpp"
#include "device-agent/protocol/frame_reader.hpp"

namespace mcuprof {

/// A frame as it came over SWO.
struct TracedFrame {
  Frame frame;
  /// What the DWT's event counter packets between the frame before and the end of this one add to
  /// the counters: 256 each. Nothing where some of the stream there is missing or damaged.
  std::optional<EventCounts> overflowed;

  friend bool operator==(const TracedFrame&, const TracedFrame&) = default;
};

/// Reads the agent's frames from the bytes of a serial wire output. Takes any bytes, in pieces of
/// any length.
class TraceReader {
 public:
  /// Frames that end in these bytes.
  std::vector<TracedFrame> add(std::span<const std::byte> bytes);

  /// ITM overflow packets so far.
  std::uint64_t overflows() const { return m_decoder.overflows(); }

 private:
  void takePayload(const SwoPacket& packet, std::vector<TracedFrame>& out);
  void countEvents(const SwoPacket& packet);

  SwoDecoder m_decoder;
  FrameReader m_frames;
  EventCounts m_overflowed;
  bool m_whole = false;         ///< the stream since the frame before
  std::uint32_t m_next = 0;     ///< sequence number of the frame behind it
  std::uint64_t m_skipped = 0;  ///< bytes between frames, up to it
};

/// The counters of a COUNTERS frame in full: the 8 bits that it carries and what overflowed.
EventCounts eventCountsOf(const mcuprof_counters& counters, const EventCounts& overflowed);

}  // namespace mcuprof
