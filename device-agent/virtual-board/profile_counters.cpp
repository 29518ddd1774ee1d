#include "device-agent/virtual-board/profile_counters.hpp"

namespace mcuprof::vboard {

ProfileCounters::Counts ProfileCounters::countsAt(const CoreTime& time) {
  const Ticks elsewhere = time.exceptions + time.sleep + time.dataWaits;
  const Ticks beyond = time.total + time.saved - elsewhere - ticksOfCycles(time.instructions);
  return {cyclesOf(beyond), cyclesOf(time.exceptions), cyclesOf(time.sleep),
          cyclesOf(time.dataWaits), cyclesOf(time.saved)};
}

std::uint64_t ProfileCounters::valueOf(std::uint32_t counter, const Counts& now) const {
  return (m_enabled >> counter & 1) != 0 ? now[counter] - m_origin[counter] : m_stopped[counter];
}

void ProfileCounters::enable(std::uint32_t control, const CoreTime& now) {
  const std::uint32_t wanted = (control & kEnables) >> 17;
  const Counts counts = countsAt(now);
  for (std::uint32_t i = 0; i < kCounters; ++i) {
    const bool is = (m_enabled >> i & 1) != 0;
    const bool shall = (wanted >> i & 1) != 0;
    if (is && !shall) m_stopped[i] = valueOf(i, counts);
    if (!is && shall) {
      m_origin[i] = counts[i];
      m_overflows[i] = 0;
    }
  }
  m_enabled = wanted;
}

std::uint32_t ProfileCounters::read(std::uint32_t offset, const CoreTime& now) const {
  return static_cast<std::uint32_t>(valueOf((offset - kFirst) / 4, countsAt(now)) & 0xff);
}

void ProfileCounters::write(std::uint32_t offset, std::uint32_t value, const CoreTime& now) {
  const std::uint32_t counter = (offset - kFirst) / 4;
  m_stopped[counter] = value & 0xff;
  m_origin[counter] = countsAt(now)[counter] - (value & 0xff);
  m_overflows[counter] = 0;
}

std::uint8_t ProfileCounters::takeOverflow(const CoreTime& now) {
  if (m_enabled == 0) return 0;
  const Counts counts = countsAt(now);
  std::uint8_t bits = 0;
  for (std::uint32_t i = 0; i < kCounters; ++i) {
    if ((m_enabled >> i & 1) == 0 || valueOf(i, counts) >> 8 <= m_overflows[i]) continue;
    ++m_overflows[i];
    bits = static_cast<std::uint8_t>(bits | 1U << i);
  }
  return bits;
}

}  // namespace mcuprof::vboard
