#pragma once

#include <cstdint>

namespace mcuprof {

/// What the profile counters of a DWT counted: cycles, but for `fold`, which are instructions that
/// took none. Instructions executed are cycles - cpi - exc - sleep - lsu + fold.
struct EventCounts {
  std::uint64_t cpi = 0;    ///< beyond one an instruction, and waits for instructions
  std::uint64_t exc = 0;    ///< of entering and leaving exceptions
  std::uint64_t sleep = 0;  ///< asleep
  std::uint64_t lsu = 0;    ///< beyond one a load or store
  std::uint64_t fold = 0;

  friend bool operator==(const EventCounts&, const EventCounts&) = default;
};

}  // namespace mcuprof
