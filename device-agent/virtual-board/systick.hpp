#pragma once

#include <cstdint>

namespace mcuprof::vboard {

/// The 24-bit down counter of the core. Time is given in core cycles.
class SysTick {
 public:
  static constexpr std::uint64_t kNever = ~std::uint64_t{0};

  std::uint32_t read(std::uint32_t offset, std::uint64_t now);
  void write(std::uint32_t offset, std::uint32_t value, std::uint64_t now);
  void reset() { *this = SysTick(); }

  /// When it next reaches zero with its interrupt enabled, or kNever.
  std::uint64_t nextInterrupt() const;
  /// Whether it reached zero with its interrupt enabled since the last call.
  bool takeInterrupt(std::uint64_t now);

 private:
  std::uint64_t elapsed(std::uint64_t now) const;
  std::uint64_t zeros(std::uint64_t now) const;
  std::uint32_t current(std::uint64_t now) const;
  void restart(std::uint32_t value, std::uint64_t now);
  std::uint32_t divider() const { return (m_control & 4u) != 0 ? 1 : 8; }
  bool enabled() const { return (m_control & 1u) != 0; }

  std::uint32_t m_control = 0;
  std::uint32_t m_reload = 0;
  std::uint32_t m_startValue = 0;
  std::uint64_t m_start = 0;
  std::uint64_t m_flagSeen = 0;       ///< zeros already shown in COUNTFLAG
  std::uint64_t m_interruptSeen = 0;  ///< zeros already handed on
};

}  // namespace mcuprof::vboard
