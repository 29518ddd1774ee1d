#pragma once

#include <array>
#include <cstdint>
#include <functional>
#include <map>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <utility>
#include <vector>

#include "analyzer/target/target.hpp"
#include "device-agent/emulation/engine.hpp"
#include "device-agent/firmware/agent/protocol.h"
#include "device-agent/protocol/message.hpp"

namespace mcuprof {

/// The agent's image on an emulated core with just enough around it: RAM and flash of the board's
/// file, ready bits that follow their enable bits, a slow clock, SysTick, DWT_CYCCNT, an ITM that
/// takes everything, exceptions. A cycle is a halfword of code, which is a time to count with and
/// none to believe in.
class EmulatedAgent {
 public:
  /// `board`: "f767zi". The image is the one that the build made.
  explicit EmulatedAgent(const std::string& board);
  EmulatedAgent(const EmulatedAgent&) = delete;
  EmulatedAgent& operator=(const EmulatedAgent&) = delete;

  /// Lets the core run for about so many cycles.
  void run(std::uint64_t cycles);

  std::uint32_t read32(std::uint32_t address);
  void write32(std::uint32_t address, std::uint32_t value);
  void write(std::uint32_t address, std::span<const std::uint8_t> bytes);
  std::vector<std::uint8_t> read(std::uint32_t address, std::size_t bytes);

  const mcuprof_image_header& header() const { return m_header; }
  mcuprof_mailbox mailbox();

  /// Gives a command and runs until it is done, as the host does. Returns its messages, from the
  /// ring; nothing when it did not end within `cycles`.
  std::optional<std::vector<Message>> command(std::uint32_t number,
                                              std::vector<std::uint32_t> arguments,
                                              std::uint32_t options = MCUPROF_OPTION_WAIT,
                                              std::uint64_t cycles = 400'000'000);
  /// The two halves of `command`: a test may do something in between.
  void give(std::uint32_t number, std::vector<std::uint32_t> arguments, std::uint32_t options);
  std::vector<Message> drain();

  /// Called at each write to the peripherals, with address and value.
  std::function<void(std::uint32_t, std::uint32_t)> onWrite;

  /// Raises the NMI, as a debugger does by ICSR.
  void raiseNmi() { m_nmi = true; }
  /// Turns the ITM on, as OpenOCD does.
  void enableItm();
  /// What was written to stimulus port 0.
  std::vector<std::uint8_t> takeItm();
  /// Moves the process stack pointer, as code that takes too much stack does.
  void setStackPointer(std::uint32_t value);
  /// Lets DWT_CYCCNT wrap after so many more cycles.
  void wrapCycleCounterIn(std::uint32_t cycles);
  /// An oscillator that never starts.
  void breakHse() { m_hseBroken = true; }

  bool lockedUp() const { return m_lockedUp; }
  std::uint64_t cycles() const { return m_cycles; }

 private:
  struct Hooks;
  using Window = std::pair<EmulatedAgent*, std::uint32_t>;  ///< registers from an address on
  std::uint64_t readRegister(std::uint32_t address);
  void writeRegister(std::uint32_t address, std::uint32_t value);
  std::uint64_t slowPeriod() const;
  std::uint64_t tickPeriod() const;
  std::uint32_t core(int id) const;
  void setCore(int id, std::uint32_t value);
  void raise(std::uint32_t exception);
  void returnFrom(std::uint32_t excReturn);
  void takePending();
  void handleError(int error);

  Engine m_engine;
  uc_struct* m_unicorn = nullptr;  ///< of m_engine
  bool m_smallCore = false;        ///< Armv6-M
  mcuprof_image_header m_header{};
  std::array<Window, 3> m_windows = {{{this, 0x40000000}, {this, 0x48000000}, {this, 0xE0000000}}};
  std::map<std::uint32_t, std::uint32_t> m_registers;
  std::vector<std::uint8_t> m_itm;
  FrameReader m_reader;
  std::uint64_t m_cycles = 0;
  std::uint64_t m_deadline = 0;
  std::uint64_t m_slowSeen = 0;
  std::uint64_t m_cyccntZero = 0;
  std::uint64_t m_tickZero = 0;
  std::uint64_t m_ticksTaken = 0;
  bool m_tickWaits = false;
  std::optional<std::uint32_t> m_returning;
  std::uint32_t m_faultAddress = 0;
  bool m_nmi = false;
  bool m_hseBroken = false;
  bool m_lockedUp = false;
};

}  // namespace mcuprof
