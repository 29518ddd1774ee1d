// What a load, a store or a debugger finds at an address: memory, peripherals, and the private
// peripheral bus with the registers of debug and trace.

#include <algorithm>

#include "device-agent/virtual-board/bytes.hpp"
#include "device-agent/virtual-board/virtual_board.hpp"

namespace mcuprof::vboard {
namespace {

constexpr std::uint32_t kItm = 0xe0000000;
constexpr std::uint32_t kDwt = 0xe0001000;
constexpr std::uint32_t kDwtControl = 0;
constexpr std::uint32_t kBreakpointUnit = 0xe0002000;
constexpr std::uint32_t kSystem = 0xe000e000;
constexpr std::uint32_t kTpiu = 0xe0040000;
constexpr std::uint32_t kDebugSupport = 0xe0042000;
constexpr std::uint32_t kBlock = 0x1000;

// Within the system control space.
constexpr std::uint32_t kDfsr = 0xd30;
constexpr std::uint32_t kDhcsr = 0xdf0;
constexpr std::uint32_t kDcrsr = 0xdf4;
constexpr std::uint32_t kDcrdr = 0xdf8;
constexpr std::uint32_t kDemcr = 0xdfc;
constexpr std::uint32_t kDhcsrKey = 0xa05f0000;

bool isDevice(std::uint32_t address) {
  return (address >= 0x40000000 && address < 0x60000000) ||
         (address >= 0xe0000000 && address < 0xe0100000);
}

bool isDebugControl(std::uint32_t offset) {
  return offset == kDfsr || (offset >= kDhcsr && offset <= kDemcr);
}

}  // namespace

std::uint32_t VirtualBoard::readDebugControl(std::uint32_t offset) {
  switch (offset) {
    case kDfsr:
      return m_debug.dfsr;
    case kDhcsr: {
      std::uint32_t value = m_debug.control() | 1u << 16;  // S_REGRDY
      if (m_halted) value |= 1u << 17;
      if (m_sleeping) value |= 1u << 18;
      if (m_lockedUp) value |= 1u << 19;
      if (!m_halted && !m_inReset && !m_lockedUp && !m_hung) value |= 1u << 24;  // S_RETIRE_ST
      if (m_resetSeen || m_inReset) value |= 1u << 25;
      m_resetSeen = false;
      return value;
    }
    case kDcrdr:
      return m_debug.dcrdr;
    case kDemcr:
      return m_debug.demcr;
    default:
      return 0;
  }
}

bool VirtualBoard::writeDebugControl(std::uint32_t offset, std::uint32_t value) {
  switch (offset) {
    case kDfsr:
      m_debug.dfsr &= ~value;
      break;
    case kDhcsr: {
      if ((value & 0xffff0000) != kDhcsrKey) break;
      m_debug.setControl(value);
      const bool enabled = (value & 1) != 0;
      if (enabled && (value & 2) != 0) {
        // A hung core does not stop for a debugger either.
        if (!m_halted && !m_inReset && !m_hung) halt(kHaltRequest);
      } else if (m_halted) {
        if (enabled && (value & 4) != 0) {
          stepOnce();
        } else {
          m_halted = false;
        }
      }
      break;
    }
    case kDcrsr:
      if (!m_halted) break;
      if ((value & 1u << 16) != 0) {
        m_core->setReg(value & 0x7f, m_debug.dcrdr);
      } else {
        m_debug.dcrdr = m_core->reg(value & 0x7f);
      }
      break;
    case kDcrdr:
      m_debug.dcrdr = value;
      break;
    case kDemcr:
      m_debug.demcr = value & 0x010f07f1;
      break;
    default:
      return false;
  }
  return true;
}

std::uint32_t VirtualBoard::readDwt(std::uint32_t offset) const {
  if (m_chip->hasTrace && ProfileCounters::holds(offset)) {
    return m_counters.read(offset, m_core->time());
  }
  const std::uint32_t value =
      m_debug.readDwt(offset, cycles(), m_halted ? 0xffffffffu : m_core->pc());
  return offset == kDwtControl ? value | m_counters.enabled() : value;
}

void VirtualBoard::writeDwt(std::uint32_t offset, std::uint32_t value) {
  m_debug.writeDwt(offset, value, cycles());
  m_core->setWatchpoints(m_debug.watchpoints());
  if (!m_chip->hasTrace) return;
  if (ProfileCounters::holds(offset)) {
    m_counters.write(offset, value, m_core->time());
  } else if (offset == kDwtControl) {
    reportOverflows();
    m_counters.enable(value, m_core->time());
    m_core->reportBlocks(m_counters.enabled() != 0);
  }
}

std::uint32_t VirtualBoard::readDevice(std::uint32_t address, std::uint32_t size, bool debugger) {
  const std::uint32_t word = address & ~3u;
  const std::uint32_t offset = word & (kBlock - 1);
  std::uint32_t value = 0;
  switch (word & ~(kBlock - 1)) {
    case kItm:
      if (m_chip->hasTrace) value = m_trace.readItm(offset, m_core->now());
      break;
    case kDwt:
      value = readDwt(offset);
      break;
    case kBreakpointUnit:
      value = m_debug.readBreakpointUnit(offset);
      break;
    case kSystem:
      value = isDebugControl(offset) ? readDebugControl(offset) : m_exceptions->read(offset);
      break;
    case kTpiu:
      if (m_chip->hasTrace) value = m_trace.readTpiu(offset);
      break;
    default:
      if (word < 0x60000000 || (word & ~(kBlock - 1)) == kDebugSupport) {
        value = m_soc->read(word, access(debugger));
      }
      break;
  }
  value >>= 8 * (address & 3);
  return size >= 4 ? value : value & ((1u << (8 * size)) - 1);
}

void VirtualBoard::writeDevice(std::uint32_t address, std::uint32_t value, std::uint32_t size,
                               bool debugger) {
  const std::uint32_t word = address & ~3u;
  const std::uint32_t offset = word & (kBlock - 1);
  const unsigned shift = 8 * (address & 3);
  const std::uint32_t mask = (size >= 4 ? 0xffffffffu : (1u << (8 * size)) - 1) << shift;
  const std::uint32_t inWord = value << shift & mask;
  switch (word & ~(kBlock - 1)) {
    case kItm:
      if (m_chip->hasTrace) m_trace.writeItm(offset, value, size, m_core->now());
      break;
    case kDwt:
      writeDwt(offset, inWord);
      break;
    case kBreakpointUnit:
      m_debug.writeBreakpointUnit(offset, inWord);
      m_core->setBreakpoints(m_debug.breakpoints());
      break;
    case kSystem:
      if (isDebugControl(offset)) {
        // The core may set DEMCR.TRCENA; the rest is the debugger's.
        if (debugger || offset == kDemcr) writeDebugControl(offset, inWord);
        m_core->setBreakpoints(m_debug.breakpoints());
        m_core->setWatchpoints(m_debug.watchpoints());
      } else {
        m_exceptions->write(offset | (address & 3), value, size);
        // A debugger's request for reset is not seen by the core, which may stand still.
        if (debugger && m_exceptions->resetRequested()) systemReset();
      }
      settingsChanged();
      break;
    case kTpiu:
      if (m_chip->hasTrace) m_trace.writeTpiu(offset, inWord);
      break;
    default:
      if (word < 0x60000000 || (word & ~(kBlock - 1)) == kDebugSupport) {
        // What was drawn so far was at the old clock and with the old pins.
        noteActivity();
        flashChanged(m_soc->write(word, inWord, mask, access(debugger)));
        settingsChanged();
        lookAtPins();
      }
      break;
  }
}

bool VirtualBoard::debugRead(std::uint32_t address, std::span<std::byte> out, std::uint32_t width) {
  std::size_t done = 0;
  while (done < out.size()) {
    const auto at = static_cast<std::uint32_t>(address + done);
    const auto left = static_cast<std::uint32_t>(out.size() - done);
    if (isDevice(at)) {
      const std::uint32_t size = std::min({width, left, 4 - (at & 3)});
      writeLittle(out, done, readDevice(at, size == 3 ? 2 : size, true), size == 3 ? 2 : size);
      done += size == 3 ? 2 : size;
      continue;
    }
    const MappedRegion* region = m_memory.find(at, 1);
    if (region == nullptr) return false;
    const std::uint32_t count = std::min(left, region->size - (at - region->base));
    std::copy_n(region->bytes + (at - region->base), count,
                out.begin() + static_cast<std::ptrdiff_t>(done));
    done += count;
  }
  return true;
}

bool VirtualBoard::debugWrite(std::uint32_t address, std::span<const std::byte> data,
                              std::uint32_t width) {
  std::size_t done = 0;
  while (done < data.size()) {
    const auto at = static_cast<std::uint32_t>(address + done);
    const auto left = static_cast<std::uint32_t>(data.size() - done);
    const MappedRegion* region = isDevice(at) ? nullptr : m_memory.find(at, 1);
    if (region == nullptr && !isDevice(at)) return false;
    if (region != nullptr && region->storage == Storage::Rom) return false;
    if (region != nullptr && region->storage == Storage::Ram) {
      const std::uint32_t count = std::min(left, region->size - (at - region->base));
      m_core->codeChanged(at, at + count);
      std::copy_n(data.begin() + static_cast<std::ptrdiff_t>(done), count,
                  region->bytes + (at - region->base));
      done += count;
      continue;
    }
    std::uint32_t size = std::min({width, left, 4 - (at & 3)});
    if (size == 3) size = 2;
    const std::uint32_t value = readLittle(data, done, size);
    if (region != nullptr) {
      programFlash(at - region->base, value, size, true);
    } else {
      writeDevice(at, value, size, true);
    }
    done += size;
  }
  return true;
}

}  // namespace mcuprof::vboard
