#include "device-agent/host/chip.hpp"

#include <algorithm>
#include <array>
#include <utility>

namespace mcuprof {
namespace {

// Device ids as OpenOCD 0.12's flash drivers stm32f2x and stm32f1x compare them; names of trace
// ports from its target/stm32f?x.cfg.
constexpr std::uint32_t kDbgmcu = 0xe0042000;
constexpr std::uint32_t kDbgmcuF0 = 0x40015800;
constexpr std::array kChips = {
    ChipFacts{"nucleo-f767zi", 0x451, kDbgmcu, "stm32f7x.tpiu"},
    ChipFacts{"nucleo-f746zg", 0x449, kDbgmcu, "stm32f7x.tpiu"},
    ChipFacts{"nucleo-f429zi", 0x419, kDbgmcu, "stm32f4x.tpiu"},
    ChipFacts{"nucleo-f207zg", 0x411, kDbgmcu, "stm32f2x.tpiu"},
    ChipFacts{"nucleo-f091rc", 0x442, kDbgmcuF0, ""},
};

constexpr std::array<std::pair<std::uint16_t, std::string_view>, 12> kNames = {{
    {0x410, "STM32F10x"},
    {0x411, "STM32F2xx"},
    {0x413, "STM32F405/407"},
    {0x415, "STM32L47x"},
    {0x419, "STM32F42x/43x"},
    {0x440, "STM32F05x"},
    {0x442, "STM32F09x"},
    {0x449, "STM32F74x/75x"},
    {0x450, "STM32H74x/75x"},
    {0x451, "STM32F76x/77x"},
    {0x452, "STM32F72x/73x"},
    {0x463, "STM32F413"},
}};

}  // namespace

const ChipFacts* findChipFacts(std::string_view board) {
  const auto found = std::ranges::find(kChips, board, &ChipFacts::board);
  return found == kChips.end() ? nullptr : &*found;
}

std::string_view chipName(std::uint16_t device) {
  const auto found =
      std::ranges::find(kNames, device, &std::pair<std::uint16_t, std::string_view>::first);
  return found == kNames.end() ? std::string_view() : found->second;
}

}  // namespace mcuprof
