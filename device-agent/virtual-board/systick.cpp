#include "device-agent/virtual-board/systick.hpp"

namespace mcuprof::vboard {
namespace {

constexpr std::uint32_t kMask = 0x00ffffff;
constexpr std::uint32_t kCountFlag = 1u << 16;

}  // namespace

std::uint64_t SysTick::elapsed(std::uint64_t now) const {
  return enabled() ? (now - m_start) / divider() : 0;
}

std::uint64_t SysTick::zeros(std::uint64_t now) const {
  const std::uint64_t count = elapsed(now);
  const std::uint64_t period = std::uint64_t{m_reload} + 1;
  if (m_startValue == 0) return m_reload == 0 ? 0 : count / period;
  return count >= m_startValue ? 1 + (m_reload == 0 ? 0 : (count - m_startValue) / period) : 0;
}

std::uint32_t SysTick::current(std::uint64_t now) const {
  const std::uint64_t count = elapsed(now);
  if (count <= m_startValue && m_startValue != 0) {
    return m_startValue - static_cast<std::uint32_t>(count);
  }
  const std::uint64_t past = count - m_startValue;
  if (past == 0 || m_reload == 0) return 0;
  return m_reload - static_cast<std::uint32_t>((past - 1) % (std::uint64_t{m_reload} + 1));
}

void SysTick::restart(std::uint32_t value, std::uint64_t now) {
  m_startValue = value;
  m_start = now;
  m_flagSeen = m_interruptSeen = 0;
}

std::uint32_t SysTick::read(std::uint32_t offset, std::uint64_t now) {
  switch (offset) {
    case 0x0: {
      const std::uint64_t seen = zeros(now);
      const std::uint32_t flag = seen > m_flagSeen ? kCountFlag : 0;
      m_flagSeen = seen;
      return m_control | flag;
    }
    case 0x4:
      return m_reload;
    case 0x8:
      return current(now);
    default:
      return 0x40000000;  // CALIB: no reference value (SKEW)
  }
}

void SysTick::write(std::uint32_t offset, std::uint32_t value, std::uint64_t now) {
  switch (offset) {
    case 0x0: {
      const std::uint32_t at = current(now);
      m_control = value & 7;
      restart(at, now);
      break;
    }
    case 0x4: {
      const std::uint32_t at = current(now);
      m_reload = value & kMask;
      restart(at, now);
      break;
    }
    case 0x8:
      restart(0, now);
      break;
    default:
      break;
  }
}

std::uint64_t SysTick::nextInterrupt() const {
  if ((m_control & 3) != 3) return kNever;
  const std::uint64_t period = std::uint64_t{m_reload} + 1;
  if (m_reload == 0 && m_startValue == 0) return kNever;
  const std::uint64_t first = m_startValue == 0 ? period : m_startValue;
  if (m_reload == 0 && m_interruptSeen != 0) return kNever;
  return m_start + (first + m_interruptSeen * period) * divider();
}

bool SysTick::takeInterrupt(std::uint64_t now) {
  if ((m_control & 3) != 3) return false;
  const std::uint64_t seen = zeros(now);
  if (seen <= m_interruptSeen) return false;
  m_interruptSeen = seen;
  return true;
}

}  // namespace mcuprof::vboard
