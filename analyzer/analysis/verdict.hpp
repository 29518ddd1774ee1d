#pragma once

#include <cstdint>
#include <string_view>

namespace mcuprof {

enum class Verdict : std::uint8_t {
  Fits,     ///< arena in one region, weights in flash, every working set in RAM
  Streams,  ///< runs; weights of some layers are larger than RAM and are read from flash or card
  Blocks,   ///< activations exceed RAM: needs buffers placed one by one, spilling, or cannot run
};

/// "fits", "streams", "blocks".
std::string_view nameOf(Verdict verdict);

}  // namespace mcuprof
