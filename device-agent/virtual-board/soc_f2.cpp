// STM32F2, F4 and F7: they share the layout of RCC, PWR and the flash controller.

#include <algorithm>
#include <array>
#include <utility>

#include "device-agent/virtual-board/soc.hpp"

namespace mcuprof::vboard {
namespace {

constexpr std::uint32_t kFlashBase = 0x40023c00;
constexpr std::uint32_t kRcc = 0x40023800;
constexpr std::uint32_t kRccCr = kRcc + 0x00;
constexpr std::uint32_t kRccPllcfgr = kRcc + 0x04;
constexpr std::uint32_t kRccCfgr = kRcc + 0x08;
constexpr std::uint32_t kRccBdcr = kRcc + 0x70;
constexpr std::uint32_t kRccCsr = kRcc + 0x74;
constexpr std::uint32_t kPwrCr = 0x40007000;
constexpr std::uint32_t kPwrCsr = 0x40007004;
constexpr std::uint32_t kTim5Cr1 = 0x40000c00;
constexpr std::uint32_t kTim5Sr = 0x40000c10;
constexpr std::uint32_t kTim5Ccer = 0x40000c20;
constexpr std::uint32_t kTim5Ccr4 = 0x40000c40;
constexpr std::uint32_t kTim5Or = 0x40000c50;
constexpr std::uint32_t kLsiHz = 32'000;
constexpr std::uint64_t kHsiHz = 16'000'000;

/// Status and data registers of the serial ports by family; a program that waits for room to send
/// must see it.
constexpr std::array<std::uint32_t, 8> kSerialPorts = {
    0x40011000, 0x40011400, 0x40004400, 0x40004800, 0x40004c00, 0x40005000, 0x40007800, 0x40007c00};

class SocF2 final : public Soc {
 public:
  SocF2(const Chip& chip, MemoryMap& memory)
      : Soc(chip, std::make_unique<FlashControllerF2>(chip, memory.flash()), kFlashBase) {
    reset();
  }

  void reset() override {
    Soc::reset();
    store(kRccCr, 0x81);
    store(kRccPllcfgr, 0x24003010);
    store(kPwrCr, 0xc000);
  }

  std::uint64_t coreHz() const override {
    const std::uint32_t cfgr = stored(kRccCfgr);
    std::uint64_t hz = kHsiHz;
    if ((cfgr & 3) == 1) hz = kHseHz;
    if ((cfgr & 3) == 2) {
      const std::uint32_t pll = stored(kRccPllcfgr);
      const std::uint64_t source = (pll & 1u << 22) != 0 ? kHseHz : kHsiHz;
      const std::uint64_t m = std::max(pll & 0x3f, 2u);
      const std::uint64_t n = pll >> 6 & 0x1ff;
      const std::uint64_t p = 2 * ((pll >> 16 & 3) + 1);
      hz = source * n / (m * p);
    }
    return afterPrescaler(hz, cfgr);
  }

  void applyTo(MemorySettings& settings) const override {
    const std::uint32_t acr = flash().accessControl();
    settings.flashWaitStates = acr & 0xf;
    settings.prefetch = (acr & 1u << 8) != 0;
    settings.acceleratorInstructions = (acr & 1u << 9) != 0;
    settings.acceleratorData = (acr & (m_chip->family == Family::F7 ? 1u << 9 : 1u << 10)) != 0;
  }

 protected:
  std::optional<std::uint32_t> readSpecial(std::uint32_t address, std::uint32_t value,
                                           const FlashAccess& access) override {
    switch (address) {
      case kRccCr:
        return readyBits(value, 1u << 0 | 1u << 16 | 1u << 24 | 1u << 26 | 1u << 28);
      case kRccCfgr:
        return (value & ~0xcu) | (value & 3) << 2;
      case kRccBdcr:
      case kRccCsr:
        return readyBits(value, 1);
      case kPwrCsr: {
        const std::uint32_t overdrive = stored(kPwrCr) >> 16 & 3;
        return (value & ~0x30000u) | overdrive << 16 | 1u << 14;
      }
      case kTim5Sr: {
        const bool running = (stored(kRccCsr) & 1) != 0 && (stored(kTim5Cr1) & 1) != 0 &&
                             (stored(kTim5Ccer) & 1u << 12) != 0 &&
                             (stored(kTim5Or) & 3u << 6) == 1u << 6;
        return m_slowClock.flag(running, access) ? 1u << 4 : 0;
      }
      case kTim5Ccr4:
        m_slowClock.clearFlag();
        return 0;
      default:
        break;
    }
    const bool late = m_chip->family == Family::F7;
    for (const std::uint32_t port : kSerialPorts) {
      if (address == port + (late ? 0x1c : 0)) return 0xc0;  // TXE, TC
    }
    return std::nullopt;
  }

 private:
  SlowClockCapture m_slowClock{kLsiHz};
};

}  // namespace

std::unique_ptr<Soc> makeSocF2(const Chip& chip, MemoryMap& memory) {
  return std::make_unique<SocF2>(chip, memory);
}

}  // namespace mcuprof::vboard
