#pragma once

#include <cstdint>
#include <optional>
#include <span>
#include <vector>

#include "analyzer/analysis/schedule.hpp"
#include "analyzer/base/lists.hpp"
#include "analyzer/base/quantity.hpp"

namespace mcuprof {

/// A buffer as the spill planner sees it. Activations never change once computed, so a copy on the
/// card stays good.
struct SpillItem {
  Bytes size;     ///< in RAM
  Bytes moved;    ///< bytes to write or read: the tensor without the rounding of its buffer
  Lifetime life;  ///< -1..-1 for a buffer that nobody uses
  std::vector<std::int32_t> reads;  ///< steps that read it, rising, each once, within life
  bool pinned = false;              ///< never leaves RAM: scratch, state, persistent data
};

/// What the planner has to live with.
struct SpillLimits {
  std::vector<Bytes> regions;  ///< a buffer lies in one of them
  Bytes capacity;  ///< most bytes at one step over all regions; may be less than their sum
  Bytes block;     ///< what passes the card is cut into blocks of this size
};

/// Some steps during which a buffer takes RAM.
struct SpillStay {
  Lifetime life;          ///< both ends inclusive
  bool streamed = false;  ///< it is on the card; its bytes pass a block buffer in this one step
};

struct SpillMove {
  bool write = false;  ///< RAM to card; else card to RAM
  std::size_t item = 0;
  std::int32_t step = 0;  ///< before or during which the bytes move
};

struct SpillSolution {
  Bytes written;
  Bytes read;
  Lists<SpillStay> stays;        ///< by item, by step
  std::vector<SpillMove> moves;  ///< by step
  Bytes peak;  ///< most bytes of stays at one step, a streamed one as its block buffer
  bool exact =
      true;  ///< no plan moves fewer bytes within these limits; false where the search was bounded

  Bytes moved() const { return written + read; }
};

/// The plan that moves the fewest bytes within the limits; see the .cpp for the rules of the game.
/// Nothing when none was found: some step does not fit though everything else is on the card and
/// its own inputs and outputs are streamed. Steps are 0..lastStep.
std::optional<SpillSolution> planSpills(std::span<const SpillItem> items, std::int32_t lastStep,
                                        const SpillLimits& limits);

/// The step that cannot run whatever is spilled; of several the one that misses most.
struct ImpossibleStep {
  std::int32_t step = 0;
  Bytes needed;   ///< bytes that must be in RAM at once
  Bytes missing;  ///< by which the largest region would have to grow
};
std::optional<ImpossibleStep> findImpossibleStep(std::span<const SpillItem> items,
                                                 std::int32_t lastStep, const SpillLimits& limits);

}  // namespace mcuprof
