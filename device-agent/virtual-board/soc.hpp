#pragma once

#include <cstdint>
#include <memory>
#include <optional>
#include <string_view>
#include <unordered_map>

#include "device-agent/virtual-board/chip.hpp"
#include "device-agent/virtual-board/flash_controller.hpp"
#include "device-agent/virtual-board/memory_map.hpp"
#include "device-agent/virtual-board/memory_timing.hpp"

namespace mcuprof::vboard {

/// A timer channel that captures every eighth period of the internal slow oscillator: how firmware
/// checks its clock without a second board.
class SlowClockCapture {
 public:
  explicit SlowClockCapture(std::uint32_t slowHz) : m_slowHz(slowHz) {}

  /// The capture flag; `running`: oscillator and channel are on.
  bool flag(bool running, const FlashAccess& access);
  void clearFlag() { m_flag = false; }

 private:
  std::uint32_t m_slowHz;
  Ticks m_last = 0;
  bool m_flag = false;
};

/// The peripherals of a family, as far as start-up code and a debugger touch them: clocks, flash
/// controller, power, debug support. Any other register reads back what was written to it.
class Soc {
 public:
  virtual ~Soc() = default;
  virtual void reset();

  /// A word of the address space from 0x40000000, or of DBGMCU; `address` is a multiple of 4.
  std::uint32_t read(std::uint32_t address, const FlashAccess& access);
  /// Part of a word: `mask` covers the bits written.
  std::optional<FlashChange> write(std::uint32_t address, std::uint32_t value, std::uint32_t mask,
                                   const FlashAccess& access);

  virtual std::uint64_t coreHz() const = 0;
  virtual void applyTo(MemorySettings& settings) const = 0;
  /// Whether a word of the address space belongs to the flash controller.
  bool isFlashRegister(std::uint32_t address) const {
    return address - m_flashBase < kFlashRegisters;
  }
  FlashController& flash() { return *m_flash; }
  const FlashController& flash() const { return *m_flash; }
  /// DBGMCU_CR.TRACE_IOEN.
  bool tracePinEnabled() const;
  /// Level of a pin that firmware drives, as "PF13": its bit of the port's output register while it
  /// is an output, else low.
  bool pinLevel(std::string_view pin) const;
  /// FLASH_ACR asked for the accelerator to be emptied since the last call.
  bool takeAcceleratorReset();

  static constexpr std::uint64_t kHseHz = 8'000'000;  ///< from the probe on every Nucleo

 protected:
  Soc(const Chip& chip, std::unique_ptr<FlashController> flash, std::uint32_t flashBase)
      : m_chip(&chip), m_flash(std::move(flash)), m_flashBase(flashBase) {}

  /// The register's value in place of the one stored.
  virtual std::optional<std::uint32_t> readSpecial(std::uint32_t address, std::uint32_t stored,
                                                   const FlashAccess& access) = 0;
  /// Shifts the enable bits of oscillators to the ready bits above them.
  static constexpr std::uint32_t readyBits(std::uint32_t value, std::uint32_t enables) {
    return (value & ~(enables << 1)) | (value & enables) << 1;
  }
  /// The core's clock behind the AHB prescaler, RCC_CFGR.HPRE; at least 1.
  static std::uint64_t afterPrescaler(std::uint64_t hz, std::uint32_t cfgr);
  std::uint32_t stored(std::uint32_t address) const;
  void store(std::uint32_t address, std::uint32_t value) { m_registers[address] = value; }
  bool writePort(std::uint32_t address, std::uint32_t value);

  const Chip* m_chip;

 private:
  static constexpr std::uint32_t kFlashRegisters = 0x400;

  std::unique_ptr<FlashController> m_flash;
  std::uint32_t m_flashBase;
  std::unordered_map<std::uint32_t, std::uint32_t> m_registers;
  std::unordered_map<std::uint32_t, std::uint32_t> m_debugRegisters;  ///< survive a reset
  bool m_acceleratorReset = false;
};

/// The peripherals of this chip.
std::unique_ptr<Soc> makeSoc(const Chip& chip, MemoryMap& memory);

std::unique_ptr<Soc> makeSocF2(const Chip& chip, MemoryMap& memory);  ///< F2, F4, F7
std::unique_ptr<Soc> makeSocF0(const Chip& chip, MemoryMap& memory);

}  // namespace mcuprof::vboard
