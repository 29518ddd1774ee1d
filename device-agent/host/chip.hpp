#pragma once

#include <cstdint>
#include <optional>
#include <string_view>

namespace mcuprof {

/// What the host must know of a board's chip before it may write to it.
struct ChipFacts {
  std::string_view board;    ///< "nucleo-f767zi"
  std::uint16_t device = 0;  ///< DBGMCU_IDCODE.DEV_ID
  std::uint32_t idcodeAddress = 0;
  std::string_view tpiu;  ///< OpenOCD's name for the trace port; empty where there is none
};

/// The chip of a board that the agent runs on; nullptr for other boards.
const ChipFacts* findChipFacts(std::string_view board);

/// "STM32F76x/77x" for a device id, empty when it is not known.
std::string_view chipName(std::uint16_t device);

}  // namespace mcuprof
