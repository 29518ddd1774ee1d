// STM32F0.

#include <algorithm>
#include <array>

#include "device-agent/virtual-board/soc.hpp"

namespace mcuprof::vboard {
namespace {

constexpr std::uint32_t kFlashBase = 0x40022000;
constexpr std::uint32_t kRcc = 0x40021000;
constexpr std::uint32_t kRccCr = kRcc + 0x00;
constexpr std::uint32_t kRccCfgr = kRcc + 0x04;
constexpr std::uint32_t kRccBdcr = kRcc + 0x20;
constexpr std::uint32_t kRccCsr = kRcc + 0x24;
constexpr std::uint32_t kRccCfgr2 = kRcc + 0x2c;
constexpr std::uint32_t kRccCr2 = kRcc + 0x34;
constexpr std::uint32_t kTim14Cr1 = 0x40002000;
constexpr std::uint32_t kTim14Sr = 0x40002010;
constexpr std::uint32_t kTim14Ccer = 0x40002020;
constexpr std::uint32_t kTim14Ccr1 = 0x40002034;
constexpr std::uint32_t kTim14Or = 0x40002050;
constexpr std::uint32_t kLsiHz = 40'000;
constexpr std::uint64_t kHsiHz = 8'000'000;
constexpr std::uint64_t kHsi48Hz = 48'000'000;
constexpr std::array<std::uint32_t, 4> kSerialPorts = {0x40013800, 0x40004400, 0x40004800,
                                                       0x40004c00};

class SocF0 final : public Soc {
 public:
  SocF0(const Chip& chip, MemoryMap& memory)
      : Soc(chip, std::make_unique<FlashControllerF0>(chip, memory.flash()), kFlashBase) {
    reset();
  }

  void reset() override {
    Soc::reset();
    store(kRccCr, 0x81);
  }

  std::uint64_t coreHz() const override {
    const std::uint32_t cfgr = stored(kRccCfgr);
    std::uint64_t hz = kHsiHz;
    if ((cfgr & 3) == 1) hz = kHseHz;
    if ((cfgr & 3) == 3) hz = kHsi48Hz;
    if ((cfgr & 3) == 2) {
      const std::uint64_t divider = (stored(kRccCfgr2) & 0xf) + 1;
      std::uint64_t source = kHsiHz / 2;
      switch (cfgr >> 15 & 3) {
        case 1:
          source = kHsiHz / divider;
          break;
        case 2:
          source = kHseHz / divider;
          break;
        case 3:
          source = kHsi48Hz / divider;
          break;
        default:
          break;
      }
      hz = source * std::min((cfgr >> 18 & 0xf) + 2, 16u);
    }
    return afterPrescaler(hz, cfgr);
  }

  void applyTo(MemorySettings& settings) const override {
    const std::uint32_t acr = flash().accessControl();
    settings.flashWaitStates = acr & 7;
    settings.prefetch = (acr & 1u << 4) != 0;
  }

 protected:
  std::optional<std::uint32_t> readSpecial(std::uint32_t address, std::uint32_t value,
                                           const FlashAccess& access) override {
    switch (address) {
      case kRccCr:
        return readyBits(value, 1u << 0 | 1u << 16 | 1u << 24);
      case kRccCr2:
        return readyBits(value, 1u << 0 | 1u << 16);
      case kRccCfgr:
        return (value & ~0xcu) | (value & 3) << 2;
      case kRccBdcr:
      case kRccCsr:
        return readyBits(value, 1);
      case kTim14Sr: {
        // By way of the clock output, on which the LSI has number 2.
        const bool running = (stored(kRccCsr) & 1) != 0 && (stored(kTim14Cr1) & 1) != 0 &&
                             (stored(kTim14Ccer) & 1) != 0 && (stored(kTim14Or) & 3) == 3 &&
                             (stored(kRccCfgr) >> 24 & 0xf) == 2;
        return m_slowClock.flag(running, access) ? 1u << 1 : 0;
      }
      case kTim14Ccr1:
        m_slowClock.clearFlag();
        return 0;
      default:
        break;
    }
    for (const std::uint32_t port : kSerialPorts) {
      if (address == port + 0x1c) return 0xc0;  // TXE, TC
    }
    return std::nullopt;
  }

 private:
  SlowClockCapture m_slowClock{kLsiHz};
};

}  // namespace

std::unique_ptr<Soc> makeSocF0(const Chip& chip, MemoryMap& memory) {
  return std::make_unique<SocF0>(chip, memory);
}

}  // namespace mcuprof::vboard
