#include "device-agent/virtual-board/trace.hpp"

#include <utility>

namespace mcuprof::vboard {
namespace {

constexpr std::uint32_t kItmEnable = 1;
constexpr std::uint32_t kDwtEnable = 8;
constexpr std::uint8_t kCounterEvent = 0x05;  // hardware source 0, one byte
constexpr std::uint32_t kProtocolUart = 2;
constexpr std::uint32_t kFormatterContinuous = 2;
constexpr std::uint32_t kBitsPerByte = 10;
constexpr std::uint32_t kLargestPacket = 5;
constexpr std::uint8_t kTraceSourceId = 1;

}  // namespace

void Trace::reset() {
  *this = Trace();
}

std::uint32_t Trace::queued(Ticks now) const {
  if (m_busyUntil <= now) return 0;
  const Ticks byte = ticksOfCycles(std::uint64_t{kBitsPerByte} * clocksPerBit());
  return static_cast<std::uint32_t>((m_busyUntil - now + byte - 1) / byte);
}

std::uint32_t Trace::readItm(std::uint32_t offset, Ticks now) const {
  if (offset < 0x80) {
    const bool on =
        m_traceEnabled && (m_control & kItmEnable) != 0 && (m_portEnable >> (offset / 4) & 1) != 0;
    return !on || queued(now) + kLargestPacket <= kFifoBytes ? 1 : 0;
  }
  switch (offset) {
    case 0xe00:
      return m_portEnable;
    case 0xe40:
      return m_privilege;
    case 0xe80:
      return m_control | (queued(now) != 0 ? 1u << 23 : 0);
    case 0xfb4:
      return 1;  // a lock exists and is open
    default:
      return 0;
  }
}

void Trace::writeItm(std::uint32_t offset, std::uint32_t value, std::uint32_t size, Ticks now) {
  if (offset < 0x80) {
    const std::uint32_t port = offset / 4;
    if (!m_traceEnabled || (m_control & kItmEnable) == 0 || (m_portEnable >> port & 1) == 0) return;
    std::array<std::uint8_t, kLargestPacket> packet{};
    packet[0] = static_cast<std::uint8_t>(port << 3 | (size == 4 ? 3 : size));
    for (std::uint32_t i = 0; i < size; ++i) {
      packet[1 + i] = static_cast<std::uint8_t>(value >> (8 * i));
    }
    send(packet.data(), 1 + size, now);
    return;
  }
  switch (offset) {
    case 0xe00:
      m_portEnable = value;
      break;
    case 0xe40:
      m_privilege = value & 0xf;
      break;
    case 0xe80:
      m_control = value & 0x007f0f1f;
      break;
    default:
      break;
  }
}

void Trace::sendCounterEvent(std::uint8_t counters, Ticks now) {
  constexpr std::uint32_t kBoth = kItmEnable | kDwtEnable;
  if (!m_traceEnabled || (m_control & kBoth) != kBoth) return;
  const std::array packet = {kCounterEvent, counters};
  send(packet.data(), 2, now);
}

void Trace::send(const std::uint8_t* bytes, std::uint32_t count, Ticks now) {
  const std::uint32_t waiting = queued(now);
  if (waiting + count > kFifoBytes) {
    m_lost = true;
    ++m_overflows;
    return;
  }
  if (m_busyUntil < now) m_busyUntil = now;
  std::uint32_t sent = count;
  if (std::exchange(m_lost, false)) {
    put(kOverflowPacket);
    ++sent;
  }
  for (std::uint32_t i = 0; i < count; ++i) put(bytes[i]);
  m_busyUntil += ticksOfCycles(std::uint64_t{kBitsPerByte} * clocksPerBit()) * sent;
}

void Trace::put(std::uint8_t byte) {
  if (!m_pinEnabled || m_protocol != kProtocolUart) return;
  if ((m_formatter & kFormatterContinuous) == 0) {
    m_out.push_back(byte);
    return;
  }
  // A frame of the formatter: 15 bytes and one with the lowest bits of those at even places. The
  // source is named once in each.
  if (m_frameFill == 0) m_frame[m_frameFill++] = kTraceSourceId << 1 | 1;
  m_frame[m_frameFill++] = byte;
  if (m_frameFill < 15) return;
  std::uint8_t low = 0;
  for (std::uint32_t i = 2; i < 15; i += 2) {
    low = static_cast<std::uint8_t>(low | (m_frame[i] & 1) << (i / 2));
    m_frame[i] &= 0xfe;
  }
  m_frame[15] = low;
  m_out.insert(m_out.end(), m_frame.begin(), m_frame.end());
  m_frameFill = 0;
}

std::vector<std::uint8_t> Trace::take() {
  return std::exchange(m_out, {});
}

std::uint32_t Trace::readTpiu(std::uint32_t offset) const {
  switch (offset) {
    case 0x000:
      return 0x0f;  // SSPSR: ports of 1 to 4 bits
    case 0x004:
      return m_portSize;
    case 0x010:
      return m_prescaler;
    case 0x0f0:
      return m_protocol;
    case 0x300:
      return 0x8;  // FFSR: a formatter that cannot be stopped
    case 0x304:
      return m_formatter;
    case 0xfc8:
      return 0xca1;  // DEVID: UART and Manchester
    case 0xfcc:
      return 0x11;
    default:
      return 0;
  }
}

void Trace::writeTpiu(std::uint32_t offset, std::uint32_t value) {
  switch (offset) {
    case 0x004:
      m_portSize = value;
      break;
    case 0x010:
      m_prescaler = value & 0x1fff;
      break;
    case 0x0f0:
      m_protocol = value & 3;
      break;
    case 0x304:
      m_formatter = (value & 2) | 0x100;
      m_frameFill = 0;
      break;
    default:
      break;
  }
}

}  // namespace mcuprof::vboard
