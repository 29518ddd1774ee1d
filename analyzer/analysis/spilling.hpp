#pragma once

#include <cstdint>
#include <optional>
#include <span>
#include <vector>

#include "analyzer/analysis/schedule.hpp"
#include "analyzer/base/indexed.hpp"
#include "analyzer/base/quantity.hpp"

namespace mcuprof {

/// A buffer as the spill planner sees it. Activations never change once computed, so a copy on the
/// card stays good.
struct SpillItem {
  Bytes size;   ///< in RAM
  Bytes moved;  ///< bytes to write or read, not rounded up
  Lifetime life;
  std::vector<std::int32_t> reads;  ///< steps that read it, rising, each once, all within life
  bool pinned = false;              ///< never leaves RAM: scratch, state, persistent data
};

/// Where a buffer is over a span of steps.
struct SpillStay {
  Lifetime life;          ///< inclusive
  bool streamed = false;  ///< on the card, its bytes pass a block buffer in this one step
};

struct SpillMove {
  bool write = false;  ///< RAM to card; else card to RAM
  std::size_t item = 0;
  std::int32_t step = 0;  ///< the step before or during which the bytes move
};

struct SpillSolution {
  Bytes written;
  Bytes read;
  std::vector<std::vector<SpillStay>> stays;  ///< by item: in RAM, or passing through
  std::vector<SpillMove> moves;               ///< by step
  Bytes peak;         ///< most bytes of stays (a streamed one as its block buffer) at one step
  bool exact = true;  ///< proven to move the fewest bytes for this capacity; false where the search
                      ///< was bounded

  Bytes moved() const { return written + read; }
};

/// The plan that moves the fewest bytes such that at every step what is in RAM sums up to at most
/// `capacity`; see the .cpp for the rules of the game. Nothing when some step does not fit with
/// everything else on the card and its own inputs and outputs streamed through buffers of `block`
/// bytes.
std::optional<SpillSolution> planSpills(std::span<const SpillItem> items, std::int32_t stepCount,
                                        Bytes capacity, Bytes block);

/// A step which cannot run within `capacity` whatever is spilled: the first of those that miss the
/// most bytes. Nothing when all can.
std::optional<std::int32_t> impossibleStep(std::span<const SpillItem> items, std::int32_t stepCount,
                                           Bytes capacity, Bytes block);

}  // namespace mcuprof
