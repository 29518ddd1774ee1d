#pragma once

#include <cstdint>
#include <memory>
#include <span>
#include <string>
#include <vector>

#include "analyzer/base/result.hpp"
#include "analyzer/target/catalogue.hpp"
#include "device-agent/virtual-board/activity.hpp"
#include "device-agent/virtual-board/core.hpp"
#include "device-agent/virtual-board/core_debug.hpp"
#include "device-agent/virtual-board/exceptions.hpp"
#include "device-agent/virtual-board/faults.hpp"
#include "device-agent/virtual-board/profile_counters.hpp"
#include "device-agent/virtual-board/soc.hpp"
#include "device-agent/virtual-board/trace.hpp"

namespace mcuprof::vboard {

/// One board: chip, memories, core and debug unit, as a debug probe sees it. Time is virtual; all
/// that happens follows from the firmware, the debugger's accesses and the options.
class VirtualBoard final : public CoreBus {
 public:
  static Result<std::unique_ptr<VirtualBoard>> make(const Catalogue& catalogue,
                                                    std::string_view board, TimingMode mode,
                                                    const Faults& faults);

  const Chip& chip() const { return *m_chip; }
  const Board& board() const { return m_board; }
  const Faults& faults() const { return m_faults; }

  /// Lets the core run for so many cycles. False: it had nothing to do (halted, in reset, asleep
  /// for good, locked up).
  bool run(std::uint64_t cycles);

  /// The memory access port. False: a bus error at some byte; those before it are done.
  bool debugRead(std::uint32_t address, std::span<std::byte> out, std::uint32_t width);
  bool debugWrite(std::uint32_t address, std::span<const std::byte> data, std::uint32_t width);

  /// A core register by its DCRSR number; only while halted.
  std::uint32_t readRegister(std::uint32_t number) const { return m_core->reg(number); }
  void writeRegister(std::uint32_t number, std::uint32_t value) { m_core->setReg(number, value); }

  void setResetPin(bool low);
  bool halted() const { return m_halted; }

  /// From here on, what the board draws and shows on its meter pins is kept for takeActivity().
  void logActivity() { m_activity.emplace(m_board); }
  std::vector<Activity> takeActivity();

  /// Bytes that left the SWO pin since the last call, and the rate at which they did, in bits a
  /// second.
  std::vector<std::uint8_t> takeTrace() { return m_trace.take(); }
  std::uint64_t traceBitRate() const { return m_soc->coreHz() / m_trace.clocksPerBit(); }

  std::uint64_t cycles() const { return cyclesOf(m_core->now()); }
  std::uint64_t instructions() const { return m_core->instructions(); }
  std::uint64_t coreHz() const { return m_soc->coreHz(); }

 private:
  VirtualBoard(Board board, const Chip& chip, const PricingCore& pricing, TimingMode mode,
               const Faults& faults);

  std::uint32_t coreRead(std::uint32_t address, std::uint32_t size) override;
  void coreWrite(std::uint32_t address, std::uint32_t value, std::uint32_t size) override;
  void coreWriteFlash(std::uint32_t address, std::uint32_t value, std::uint32_t size) override;
  void coreBlockEnded() override { reportOverflows(); }

  std::uint32_t readDevice(std::uint32_t address, std::uint32_t size, bool debugger);
  void writeDevice(std::uint32_t address, std::uint32_t value, std::uint32_t size, bool debugger);
  std::uint32_t readDwt(std::uint32_t offset) const;
  void writeDwt(std::uint32_t offset, std::uint32_t value);
  /// Has the DWT tell of counters that have gone over.
  void reportOverflows();
  std::uint32_t readDebugControl(std::uint32_t offset);
  bool writeDebugControl(std::uint32_t offset, std::uint32_t value);
  /// Passes over a short wait for the flash at once: what asks would only ask again.
  void passFlashWait();
  void programFlash(std::uint32_t offset, std::uint32_t value, std::uint32_t size, bool debugger);
  void flashChanged(const std::optional<FlashChange>& change);
  FlashAccess access(bool debugger) const;

  void systemReset();
  void halt(std::uint32_t event);
  void stepOnce();
  void handle(StopReason reason);
  void settingsChanged();
  void injectFaults();
  void noteActivity(bool asleep = false);
  void lookAtPins();

  Board m_board;
  const Chip* m_chip;
  Faults m_faults;
  MemoryMap m_memory;
  BlockTiming m_blocks;
  MemoryTiming m_memoryTiming;
  std::unique_ptr<Soc> m_soc;
  std::unique_ptr<Core> m_core;
  std::unique_ptr<Exceptions> m_exceptions;
  CoreDebug m_debug;
  ProfileCounters m_counters;
  Trace m_trace;
  bool m_halted = false;
  bool m_inReset = false;
  bool m_resetSeen = true;  ///< DHCSR.S_RESET_ST
  bool m_lockedUp = false;
  bool m_sleeping = false;
  bool m_hung = false;
  std::optional<ActivityLog> m_activity;
};

}  // namespace mcuprof::vboard
