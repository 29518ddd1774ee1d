// The registers of NVIC, SysTick and the system control block: ARMv7-M Architecture Reference
// Manual, B3.2 and B3.4; names are its.

#include "device-agent/virtual-board/exceptions.hpp"

namespace mcuprof::vboard {
namespace {

constexpr std::uint32_t kAircrKey = 0x05fa0000;

// Cache geometry of the Cortex-M7 as CCSIDR encodes it: sets - 1, ways - 1, line of 8 words.
constexpr std::uint32_t ccsidr(std::uint32_t bytes, std::uint32_t ways) {
  return 0xe0000000u | (bytes / 32 / ways - 1) << 13 | (ways - 1) << 3 | 1;
}

}  // namespace

std::uint32_t Exceptions::bitsOf(const std::array<bool, kMost>& flags,
                                 std::uint32_t firstNumber) const {
  std::uint32_t bits = 0;
  for (std::uint32_t i = 0; i < 32 && firstNumber + i < kMost; ++i) {
    bits |= flags[firstNumber + i] ? 1u << i : 0;
  }
  return bits;
}

std::uint32_t Exceptions::read(std::uint32_t offset) {
  const bool small = m_chip->family == Family::F0;
  const std::uint64_t now = cyclesOf(m_core->now());
  if (offset >= 0x10 && offset < 0x20) return m_systick.read(offset - 0x10, now);
  if (offset >= 0x100 && offset < 0x380) {
    const std::uint32_t first = kFirstInterrupt + (offset & 0x7c) * 8;
    switch (offset >> 7) {
      case 2:
      case 3:
        return bitsOf(m_enabled, first);
      case 4:
      case 5:
        return bitsOf(m_pending, first);
      default:
        return bitsOf(m_active, first);
    }
  }
  if ((offset >= 0x400 && offset < 0x4f0) || (offset >= 0xd18 && offset < 0xd24)) {
    const std::uint32_t first =
        offset < 0xd00 ? kFirstInterrupt + (offset - 0x400) : 4 + (offset - 0xd18);
    std::uint32_t value = 0;
    for (std::uint32_t i = 0; i < 4; ++i) value |= std::uint32_t{m_priority[first + i]} << (8 * i);
    return value;
  }
  switch (offset) {
    case 0x004:
      return small ? 0 : (m_chip->interrupts - 1) / 32;
    case 0xd00:
      return m_chip->cpuid;
    case 0xd04: {
      if (m_systick.takeInterrupt(now)) setPending(kSysTickException, true);
      const std::uint32_t active = m_core->reg(kRegXpsr) & 0x1ff;
      const std::uint32_t next = highestPending(kThreadPriority);
      std::uint32_t value = active | next << 12;
      if (m_pending[kSysTickException]) value |= 1u << 26;
      if (m_pending[kPendSv]) value |= 1u << 28;
      if (m_pending[kNmi]) value |= 1u << 31;
      if (next >= kFirstInterrupt) value |= 1u << 22;
      return value;
    }
    case 0xd08:
      return m_vtor;
    case 0xd0c:
      return 0xfa050000u | m_prigroup << 8;
    case 0xd10:
      return m_scr;
    case 0xd14:
      return m_ccr;
    case 0xd24:
      return m_shcsr | (m_active[kMemManage] ? 1u : 0) | (m_active[kBusFault] ? 2u : 0) |
             (m_active[kUsageFault] ? 8u : 0) | (m_active[kSvCall] ? 0x80u : 0) |
             (m_active[kPendSv] ? 0x400u : 0) | (m_active[kSysTickException] ? 0x800u : 0);
    case 0xd28:
      return m_cfsr;
    case 0xd2c:
      return m_hfsr;
    case 0xd34:
    case 0xd38:
      return m_faultAddress;
    case 0xd88:
      return m_cpacr;
    case 0xd78:  // CLIDR
      return m_chip->family == Family::F7 ? 0x09000003 : 0;
    case 0xd7c:  // CTR
      return m_chip->family == Family::F7 ? 0x8303c003 : 0;
    case 0xd80: {  // CCSIDR
      if (m_chip->family != Family::F7) return 0;
      const std::uint32_t bytes = m_chip->board == "nucleo-f767zi" ? 16384 : 4096;
      return (m_csselr & 1) != 0 ? ccsidr(bytes, 2) : ccsidr(bytes, 4);
    }
    case 0xd84:
      return m_csselr;
    case 0xf34:
      return m_fpccr;
    case 0xf38:
      return m_fpcar;
    case 0xf40:  // MVFR0: single precision; the emulator has no double
      return m_chip->family == Family::F7 || m_chip->family == Family::F4 ? 0x10110021 : 0;
    case 0xf44:
      return m_chip->family == Family::F7 || m_chip->family == Family::F4 ? 0x11000011 : 0;
    default:
      return 0;
  }
}

void Exceptions::write(std::uint32_t offset, std::uint32_t value, std::uint32_t size) {
  const std::uint64_t now = cyclesOf(m_core->now());
  if (offset >= 0x10 && offset < 0x20) {
    m_systick.write(offset - 0x10, value, now);
    m_core->requestStop();
    return;
  }
  if (offset >= 0x100 && offset < 0x300) {
    const std::uint32_t first = kFirstInterrupt + (offset & 0x7c) * 8 + (offset & 3) * 8;
    for (std::uint32_t i = 0; i < 8 * size && first + i < kMost; ++i) {
      if ((value >> i & 1) == 0 || first + i - kFirstInterrupt >= m_chip->interrupts) continue;
      const bool on = (offset & 0x80) == 0;
      if (offset < 0x200) {
        m_enabled[first + i] = on;
        m_core->requestStop();
      } else {
        setPending(first + i, on);
      }
    }
    return;
  }
  if ((offset >= 0x400 && offset < 0x4f0) || (offset >= 0xd18 && offset < 0xd24)) {
    const std::uint32_t first =
        offset < 0xd00 ? kFirstInterrupt + (offset - 0x400) : 4 + (offset - 0xd18);
    const std::uint32_t mask = 0xff00u >> m_chip->priorityBits & 0xff;
    for (std::uint32_t i = 0; i < size; ++i) {
      m_priority[first + i] = static_cast<std::uint8_t>(value >> (8 * i) & mask);
    }
    return;
  }
  const bool small = m_chip->family == Family::F0;
  switch (offset) {
    case 0xd04:
      if ((value & 1u << 25) != 0) setPending(kSysTickException, false);
      if ((value & 1u << 26) != 0) setPending(kSysTickException, true);
      if ((value & 1u << 27) != 0) setPending(kPendSv, false);
      if ((value & 1u << 28) != 0) setPending(kPendSv, true);
      if ((value & 1u << 31) != 0) setPending(kNmi, true);
      break;
    case 0xd08:
      if (!small) m_vtor = value & ~0x7fu;
      break;
    case 0xd0c:
      if ((value & 0xffff0000) != kAircrKey) break;
      if (!small) m_prigroup = value >> 8 & 7;
      if ((value & 5) != 0) {
        m_resetRequested = true;
        m_core->requestStop();
      }
      break;
    case 0xd10:
      m_scr = value & 0x16;
      break;
    case 0xd14:
      if (!small) m_ccr = (m_ccr & ~0x3021bu) | (value & 0x3021b);
      break;
    case 0xd24:
      if (!small) m_shcsr = value & 0x70000;
      break;
    case 0xd28:
    case 0xd29:
    case 0xd2a:
      m_cfsr &= ~(value << (8 * (offset & 3)));
      break;
    case 0xd2c:
      m_hfsr &= ~value;
      break;
    case 0xd88:
      if (!small) m_cpacr = value & 0x00f00000;
      break;
    case 0xd84:
      m_csselr = value & 0xf;
      break;
    case 0xf00:  // STIR
      if (!small) setPending(kFirstInterrupt + (value & 0x1ff) % m_chip->interrupts, true);
      break;
    case 0xf34:
      m_fpccr = value & 0xc0000000;
      break;
    case 0xf38:
      m_fpcar = value;
      break;
    case 0xf50:  // ICIALLU
    case 0xf58:  // ICIMVAU: taken for all
      m_maintenance |= 1;
      break;
    case 0xf5c:  // DCIMVAC, DCISW, DCCIMVAC, DCCISW: taken for all
    case 0xf60:
    case 0xf70:
    case 0xf74:
      m_maintenance |= 2;
      break;
    default:
      break;
  }
}

}  // namespace mcuprof::vboard
