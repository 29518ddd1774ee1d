#include "device-agent/host/trace_reader.hpp"

#include <array>

namespace mcuprof {
namespace {

constexpr std::uint8_t kEventCounters = 0;  // discriminator of the DWT's packet
constexpr std::uint64_t kWrap = 256;

}  // namespace

std::vector<TracedFrame> TraceReader::add(std::span<const std::byte> bytes) {
  using Kind = SwoPacket::Kind;
  std::vector<TracedFrame> out;
  for (const SwoPacket& packet : m_decoder.decode(bytes)) {
    switch (packet.kind) {
      case Kind::Stimulus:
        if (packet.source == 0) takePayload(packet, out);
        break;
      case Kind::Hardware:
        if (packet.source == kEventCounters) countEvents(packet);
        break;
      case Kind::Overflow:
      case Kind::Unknown:
        m_whole = false;
        break;
      case Kind::Timestamp:
      case Kind::Extension:
      case Kind::Sync:
        break;
    }
  }
  return out;
}

void TraceReader::takePayload(const SwoPacket& packet, std::vector<TracedFrame>& out) {
  std::array<std::uint8_t, 4> bytes{};
  for (unsigned i = 0; i < packet.size; ++i) {
    bytes[i] = static_cast<std::uint8_t>(packet.value >> (8 * i));
  }
  std::vector<Frame> frames = m_frames.add(std::span(bytes).first(packet.size));
  for (Frame& frame : frames) {
    const std::uint64_t skipped = m_frames.skippedBytes();
    // Frames that end together were held up by damage, and so were what stood between them.
    const bool whole =
        m_whole && frame.sequence == m_next && skipped == m_skipped && frames.size() == 1;
    m_next = frame.sequence + 1;
    out.push_back({std::move(frame), whole ? std::optional(m_overflowed) : std::nullopt});
    m_skipped = skipped;
    m_overflowed = {};
    m_whole = true;
  }
}

void TraceReader::countEvents(const SwoPacket& packet) {
  if (packet.size != 1) m_whole = false;
  const auto add = [&](unsigned bit, std::uint64_t& count) {
    if ((packet.value >> bit & 1) != 0) count += kWrap;
  };
  add(0, m_overflowed.cpi);
  add(1, m_overflowed.exc);
  add(2, m_overflowed.sleep);
  add(3, m_overflowed.lsu);
  add(4, m_overflowed.fold);
}

EventCounts eventCountsOf(const mcuprof_counters& counters, const EventCounts& overflowed) {
  return {counters.cpi + overflowed.cpi, counters.exc + overflowed.exc,
          counters.sleep + overflowed.sleep, counters.lsu + overflowed.lsu,
          counters.fold + overflowed.fold};
}

}  // namespace mcuprof
