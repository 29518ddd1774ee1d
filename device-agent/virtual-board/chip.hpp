#pragma once

#include <cstdint>
#include <span>
#include <string_view>

#include "analyzer/base/result.hpp"

namespace mcuprof::vboard {

enum class Family : std::uint8_t { F0, F2, F4, F7 };

/// A run of flash sectors of one size.
struct SectorRun {
  std::uint32_t count = 0;
  std::uint32_t bytes = 0;
};

/// What a chip says of itself to a debugger, and where. Memories, caches and clocks are in
/// targets/boards/.
struct Chip {
  std::string_view board;        ///< "nucleo-f767zi", as in targets/boards/
  std::string_view pricingCore;  ///< as in analyzer/pricing/cores.hpp
  Family family = Family::F7;
  std::uint32_t cpuid = 0;   ///< SCB CPUID
  std::uint32_t dpIdr = 0;   ///< debug port
  std::uint32_t apIdr = 0;   ///< memory access port
  std::uint32_t idcode = 0;  ///< DBGMCU_IDCODE
  std::uint32_t idcodeAddress = 0;
  std::uint32_t flashSizeAddress = 0;  ///< a half-word: KiB of flash
  std::uint32_t bootAddress = 0;       ///< of the vector table after reset
  std::span<const SectorRun> sectors;
  std::uint32_t interrupts = 0;    ///< external ones
  std::uint32_t priorityBits = 4;  ///< implemented, from the top of a byte
  std::uint32_t breakpoints = 8;   ///< FPB or BPU comparators for instructions
  std::uint32_t fpbRevision = 0;   ///< 1: full addresses (Cortex-M7)
  std::uint32_t watchpoints = 4;   ///< DWT comparators
  bool hasTrace = true;            ///< ITM, TPIU and the cycle counter
  std::string_view source;
};

/// The boards this program can be.
std::span<const Chip> chips();

/// The chip of the board file of this name.
Result<const Chip*> findChip(std::string_view boardName);

}  // namespace mcuprof::vboard
