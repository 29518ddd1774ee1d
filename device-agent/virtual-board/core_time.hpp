#pragma once

#include <cstdint>

#include "device-agent/virtual-board/ticks.hpp"

namespace mcuprof::vboard {

/// What a core has spent its time on since it was made. Each number only grows.
struct CoreTime {
  Ticks total = 0;
  Ticks exceptions = 0;  ///< entry and return
  Ticks sleep = 0;
  Ticks dataWaits = 0;  ///< for memory that loads and stores go to
  Ticks saved = 0;      ///< by blocks that take less than a cycle an instruction
  std::uint64_t instructions = 0;
};

}  // namespace mcuprof::vboard
