#pragma once

#include <cstdint>
#include <functional>
#include <optional>

namespace mcuprof::vboard {

/// The bytes of memory that an instruction touches.
struct MemoryOperand {
  std::uint32_t address = 0;
  std::uint32_t bytes = 0;
  bool write = false;

  bool covers(std::uint32_t where, bool isWrite) const {
    return write == isWrite && where - address < bytes;
  }
};

/// What the Thumb instruction at `pc` loads or stores with the registers as they are in front of
/// it; nothing when it is no load or store. `encoding` has its bytes, the first lowest.
std::optional<MemoryOperand> memoryOperand(std::uint32_t encoding, std::uint32_t pc,
                                           const std::function<std::uint32_t(unsigned)>& reg);

}  // namespace mcuprof::vboard
