#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "analyzer/base/indexed.hpp"
#include "analyzer/base/quantity.hpp"
#include "analyzer/base/result.hpp"
#include "analyzer/target/runtime.hpp"
#include "analyzer/target/target.hpp"

namespace mcuprof {

/// What the user overrides of board and runtime.
struct PlacementOptions {
  /// Total bytes of RAM to assume instead of the board's: regions are cut from the last, or the
  /// largest one grows.
  std::optional<Bytes> sram;
  std::optional<Bytes> reserve;      ///< RAM kept for the application; default 0
  std::optional<Bytes> stack;        ///< instead of the runtime's
  std::optional<Bytes> staticBytes;  ///< instead of the runtime's
  /// Where weights lie: a region's name or kind ("flash", "sd", "sram"), checked with findRegion;
  /// empty: flash where it is large enough, else the card.
  std::string weights;
  /// Treat RAM regions whose addresses touch as one, as a linker script with a single RAM does.
  bool joinAdjacent = false;
};

/// The memory that a name stands for: a region's own name, else the largest region of that kind
/// ("tcm", "sram", "flash", "sd", ...). Regions that hold nothing (aliases) do not count.
Result<RegionId> findRegion(const Board& board, std::string_view name);

/// How much of a RAM region is left for the arena, and why.
struct RegionBudget {
  RegionId region;
  std::vector<RegionId>
      joined;  ///< further regions whose addresses follow, where joining is asked for
  MemoryKind kind = MemoryKind::Sram;
  Bytes size;         ///< as the board says, or as overridden; of all joined regions
  Bytes staticBytes;  ///< runtime's static data in this region
  Bytes stack;
  Bytes reserve;
  Bytes weights;       ///< constant data that was put into RAM
  Bytes streamBuffer;  ///< for chunks of weights that lie on the card
  Bytes usable;        ///< size less all of the above, at least 0

  Bytes taken() const { return staticBytes + stack + reserve + weights + streamBuffer; }
};

/// Usable SRAM, derived. Static data, stack and reserve go to the regions that the arena does not
/// need.
struct SramBudget {
  std::vector<RegionBudget> regions;  ///< of RAM that may hold activations, in board order
  Bytes total;                        ///< sum of size
  Bytes staticBytes;
  Bytes stack;
  Bytes reserve;
  Bytes weights;
  Bytes streamBuffer;
  Bytes usable;         ///< sum of usable
  Bytes largestRegion;  ///< most bytes that one buffer can have
  Bytes missing;  ///< of static data, stack and so on that fit nowhere; 0 on any sensible board
};

/// What is taken from RAM before the arena.
struct RamNeeds {
  Bytes arena;    ///< the smallest arena that works
  Bytes weights;  ///< constant data to be put into `weightsRegion`
  RegionId weightsRegion;
  Bytes streamBuffer;  ///< for chunks of weights from the card
};

SramBudget deriveSramBudget(const Board& board, const Runtime& runtime,
                            const PlacementOptions& options, const RamNeeds& needs);

/// Position in SramBudget::regions of the region in which an arena of this size is best: the
/// fastest kind that is large enough, and of one kind the largest. Nothing when none is large
/// enough.
std::optional<std::size_t> bestRegionFor(const SramBudget& budget, Bytes arena);

/// Faster memories have a smaller rank: tightly coupled, on-chip, then outside.
int speedRank(MemoryKind kind);

}  // namespace mcuprof
