#include "device-agent/virtual-board/core_debug.hpp"

namespace mcuprof::vboard {
namespace {

constexpr std::uint32_t kUnitKey = 2;
constexpr std::uint32_t kCounterEnable = 1;

}  // namespace

std::uint32_t CoreDebug::readBreakpointUnit(std::uint32_t offset) const {
  if (offset == 0) {
    const std::uint32_t literals =
        m_chip->family == Family::F2 || m_chip->family == Family::F4 ? 2u << 8 : 0;
    return m_chip->fpbRevision << 28 | literals | m_chip->breakpoints << 4 |
           (m_unitEnabled ? 1u : 0);
  }
  if (offset == 4) return m_remap;
  const std::uint32_t index = (offset - 8) / 4;
  return index < m_chip->breakpoints ? m_comparators[index] : 0;
}

void CoreDebug::writeBreakpointUnit(std::uint32_t offset, std::uint32_t value) {
  if (offset == 0) {
    if ((value & kUnitKey) != 0) m_unitEnabled = (value & 1) != 0;
  } else if (offset == 4) {
    m_remap = value & 0x1fffffe0;
  } else if (const std::uint32_t index = (offset - 8) / 4; index < m_chip->breakpoints) {
    m_comparators[index] = value;
  }
}

std::vector<std::uint32_t> CoreDebug::breakpoints() const {
  std::vector<std::uint32_t> addresses;
  if (!m_unitEnabled || !debugEnabled()) return addresses;
  for (std::uint32_t i = 0; i < m_chip->breakpoints; ++i) {
    const std::uint32_t comparator = m_comparators[i];
    if ((comparator & 1) == 0) continue;
    if (m_chip->fpbRevision == 1) {
      addresses.push_back(comparator & ~1u);
      continue;
    }
    // Revision 0: a word of the code region, and which of its halves.
    const std::uint32_t word = comparator & 0x1ffffffc;
    if ((comparator & 1u << 30) != 0) addresses.push_back(word);
    if ((comparator & 1u << 31) != 0) addresses.push_back(word + 2);
  }
  return addresses;
}

std::uint32_t CoreDebug::readDwt(std::uint32_t offset, std::uint64_t cycles,
                                 std::uint32_t pc) const {
  if (offset == 0x1c) return pc;
  if (offset >= 0x20 && offset < 0x20 + 16 * m_chip->watchpoints) {
    const Comparator& comparator = m_watch[(offset - 0x20) / 16];
    switch (offset & 0xc) {
      case 0x0:
        return comparator.value;
      case 0x4:
        return comparator.mask;
      case 0x8:
        return comparator.function;
      default:
        return 0;
    }
  }
  if (offset == 0) {
    // NOTRCPKT, NOEXTTRIG: comparators make no packets. A Cortex-M0 counts nothing either.
    const std::uint32_t absent = m_chip->hasTrace ? 0xcu << 24 : 0xfu << 24;
    return m_chip->watchpoints << 28 | absent | m_dwtControl;
  }
  if (offset == 4 && m_chip->hasTrace) {
    return (m_dwtControl & kCounterEnable) != 0 && traceEnabled()
               ? static_cast<std::uint32_t>(cycles - m_counterBase)
               : m_counterStopped;
  }
  return 0;
}

void CoreDebug::writeDwt(std::uint32_t offset, std::uint32_t value, std::uint64_t cycles) {
  if (offset >= 0x20 && offset < 0x20 + 16 * m_chip->watchpoints) {
    Comparator& comparator = m_watch[(offset - 0x20) / 16];
    switch (offset & 0xc) {
      case 0x0:
        comparator.value = value;
        break;
      case 0x4:
        comparator.mask = value & 0x1f;
        break;
      case 0x8:
        comparator.function = value & 0x0fffffff;
        break;
      default:
        break;
    }
    return;
  }
  if (!m_chip->hasTrace) return;
  const bool running = (m_dwtControl & kCounterEnable) != 0;
  if (offset == 4) {
    m_counterStopped = value;
    m_counterBase = cycles - value;
  } else if (offset == 0) {
    if (running) m_counterStopped = static_cast<std::uint32_t>(cycles - m_counterBase);
    m_counterBase = cycles - m_counterStopped;
    m_dwtControl = value & 0x1;
  }
}

std::vector<Watchpoint> CoreDebug::watchpoints() const {
  std::vector<Watchpoint> result;
  if (!debugEnabled() || !traceEnabled()) return result;
  for (std::uint32_t i = 0; i < m_chip->watchpoints; ++i) {
    const std::uint32_t function = m_watch[i].function & 0xf;
    if (function < 5 || function > 7) continue;
    const std::uint32_t size = 1u << m_watch[i].mask;
    const std::uint32_t begin = m_watch[i].value & ~(size - 1);
    result.push_back({begin, begin + size, function != 6, function != 5});
  }
  return result;
}

}  // namespace mcuprof::vboard
