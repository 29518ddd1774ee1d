#pragma once

#include <array>
#include <cstdint>

#include "device-agent/virtual-board/core_time.hpp"

namespace mcuprof::vboard {

/// The DWT's counters of 8 bits (ARMv7-M Architecture Reference Manual, C1.8). They tell where
/// cycles beyond one an instruction went, so that
///   instructions = CYCCNT - CPICNT - EXCCNT - SLEEPCNT - LSUCNT + FOLDCNT.
///
/// Exceptions, sleep and waits for data are counted as the board charges them. A block's own price
/// is of the block as a whole: what it has above a cycle an instruction is CPICNT's, and so are
/// branches and waits for instructions; what it has below is FOLDCNT's.
class ProfileCounters {
 public:
  static constexpr std::uint32_t kEnables = 31U << 17;  ///< in DWT_CTRL, in the counters' order
  /// Whether a counter is at this offset in the DWT.
  static constexpr bool holds(std::uint32_t offset) { return offset >= kFirst && offset < kEnd; }

  /// Takes DWT_CTRL's bits as written. A counter starts at 0 when it is enabled and keeps its value
  /// when it is disabled.
  void enable(std::uint32_t control, const CoreTime& now);
  std::uint32_t enabled() const { return m_enabled << 17; }

  /// By the offset in the DWT.
  std::uint32_t read(std::uint32_t offset, const CoreTime& now) const;
  void write(std::uint32_t offset, std::uint32_t value, const CoreTime& now);

  /// Counters that have gone from 255 to 0 once more since the last call, as the bits of an event
  /// counter packet; 0 when there is none left.
  std::uint8_t takeOverflow(const CoreTime& now);

 private:
  static constexpr std::uint32_t kFirst = 0x08;  ///< CPICNT; a word each
  static constexpr std::uint32_t kEnd = 0x1c;
  static constexpr std::uint32_t kCounters = 5;
  using Counts = std::array<std::uint64_t, kCounters>;

  static Counts countsAt(const CoreTime& time);
  std::uint64_t valueOf(std::uint32_t counter, const Counts& now) const;

  std::uint32_t m_enabled = 0;  ///< a bit each
  Counts m_origin{};            ///< of those enabled: what is to be taken from countsAt()
  Counts m_stopped{};           ///< the value of those that are not
  Counts m_overflows{};         ///< taken since the counter was written
};

}  // namespace mcuprof::vboard
