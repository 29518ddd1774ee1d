#pragma once

#include <array>
#include <cstdint>
#include <optional>
#include <utility>

#include "device-agent/virtual-board/chip.hpp"
#include "device-agent/virtual-board/core.hpp"
#include "device-agent/virtual-board/systick.hpp"

namespace mcuprof::vboard {

/// Numbers of exceptions as in IPSR.
enum ExceptionNumber : std::uint32_t {
  kNmi = 2,
  kHardFault = 3,
  kMemManage = 4,
  kBusFault = 5,
  kUsageFault = 6,
  kSvCall = 11,
  kPendSv = 14,
  kSysTickException = 15,
  kFirstInterrupt = 16,
};

/// NVIC, SysTick and the system control block; takes exceptions and returns from them.
///
/// Not modelled: the MPU, unprivileged access rules, lazy stacking, late arrival and tail chaining.
class Exceptions {
 public:
  Exceptions(const Chip& chip, MemoryMap& memory, Core& core);

  void reset();

  /// Registers 0xe000e000 to 0xe000efff but those of debug. Offsets are from 0xe000e000.
  std::uint32_t read(std::uint32_t offset);
  void write(std::uint32_t offset, std::uint32_t value, std::uint32_t size);

  /// What the core's run must not go past: the next SysTick interrupt.
  Ticks nextEvent() const;
  /// Makes pending what time has brought, and takes the exception that is due. False: the core
  /// locked up on it.
  bool poll(bool interruptsMasked);
  /// Whether something pends that could be taken now or ends a sleep.
  bool wakes();
  /// Whether something pends at all: masks may change with any instruction.
  bool anyPending() const { return m_pendingCount != 0; }

  /// A synchronous exception at the core's program counter. False: lockup.
  bool raise(std::uint32_t number);
  /// A fault with its status bits (CFSR); escalates to HardFault where its handler is off.
  bool fault(std::uint32_t number, std::uint32_t cfsrBits, std::optional<std::uint32_t> address);
  bool returnFrom(std::uint32_t excReturn);
  void pend(std::uint32_t number);

  std::uint32_t vectorTable() const { return m_vtor; }
  bool resetRequested();        ///< SYSRESETREQ or VECTRESET since the last call
  bool catchHardFault = false;  ///< DEMCR.VC_HARDERR
  bool takeCaught() { return std::exchange(m_caught, false); }

  std::uint32_t cacheControl() const { return m_ccr; }
  /// A cache maintenance operation since the last call: bit 0 instructions, bit 1 data.
  std::uint32_t takeMaintenance() { return std::exchange(m_maintenance, 0u); }

 private:
  static constexpr std::uint32_t kMost = 256;
  static constexpr int kThreadPriority = 256;

  int priorityOf(std::uint32_t number) const;
  int groupPriority(int priority) const;
  int executionPriority() const;
  std::uint32_t highestPending(int below) const;
  bool enabled(std::uint32_t number) const;
  bool enter(std::uint32_t number);
  bool push(std::uint32_t returnAddress, std::uint32_t& excReturn);
  void setPending(std::uint32_t number, bool on);
  std::uint32_t bitsOf(const std::array<bool, kMost>& flags, std::uint32_t firstNumber) const;

  const Chip* m_chip;
  MemoryMap* m_memory;
  Core* m_core;
  SysTick m_systick;
  std::array<bool, kMost> m_pending{};
  std::array<bool, kMost> m_active{};
  std::array<bool, kMost> m_enabled{};
  std::array<std::uint8_t, kMost> m_priority{};
  std::uint32_t m_pendingCount = 0;
  std::uint32_t m_vtor = 0;
  std::uint32_t m_prigroup = 0;
  std::uint32_t m_scr = 0;
  std::uint32_t m_ccr = 0;
  std::uint32_t m_shcsr = 0;
  std::uint32_t m_cfsr = 0;
  std::uint32_t m_hfsr = 0;
  std::uint32_t m_faultAddress = 0;
  std::uint32_t m_cpacr = 0;
  std::uint32_t m_fpccr = 0xc0000000;
  std::uint32_t m_fpcar = 0;
  std::uint32_t m_csselr = 0;
  std::uint32_t m_maintenance = 0;
  bool m_resetRequested = false;
  bool m_caught = false;
};

}  // namespace mcuprof::vboard
