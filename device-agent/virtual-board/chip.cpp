#include "device-agent/virtual-board/chip.hpp"

#include <algorithm>
#include <array>
#include <string>

#include <fmt/format.h>

namespace mcuprof::vboard {
namespace {

constexpr std::uint32_t kKi = 1024;

constexpr std::array<SectorRun, 3> kF767Sectors = {{{4, 32 * kKi}, {1, 128 * kKi}, {7, 256 * kKi}}};
constexpr std::array<SectorRun, 3> kF746Sectors = {{{4, 32 * kKi}, {1, 128 * kKi}, {3, 256 * kKi}}};
constexpr std::array<SectorRun, 6> kF429Sectors = {
    {{4, 16 * kKi}, {1, 64 * kKi}, {7, 128 * kKi}, {4, 16 * kKi}, {1, 64 * kKi}, {7, 128 * kKi}}};
constexpr std::array<SectorRun, 3> kF207Sectors = {{{4, 16 * kKi}, {1, 64 * kKi}, {7, 128 * kKi}}};
constexpr std::array<SectorRun, 1> kF091Sectors = {{{128, 2 * kKi}}};

constexpr std::string_view kSource =
    "addresses, device ids and sectors: OpenOCD 0.12 tcl/target and its flash drivers; CPUID: ST "
    "CMSIS headers' core revision; revision ids recalled";

constexpr std::array kChips = {
    Chip{.board = "nucleo-f767zi",
         .pricingCore = "cortex-m7",
         .family = Family::F7,
         .cpuid = 0x411fc270,
         .dpIdr = 0x5ba02477,
         .apIdr = 0x74770001,
         .idcode = 0x10016451,
         .idcodeAddress = 0xe0042000,
         .flashSizeAddress = 0x1ff0f442,
         .bootAddress = 0x00200000,
         .sectors = kF767Sectors,
         .interrupts = 110,
         .fpbRevision = 1,
         .source = kSource},
    Chip{.board = "nucleo-f746zg",
         .pricingCore = "cortex-m7",
         .family = Family::F7,
         .cpuid = 0x410fc271,
         .dpIdr = 0x5ba02477,
         .apIdr = 0x74770001,
         .idcode = 0x10016449,
         .idcodeAddress = 0xe0042000,
         .flashSizeAddress = 0x1ff0f442,
         .bootAddress = 0x00200000,
         .sectors = kF746Sectors,
         .interrupts = 98,
         .fpbRevision = 1,
         .source = kSource},
    Chip{.board = "nucleo-f429zi",
         .pricingCore = "cortex-m4",
         .family = Family::F4,
         .cpuid = 0x410fc241,
         .dpIdr = 0x2ba01477,
         .apIdr = 0x24770011,
         .idcode = 0x20036419,
         .idcodeAddress = 0xe0042000,
         .flashSizeAddress = 0x1fff7a22,
         .sectors = kF429Sectors,
         .interrupts = 91,
         .breakpoints = 6,
         .source = kSource},
    Chip{.board = "nucleo-f207zg",
         .pricingCore = "cortex-m3",
         .family = Family::F2,
         .cpuid = 0x412fc230,
         .dpIdr = 0x2ba01477,
         .apIdr = 0x24770011,
         .idcode = 0x20036411,
         .idcodeAddress = 0xe0042000,
         .flashSizeAddress = 0x1fff7a22,
         .sectors = kF207Sectors,
         .interrupts = 81,
         .breakpoints = 6,
         .source = kSource},
    Chip{.board = "nucleo-f091rc",
         .pricingCore = "cortex-m0",
         .family = Family::F0,
         .cpuid = 0x410cc200,
         .dpIdr = 0x0bb11477,
         .apIdr = 0x04770021,
         .idcode = 0x10006442,
         .idcodeAddress = 0x40015800,
         .flashSizeAddress = 0x1ffff7cc,
         .sectors = kF091Sectors,
         .interrupts = 32,
         .priorityBits = 2,
         .breakpoints = 4,
         .watchpoints = 2,
         .hasTrace = false,
         .source = kSource},
};

}  // namespace

std::span<const Chip> chips() {
  return kChips;
}

Result<const Chip*> findChip(std::string_view boardName) {
  const auto found = std::find_if(kChips.begin(), kChips.end(),
                                  [&](const Chip& chip) { return chip.board == boardName; });
  if (found != kChips.end()) return &*found;
  std::string known;
  for (const Chip& chip : kChips) {
    if (!known.empty()) known += ", ";
    known += chip.board;
  }
  return Error{std::string(boardName), fmt::format("has no virtual board; there are {}", known)};
}

}  // namespace mcuprof::vboard
