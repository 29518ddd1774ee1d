#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "analyzer/analysis/arena.hpp"
#include "analyzer/analysis/working_set.hpp"
#include "analyzer/base/indexed.hpp"
#include "analyzer/base/quantity.hpp"
#include "analyzer/target/target.hpp"

namespace mcuprof {

/// What the user overrides of board and runtime.
struct PlacementOptions {
  /// Total bytes of RAM to assume instead of the board's: regions are cut from the last, or the largest
  /// one grows.
  std::optional<Bytes> sram;
  std::optional<Bytes> reserve;      ///< RAM kept for the application; default 0
  std::optional<Bytes> stack;        ///< instead of the runtime's
  std::optional<Bytes> staticBytes;  ///< instead of the runtime's
  /// Where weights lie: a region's name or kind ("flash", "sd", "sram"); default: flash, else card.
  std::string weights;
  /// Treat RAM regions whose addresses touch as one, as a linker script with a single RAM does.
  bool joinAdjacent = false;
};

/// How much of a RAM region is left for the arena, and why.
struct RegionBudget {
  RegionId region;
  Bytes size;         ///< as the board says, or as overridden
  Bytes staticBytes;  ///< runtime's static data in this region
  Bytes stack;
  Bytes reserve;
  Bytes usable;  ///< size - staticBytes - stack - reserve, at least 0
};

/// Usable SRAM, derived. Static data, stack and reserve go to the regions that the arena does not need.
struct SramBudget {
  std::vector<RegionBudget> regions;  ///< of RAM that may hold activations, in board order
  Bytes total;                        ///< sum of size
  Bytes staticBytes;
  Bytes stack;
  Bytes reserve;
  Bytes usable;         ///< sum of usable
  Bytes largestRegion;  ///< most bytes that one buffer can have
};

/// Where a tensor's bytes lie while one operator needs them.
enum class Residence : std::uint8_t {
  Ram,      ///< resident in a RAM region
  Flash,    ///< read in place
  Storage,  ///< on the card: streamed through a block buffer
};

/// Where one planned buffer lies when buffers are placed one by one.
struct BufferPlace {
  RegionId region;  ///< the card for a buffer that never is in RAM
  Bytes offset;     ///< within the region's usable part
  Lifetime life;    ///< the steps of this stay; a spilled buffer may have several
};

/// A tensor that is written to the card after it was computed, or read back before it is used.
struct SpillEvent {
  enum class Kind : std::uint8_t { Write, Read };
  Kind kind{};
  TensorId tensor;
  OpId op;  ///< during which the bytes move
  Bytes bytes;
};

/// Constant data of one tensor.
struct WeightPlace {
  RegionId region;
  Residence residence = Residence::Flash;
};

/// Does one layer's working set fit the RAM by itself, each part in one region?
struct LayerFit {
  bool activationsFit = true;  ///< inputs, outputs, scratch
  bool workingSetFits = true;  ///< with weights and biases; when not, weights stream
  Bytes activationsMissing;    ///< by which the largest region would have to grow; 0 when they fit
  Bytes workingSetMissing;
};

enum class Verdict : std::uint8_t {
  Fits,     ///< arena in one region, weights in flash, every working set in RAM
  Streams,  ///< runs; weights of some layers are larger than RAM and are read from flash or card
  Blocks,   ///< activations exceed RAM: needs spilling, or cannot run
};

/// A hint what would help, with the bytes it would free or the figure it needs.
struct Hint {
  std::string text;
  std::optional<Bytes> saves;
};

struct MemoryPlan {
  SramBudget sram;
  /// Region that holds the arena as one piece; invalid when none is large enough.
  RegionId arenaRegion;
  /// Where the head (planned buffers) and tail lie if the arena is in one piece: both in arenaRegion.
  Bytes arenaMissing;  ///< by which the largest usable region is too small for the arena
  /// Buffers placed one by one (parallel to ArenaPlan::buffers): used where no region holds the whole arena.
  std::vector<std::vector<BufferPlace>> places;
  std::vector<SpillEvent> spills;  ///< by step
  Bytes spillWritten;
  Bytes spillRead;
  /// An op whose own buffers do not fit even when everything else is spilled and its inputs stream.
  OpId impossibleOp;
  Bytes streamBuffer;  ///< RAM for blocks of the card, when anything streams from it
  Table<TensorId, WeightPlace> weights;  ///< of constant tensors
  Bytes flashNeeded;   ///< model and code in flash
  Bytes flashSize;     ///< of regions that may hold weights
  Bytes flashMissing;
  Table<OpId, LayerFit> layers;

  Verdict verdict = Verdict::Fits;
  std::string reason;  ///< one line: what, which layer, how many bytes
  OpId worstOp;        ///< the layer of the reason; invalid when all fits
  std::vector<Hint> hints;
};

MemoryPlan planMemory(const Graph& graph, const KernelPlan& kernels, const Schedule& schedule,
                      const ArenaPlan& arena, const WorkingSets& workingSets, const Board& board,
                      const Runtime& runtime, const PlacementOptions& options);

}  // namespace mcuprof
