#pragma once

#include <array>
#include <cstdint>
#include <vector>

#include "device-agent/virtual-board/chip.hpp"
#include "device-agent/virtual-board/ticks.hpp"

namespace mcuprof::vboard {

/// Why the core halted: the bits of DFSR.
enum DebugEvent : std::uint32_t {
  kHaltRequest = 1,
  kBreakpointEvent = 2,
  kWatchpointEvent = 4,
  kVectorCatch = 8,
};

/// A range that the core must not touch unnoticed.
struct Watchpoint {
  std::uint32_t begin = 0;
  std::uint32_t end = 0;  ///< past it
  bool reads = false;
  bool writes = false;
};

/// The registers of the debug unit: halting control, breakpoint unit (FPB or BPU), DWT. It keeps
/// state and answers questions; the board acts. They survive every reset of the board.
class CoreDebug {
 public:
  explicit CoreDebug(const Chip& chip) : m_chip(&chip) {}

  std::uint32_t readBreakpointUnit(std::uint32_t offset) const;
  void writeBreakpointUnit(std::uint32_t offset, std::uint32_t value);
  /// Addresses of enabled comparators.
  std::vector<std::uint32_t> breakpoints() const;

  std::uint32_t readDwt(std::uint32_t offset, std::uint64_t cycles, std::uint32_t pc) const;
  void writeDwt(std::uint32_t offset, std::uint32_t value, std::uint64_t cycles);
  std::vector<Watchpoint> watchpoints() const;

  /// DHCSR as it reads, but for the bits that tell of the core.
  std::uint32_t control() const { return m_control; }
  void setControl(std::uint32_t value) { m_control = value & 0x2f; }
  bool debugEnabled() const { return (m_control & 1) != 0; }
  bool interruptsMasked() const { return (m_control & 9) == 9; }

  std::uint32_t demcr = 0;
  std::uint32_t dfsr = 0;
  std::uint32_t dcrdr = 0;

  bool traceEnabled() const { return (demcr & 1u << 24) != 0; }
  bool catchesReset() const { return debugEnabled() && (demcr & 1) != 0; }
  bool catchesHardFault() const { return debugEnabled() && (demcr & 1u << 10) != 0; }

 private:
  struct Comparator {
    std::uint32_t value = 0;
    std::uint32_t mask = 0;
    std::uint32_t function = 0;
  };

  const Chip* m_chip;
  std::uint32_t m_control = 0;
  bool m_unitEnabled = false;
  std::uint32_t m_remap = 0;
  std::array<std::uint32_t, 8> m_comparators{};
  std::uint32_t m_dwtControl = 0;
  std::uint64_t m_counterBase = 0;     ///< core cycles at which the counter would have been zero
  std::uint32_t m_counterStopped = 0;  ///< its value while disabled
  std::array<Comparator, 4> m_watch{};
};

}  // namespace mcuprof::vboard
