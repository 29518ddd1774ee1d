#pragma once

#include <cstdint>
#include <optional>
#include <span>

#include "device-agent/virtual-board/chip.hpp"
#include "device-agent/virtual-board/ticks.hpp"

namespace mcuprof::vboard {

/// Bytes of flash, as offsets into it, that an operation has changed.
struct FlashChange {
  std::uint32_t begin = 0;
  std::uint32_t end = 0;
};

/// Who accesses: while the core is halted for a debugger no virtual time passes, so that an
/// operation ends after a few of the debugger's looks at the status instead.
struct FlashAccess {
  Ticks now = 0;
  std::uint64_t clockHz = 16'000'000;
  bool debugger = false;
};

/// A flash controller: register file, lock, programming and erasing.
class FlashController {
 public:
  virtual ~FlashController() = default;
  virtual void reset() = 0;
  virtual std::uint32_t read(std::uint32_t offset, const FlashAccess& access) = 0;
  virtual std::optional<FlashChange> write(std::uint32_t offset, std::uint32_t value,
                                           const FlashAccess& access) = 0;
  /// A store to the flash itself.
  virtual std::optional<FlashChange> program(std::uint32_t offset, std::uint32_t value,
                                             std::uint32_t size, const FlashAccess& access) = 0;
  virtual std::uint32_t accessControl() const = 0;  ///< FLASH_ACR

  /// When the operation under way ends; 0 without one.
  Ticks busyUntil() const { return m_busy ? m_busyUntil : 0; }

  /// Storing to this offset of flash fails from now on, as at a worn-out cell.
  void failAt(std::uint32_t offset) { m_failAt = offset; }

 protected:
  static constexpr int kDebuggerLooks = 2;

  void begin(std::uint64_t nanoseconds, const FlashAccess& access) {
    m_busyUntil = access.now + ticksOfCycles(access.clockHz / 1000 * nanoseconds / 1'000'000);
    m_looks = kDebuggerLooks;
    m_busy = true;
  }
  /// Whether an operation is under way; asking is a look.
  bool look(const FlashAccess& access) {
    if (!m_busy) return false;
    if (access.debugger ? --m_looks <= 0 : access.now >= m_busyUntil) m_busy = false;
    return m_busy;
  }
  /// One step of a two-key sequence; a wrong key locks until reset.
  static int nextKeyStep(int step, std::uint32_t value, std::uint32_t key1, std::uint32_t key2) {
    if (step == 0 && value == key1) return 1;
    if (step == 1 && value == key2) return 2;
    return -1;
  }
  bool fails(std::uint32_t offset, std::uint32_t size) const {
    return m_failAt && *m_failAt >= offset && *m_failAt - offset < size;
  }

 private:
  std::optional<std::uint32_t> m_failAt;
  Ticks m_busyUntil = 0;
  int m_looks = 0;
  bool m_busy = false;
};

/// Of STM32F2, F4 and F7: sectors, any width, bits only fall.
class FlashControllerF2 : public FlashController {
 public:
  FlashControllerF2(const Chip& chip, std::span<std::byte> flash);
  void reset() override;
  std::uint32_t read(std::uint32_t offset, const FlashAccess& access) override;
  std::optional<FlashChange> write(std::uint32_t offset, std::uint32_t value,
                                   const FlashAccess& access) override;
  std::optional<FlashChange> program(std::uint32_t offset, std::uint32_t value, std::uint32_t size,
                                     const FlashAccess& access) override;
  std::uint32_t accessControl() const override { return m_acr; }

 private:
  std::optional<FlashChange> erase(const FlashAccess& access);
  std::optional<FlashChange> sectorRange(std::uint32_t number) const;

  const Chip* m_chip;
  std::span<std::byte> m_flash;
  std::uint32_t m_acr = 0;
  std::uint32_t m_cr = 0x80000000;
  std::uint32_t m_sr = 0;
  std::uint32_t m_optcr = 0;
  std::uint32_t m_optcr1 = 0;
  int m_keyStep = 0;
  int m_optionKeyStep = 0;
};

/// Of STM32F0: pages, half-words onto erased cells only.
class FlashControllerF0 : public FlashController {
 public:
  FlashControllerF0(const Chip& chip, std::span<std::byte> flash);
  void reset() override;
  std::uint32_t read(std::uint32_t offset, const FlashAccess& access) override;
  std::optional<FlashChange> write(std::uint32_t offset, std::uint32_t value,
                                   const FlashAccess& access) override;
  std::optional<FlashChange> program(std::uint32_t offset, std::uint32_t value, std::uint32_t size,
                                     const FlashAccess& access) override;
  std::uint32_t accessControl() const override { return m_acr; }

 private:
  std::span<std::byte> m_flash;
  std::uint32_t m_pageBytes;
  std::uint32_t m_acr = 0;
  std::uint32_t m_cr = 0x80;
  std::uint32_t m_sr = 0;
  std::uint32_t m_ar = 0;
  int m_keyStep = 0;
  int m_optionKeyStep = 0;
};

}  // namespace mcuprof::vboard
