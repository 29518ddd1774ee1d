// Command blocks of the ST-LINK/V3, as stock OpenOCD 0.12 uses them.

#include "device-agent/virtual-board/probe.hpp"

#include <algorithm>
#include <array>
#include <cmath>
#include <utility>

#include "device-agent/virtual-board/bytes.hpp"

namespace mcuprof::vboard {
namespace {

constexpr std::uint8_t kOk = 0x80;
constexpr std::uint8_t kApFault = 0x11;
constexpr std::uint8_t kNoTarget = 0x09;
constexpr std::uint8_t kBadAp = 0x1d;
constexpr std::uint8_t kUnknown = 0x42;

constexpr std::uint16_t kDebugPort = 0xffff;
constexpr std::size_t kTraceOverflowBytes = 4096;
constexpr std::size_t kLargestTransfer = 6144;

constexpr std::array<std::uint32_t, 8> kFrequenciesKhz = {24000, 8000, 3300, 1000, 200, 50, 25, 5};

std::uint8_t byteAt(std::span<const std::byte> bytes, std::size_t at) {
  return std::to_integer<std::uint8_t>(bytes[at]);
}

/// Writers that stay inside a reply, however short the client wants it.
void put8(std::span<std::byte> reply, std::size_t at, std::uint8_t value) {
  if (at < reply.size()) reply[at] = std::byte{value};
}
void put32(std::span<std::byte> reply, std::size_t at, std::uint32_t value) {
  for (std::size_t i = 0; i < 4; ++i)
    put8(reply, at + i, static_cast<std::uint8_t>(value >> 8 * i));
}
void put16(std::span<std::byte> reply, std::size_t at, std::uint32_t value) {
  for (std::size_t i = 0; i < 2; ++i)
    put8(reply, at + i, static_cast<std::uint8_t>(value >> 8 * i));
}

}  // namespace

Probe::Probe(std::string serial, std::unique_ptr<VirtualBoard> board)
    : m_serial(std::move(serial)), m_board(std::move(board)) {}

bool Probe::run(std::uint64_t cycles) {
  const bool busy = m_board->run(cycles);
  collectTrace();
  return busy;
}

void Probe::collectTrace() {
  const std::vector<std::uint8_t> bytes = m_board->takeTrace();
  if (!m_traceHz || bytes.empty()) return;
  // A UART tolerates a few percent; beyond that it samples the wrong bits.
  const double actual = static_cast<double>(m_board->traceBitRate());
  const bool garbled = std::abs(actual - *m_traceHz) > 0.04 * *m_traceHz;
  const Faults& faults = m_board->faults();
  for (std::uint8_t byte : bytes) {
    if (garbled || faults.swoLoss > 0) {
      m_noise ^= m_noise << 13;
      m_noise ^= m_noise >> 17;
      m_noise ^= m_noise << 5;
    }
    if (faults.swoLoss > 0 && m_noise / 4294967296.0 < faults.swoLoss) continue;
    if (garbled) {
      if ((m_noise & 1) != 0) continue;
      byte = static_cast<std::uint8_t>(byte ^ m_noise >> 8);
    }
    if (faults.swoOverflow && m_trace.size() >= kTraceOverflowBytes) continue;
    m_trace.push_back(byte);
  }
}

std::vector<std::byte> Probe::execute(std::span<const std::byte> command, Direction direction,
                                      std::span<const std::byte> data, std::size_t replyBytes) {
  ++m_commands;
  std::vector<std::byte> reply(replyBytes);
  if (direction == Direction::ReadTrace) {
    const std::size_t count = std::min(replyBytes, m_trace.size());
    for (std::size_t i = 0; i < count; ++i) reply[i] = std::byte{m_trace[i]};
    m_trace.erase(m_trace.begin(), m_trace.begin() + static_cast<std::ptrdiff_t>(count));
    return reply;
  }
  switch (byteAt(command, 0)) {
    case 0xf1:  // version: 3 tells to ask for the extended one
      put8(reply, 0, 0x30);
      put16(reply, 2, kVendor);
      put16(reply, 4, kProduct);
      break;
    case 0xfb:
      put8(reply, 0, 3);
      put8(reply, 1, 1);
      put8(reply, 2, 9);
      put8(reply, 3, 3);
      put8(reply, 4, 4);
      put16(reply, 8, kVendor);
      put16(reply, 10, kProduct);
      break;
    case 0xf5:
      put8(reply, 0, m_mode);
      break;
    case 0xf7: {  // voltage: 2 * value * 1.2 / reference
      constexpr std::uint32_t kReference = 1200;
      const auto& supply = m_board->board().power.supplyVolts;
      const double volts = m_board->faults().unpowered ? 0 : supply ? supply->value : 3.3;
      put32(reply, 0, kReference);
      put32(reply, 4, static_cast<std::uint32_t>(std::lround(volts * kReference / 2.4)));
      break;
    }
    case 0xf2:
      debugCommand(command, data, reply);
      break;
    default:
      break;
  }
  return reply;
}

void Probe::debugCommand(std::span<const std::byte> command, std::span<const std::byte> data,
                         std::span<std::byte> reply) {
  const std::uint8_t code = byteAt(command, 1);
  const auto debugRead32 = [&](std::uint32_t address, std::uint32_t& value) {
    std::array<std::byte, 4> bytes{};
    const bool fine = m_board->debugRead(address, bytes, 4);
    value = read32(bytes, 0);
    return fine ? kOk : kApFault;
  };
  const auto debugWrite32 = [&](std::uint32_t address, std::uint32_t value) {
    std::array<std::byte, 4> bytes{};
    write32(bytes, 0, value);
    return m_board->debugWrite(address, bytes, 4) ? kOk : kApFault;
  };
  std::uint32_t value = 0;
  switch (code) {
    case 0x21:  // leave debug mode
      m_mode = 1;
      break;
    case 0x30:  // enter it
      put8(reply, 0, m_board->faults().unpowered ? kNoTarget : kOk);
      if (!m_board->faults().unpowered) m_mode = 2;
      break;
    case 0x31:
      put8(reply, 0, kOk);
      put32(reply, 4, m_board->chip().dpIdr);
      break;
    case 0x32:  // system reset, by AIRCR
      put8(reply, 0, debugWrite32(0xe000ed0c, 0x05fa0004));
      break;
    case 0x33:
      put8(reply, 0, kOk);
      put32(reply, 4, m_board->readRegister(byteAt(command, 2)));
      break;
    case 0x34:
      m_board->writeRegister(byteAt(command, 2), read32(command, 3));
      put8(reply, 0, kOk);
      break;
    case 0x35:
      put8(reply, 0, debugWrite32(read32(command, 2), read32(command, 6)));
      break;
    case 0x36:
      put8(reply, 0, debugRead32(read32(command, 2), value));
      put32(reply, 4, value);
      break;
    case 0x3a:  // all core registers
      put8(reply, 0, kOk);
      for (std::uint32_t i = 0; i <= 18; ++i) put32(reply, 4 + 4 * i, m_board->readRegister(i));
      break;
    case 0x3b:
    case 0x3e:
      put8(reply, 0, m_lastStatus);
      put32(reply, 4, m_lastFaultAddress);
      break;
    case 0x3c:
      switch (byteAt(command, 2)) {
        case 0:
          m_board->setResetPin(true);
          break;
        case 2:
          m_board->setResetPin(true);
          m_board->setResetPin(false);
          break;
        default:
          m_board->setResetPin(false);
          break;
      }
      put8(reply, 0, kOk);
      break;
    case 0x40:
      m_traceHz = read32(command, 4);
      m_trace.clear();
      m_board->takeTrace();
      put8(reply, 0, kOk);
      break;
    case 0x41:
      m_traceHz.reset();
      m_trace.clear();
      put8(reply, 0, kOk);
      break;
    case 0x42:
      put16(reply, 0, static_cast<std::uint32_t>(std::min<std::size_t>(m_trace.size(), 0xffff)));
      break;
    case 0x43:
    case 0x44:
    case 0x4c:
      put8(reply, 0, kOk);
      break;
    case 0x4b:
      put8(reply, 0, byteAt(command, 2) == 0 ? kOk : kBadAp);
      break;
    case 0x45:
      put8(reply, 0, readDap(read16(command, 2), read16(command, 4), value));
      put32(reply, 4, value);
      break;
    case 0x46:
      put8(reply, 0, writeDap(read16(command, 2), read16(command, 4), read32(command, 6)));
      break;
    case 0x51:
      miscBatch(command, data);
      break;
    case 0x52:
      std::copy_n(m_miscReply.begin(), std::min(m_miscReply.size(), reply.size()), reply.begin());
      break;
    case 0x61:
      put8(reply, 0, kOk);
      put32(reply, 4, read32(command, 4));
      break;
    case 0x62:
      put8(reply, 0, kOk);
      put8(reply, 8, static_cast<std::uint8_t>(kFrequenciesKhz.size()));
      for (std::size_t i = 0; i < kFrequenciesKhz.size(); ++i) {
        put32(reply, 12 + 4 * i, kFrequenciesKhz[i]);
      }
      break;
    case 0x07:
    case 0x08:
    case 0x0c:
    case 0x0d:
    case 0x47:
    case 0x48:
    case 0x50:
    case 0x54:
      memoryCommand(code, command, data, reply);
      break;
    default:
      put8(reply, 0, kUnknown);
      break;
  }
}

void Probe::memoryCommand(std::uint8_t code, std::span<const std::byte> command,
                          std::span<const std::byte> data, std::span<std::byte> reply) {
  const std::uint32_t address = read32(command, 2);
  const std::size_t wanted = std::min<std::size_t>(read16(command, 6), kLargestTransfer);
  const bool write = code == 0x08 || code == 0x0d || code == 0x48 || code == 0x50;
  const bool still = code == 0x50 || code == 0x54;
  std::uint32_t width = 4;
  if (code == 0x0c || code == 0x0d) width = 1;
  if (code == 0x47 || code == 0x48) width = 2;
  m_lastStatus = kOk;
  m_lastFaultAddress = address;
  if (byteAt(command, 8) != 0) {
    m_lastStatus = kBadAp;
    return;
  }
  const std::size_t count = std::min(wanted, write ? data.size() : reply.size());
  const std::size_t piece = still ? 4 : std::max<std::size_t>(count, 1);
  bool fine = true;
  for (std::size_t at = 0; fine && at < count; at += piece) {
    const std::size_t n = std::min(piece, count - at);
    fine = write ? m_board->debugWrite(address, data.subspan(at, n), width)
                 : m_board->debugRead(address, reply.subspan(at, n), width);
  }
  if (!fine) m_lastStatus = kApFault;
}

std::uint8_t Probe::accessDataRegister(std::uint32_t& value, bool write) {
  const std::uint32_t width = 1u << std::min(m_csw & 7, 2u);
  const std::uint32_t lane = 8 * (m_tar & 3);
  std::array<std::byte, 4> bytes{};
  const std::span<std::byte> part(bytes.data(), width);
  bool fine = false;
  if (write) {
    writeLittle(part, 0, value >> (width == 4 ? 0 : lane), width);
    fine = m_board->debugWrite(m_tar, part, width);
  } else {
    fine = m_board->debugRead(m_tar, part, width);
    value = readLittle(part, 0, width) << (width == 4 ? 0 : lane);
  }
  if ((m_csw & 0x30) != 0) m_tar += width;
  if (!fine) m_dpControl |= 1u << 5;  // STICKYERR
  return fine ? kOk : kApFault;
}

std::uint8_t Probe::readDap(std::uint16_t port, std::uint16_t reg, std::uint32_t& value) {
  value = 0;
  if (port == kDebugPort) {
    switch (reg & 0xff) {
      case 0x00:
        value = m_board->chip().dpIdr;
        break;
      case 0x04:  // what is asked to be powered is
        value = (m_dpControl & ~0xa0000000u) | (m_dpControl & 0x50000000u) << 1;
        break;
      default:
        break;
    }
    return kOk;
  }
  if (port != 0) return kBadAp;
  switch (reg) {
    case 0x00:
      value = m_csw | 0x40;  // device enabled
      break;
    case 0x04:
      value = m_tar;
      break;
    case 0x0c:
      return accessDataRegister(value, false);
    case 0x10:
    case 0x14:
    case 0x18:
    case 0x1c: {
      std::array<std::byte, 4> bytes{};
      const std::uint32_t address = (m_tar & ~0xfu) + (reg & 0xcu);
      if (!m_board->debugRead(address, bytes, 4)) return kApFault;
      value = read32(bytes, 0);
      break;
    }
    case 0xf8:
      value = 0xe00ff003;
      break;
    case 0xfc:
      value = m_board->chip().apIdr;
      break;
    default:
      break;
  }
  return kOk;
}

std::uint8_t Probe::writeDap(std::uint16_t port, std::uint16_t reg, std::uint32_t value) {
  if (port == kDebugPort) {
    if ((reg & 0xff) == 0x00 && (value & 4) != 0) m_dpControl &= ~(1u << 5);  // ABORT.STKERRCLR
    if ((reg & 0xff) == 0x04) m_dpControl = (m_dpControl & 1u << 5) | (value & 0x50000f00);
    if ((reg & 0xff) == 0x08) m_dpSelect = value;
    return kOk;
  }
  if (port != 0) return kBadAp;
  switch (reg) {
    case 0x00:
      m_csw = value;
      break;
    case 0x04:
      m_tar = value;
      break;
    case 0x0c:
      return accessDataRegister(value, true);
    case 0x10:
    case 0x14:
    case 0x18:
    case 0x1c: {
      std::array<std::byte, 4> bytes{};
      write32(bytes, 0, value);
      return m_board->debugWrite((m_tar & ~0xfu) + (reg & 0xcu), bytes, 4) ? kOk : kApFault;
    }
    default:
      break;
  }
  return kOk;
}

void Probe::miscBatch(std::span<const std::byte> command, std::span<const std::byte> data) {
  // One code byte an item, padded to words, then one word of argument an item. The reply, fetched
  // by the next command: a word of result for each, then a word of status for each.
  constexpr std::size_t kMostItems = 1227;
  const std::size_t items = std::min<std::size_t>(read32(command, 2), kMostItems);
  const std::size_t arguments = (items + 3) / 4 * 4;
  m_miscReply.assign(8 * items, std::byte{0});
  std::uint32_t address = 0;
  bool otherAp = false;
  for (std::size_t i = 0; i < items; ++i) {
    std::uint8_t status = kUnknown;
    if (arguments + 4 * i + 4 <= data.size()) {
      const std::uint32_t argument = read32(data, arguments + 4 * i);
      const std::uint8_t code = byteAt(data, i);
      std::array<std::byte, 4> bytes{};
      status = kOk;
      if (code == 1) {
        address = argument;
      } else if (code == 2) {
        write32(bytes, 0, argument);
        if (otherAp || !m_board->debugWrite(address, bytes, 4)) status = kApFault;
      } else if (code == 3) {
        if (otherAp || !m_board->debugRead(argument, bytes, 4)) status = kApFault;
        std::copy(bytes.begin(), bytes.end(),
                  m_miscReply.begin() + static_cast<std::ptrdiff_t>(4 * i));
      } else if (code == 5) {
        otherAp = argument != 0;
      } else {
        status = kUnknown;
      }
    }
    write32(m_miscReply, 4 * items + 4 * i, status);
  }
}

}  // namespace mcuprof::vboard
