#include "device-agent/host/swo_decoder.hpp"

namespace mcuprof {
namespace {

/// A synchronisation packet is at least 47 zero bits and a one: five zero bytes, then 0x80.
constexpr unsigned kSyncZeros = 5;
/// Timestamps and extensions have at most this many payload bytes (a 64-bit global timestamp).
constexpr unsigned kMostContinued = 7;

}  // namespace

std::vector<SwoPacket> SwoDecoder::decode(std::span<const std::byte> bytes) {
  std::vector<SwoPacket> out;
  for (const std::byte raw : bytes) {
    const auto byte = std::to_integer<std::uint8_t>(raw);
    if (m_missing > 0) {
      m_packet.value |= static_cast<std::uint32_t>(byte) << m_shift;
      m_shift += 8;
      if (--m_missing == 0) out.push_back(m_packet);
      continue;
    }
    if (m_continued) {
      if (m_shift < 32) m_packet.value |= static_cast<std::uint32_t>(byte & 0x7f) << m_shift;
      m_shift += 7;
      ++m_packet.size;
      if ((byte & 0x80) == 0 || m_packet.size >= kMostContinued) {
        m_continued = false;
        out.push_back(m_packet);
      }
      continue;
    }
    header(byte, out);
  }
  return out;
}

void SwoDecoder::header(std::uint8_t byte, std::vector<SwoPacket>& out) {
  using Kind = SwoPacket::Kind;
  if (byte == 0) {
    ++m_zeros;
    return;
  }
  const bool afterZeros = m_zeros >= kSyncZeros;
  m_zeros = 0;
  m_shift = 0;
  m_packet = {};
  if (byte == 0x80 && afterZeros) {
    m_packet.kind = Kind::Sync;
    out.push_back(m_packet);
  } else if (byte == 0x70) {
    ++m_overflows;
    m_packet.kind = Kind::Overflow;
    out.push_back(m_packet);
  } else if ((byte & 0x03) != 0) {
    m_packet.kind = (byte & 0x04) != 0 ? Kind::Hardware : Kind::Stimulus;
    m_packet.source = byte >> 3;
    m_packet.size = (byte & 0x03) == 3 ? 4 : byte & 0x03;
    m_missing = m_packet.size;
  } else if ((byte & 0x0f) == 0 && byte != 0x80 && byte != 0x90 && byte != 0xa0 && byte != 0xb0) {
    m_packet.kind = Kind::Timestamp;
    m_continued = (byte & 0x80) != 0;
    if (!m_continued) {
      m_packet.value = (byte >> 4) & 7;
      out.push_back(m_packet);
    }
  } else if (byte == 0x94 || byte == 0xb4) {
    m_packet.kind = Kind::Timestamp;
    m_continued = true;
  } else if ((byte & 0x0b) == 0x08) {
    m_packet.kind = Kind::Extension;
    m_packet.source = (byte >> 2) & 1;
    m_packet.value = (byte >> 4) & 7;
    m_shift = 3;
    m_continued = (byte & 0x80) != 0;
    if (!m_continued) out.push_back(m_packet);
  } else {
    ++m_unknown;
    m_packet.kind = Kind::Unknown;
    m_packet.value = byte;
    out.push_back(m_packet);
  }
}

}  // namespace mcuprof
