#include "device-agent/protocol/frame_reader.hpp"

#include <algorithm>
#include <array>
#include <bit>
#include <cassert>

#include "device-agent/firmware/agent/protocol.h"

namespace mcuprof {
namespace {

constexpr std::size_t kHeaderBytes = 8;
constexpr std::size_t kChecksumBytes = 4;

constexpr std::array<std::uint32_t, 256> makeCrcTable() {
  std::array<std::uint32_t, 256> table{};
  for (std::uint32_t i = 0; i < 256; ++i) {
    std::uint32_t crc = i;
    for (int bit = 0; bit < 8; ++bit) crc = (crc >> 1) ^ ((crc & 1U) != 0 ? 0xEDB88320U : 0U);
    table[i] = crc;
  }
  return table;
}

std::uint32_t crc32(std::span<const std::uint8_t> bytes) {
  static constexpr auto table = makeCrcTable();
  std::uint32_t crc = ~0U;
  for (const std::uint8_t byte : bytes) crc = (crc >> 8) ^ table[(crc ^ byte) & 255U];
  return ~crc;
}

std::uint32_t wordAt(std::span<const std::uint8_t> bytes, std::size_t at) {
  return static_cast<std::uint32_t>(bytes[at]) | static_cast<std::uint32_t>(bytes[at + 1]) << 8 |
         static_cast<std::uint32_t>(bytes[at + 2]) << 16 |
         static_cast<std::uint32_t>(bytes[at + 3]) << 24;
}

/// What the bytes from here on are: a frame of `bytes` bytes, nothing (0), or too short to tell.
struct Look {
  bool complete = true;
  std::size_t bytes = 0;
};

Look lookFor(std::span<const std::uint8_t> bytes) {
  constexpr std::uint8_t first = MCUPROF_FRAME_SYNC & 255U;
  constexpr std::uint8_t second = MCUPROF_FRAME_SYNC >> 8;
  if (bytes[0] != first || (bytes.size() > 1 && bytes[1] != second)) return {};
  if (bytes.size() > 3 && bytes[3] > MCUPROF_FRAME_MAX_WORDS) return {};
  if (bytes.size() < kHeaderBytes) return {.complete = false};
  const std::size_t length = kHeaderBytes + std::size_t{4} * bytes[3] + kChecksumBytes;
  if (bytes.size() < length) return {.complete = false};
  const bool good =
      crc32(bytes.first(length - kChecksumBytes)) == wordAt(bytes, length - kChecksumBytes);
  return {.complete = true, .bytes = good ? length : 0};
}

Frame frameOf(std::span<const std::uint8_t> bytes) {
  Frame frame{.type = bytes[2], .sequence = wordAt(bytes, 4), .payload = {}};
  frame.payload.reserve(bytes[3]);
  for (std::size_t i = 0; i < bytes[3]; ++i) {
    frame.payload.push_back(wordAt(bytes, kHeaderBytes + 4 * i));
  }
  return frame;
}

}  // namespace

std::vector<Frame> FrameReader::add(std::span<const std::uint8_t> bytes) {
  m_pending.insert(m_pending.end(), bytes.begin(), bytes.end());
  std::vector<Frame> frames;
  std::span<const std::uint8_t> rest = m_pending;
  while (!rest.empty()) {
    const Look look = lookFor(rest);
    if (!look.complete) break;
    if (look.bytes == 0) {
      ++m_skipped;
      rest = rest.subspan(1);
      continue;
    }
    frames.push_back(frameOf(rest));
    rest = rest.subspan(look.bytes);
  }
  m_pending.erase(m_pending.begin(), m_pending.end() - static_cast<std::ptrdiff_t>(rest.size()));
  return frames;
}

void FrameReader::restart() {
  m_skipped += m_pending.size();
  m_pending.clear();
}

RingBytes readRing(std::span<const std::uint8_t> data, std::uint32_t tail, std::uint32_t head) {
  assert(std::has_single_bit(data.size()));
  RingBytes result;
  const std::uint32_t written = head - tail;
  const auto kept = static_cast<std::uint32_t>(std::min<std::size_t>(written, data.size()));
  result.lost = written - kept;
  result.bytes.reserve(kept);
  for (std::uint32_t at = head - kept; at != head; ++at) {
    result.bytes.push_back(data[at & (data.size() - 1)]);
  }
  return result;
}

}  // namespace mcuprof
