#pragma once

#include <cstdint>
#include <optional>
#include <string_view>
#include <vector>

#include "analyzer/analysis/arena.hpp"
#include "analyzer/analysis/schedule.hpp"
#include "analyzer/analysis/sram_budget.hpp"
#include "analyzer/base/indexed.hpp"
#include "analyzer/base/lists.hpp"
#include "analyzer/base/quantity.hpp"
#include "analyzer/model/graph.hpp"

namespace mcuprof {

/// How far one had to go to get the activations into RAM.
enum class PlacementForm : std::uint8_t {
  OneArena,    ///< the arena is one piece in one region: what the runtime does by itself
  ByBuffer,    ///< no region holds the arena; its buffers fit when each is placed by itself
  Spilled,     ///< buffers placed by themselves, some leave RAM for the card and come back
  Impossible,  ///< not even that; see impossibleOp and the reason
};

/// "one arena", "by buffer", "spilled", "impossible".
std::string_view nameOf(PlacementForm form);

/// Where one planned buffer lies over some steps when buffers are placed one by one.
struct BufferPlace {
  RegionId region;  ///< RAM; the first of joined ones
  Bytes offset;     ///< within the region's usable part
  Bytes size;       ///< of the buffer, or of the block buffer when streamed
  Lifetime life;    ///< the steps of this stay; one past the last step is the application, which
                    ///< reads the result
  bool streamed = false;  ///< the tensor is on the card and passes a block buffer here
};

/// A tensor that is written to the card after it was computed, or read back for its next reader.
struct SpillEvent {
  enum class Kind : std::uint8_t { Write, Read };
  Kind kind{};
  TensorId tensor;
  OpId op;  ///< before or during which the bytes move; the last op where the application reads
  Bytes bytes;
  bool streamed = false;  ///< through a block buffer while the op runs; else RAM to card in one go
  std::int32_t step = 0;
};

/// Buffers of the arena placed one by one, where no region holds the arena as a whole.
struct BufferPlacement {
  PlacementForm form = PlacementForm::Impossible;
  /// The stays of each buffer of ArenaPlan::buffers, by step; none for a buffer that nobody uses.
  Lists<BufferPlace> places;
  std::optional<BufferPlace> tail;  ///< the persistent part of the arena, one piece
  std::vector<SpillEvent> spills;   ///< by step
  Bytes written;
  Bytes read;
  bool exact = true;   ///< no other plan moves fewer bytes; false where the search was bounded
  Bytes streamBuffer;  ///< most bytes of block buffers at one step
  OpId impossibleOp;   ///< the op that does not fit whatever is spilled
  Bytes impossibleNeeded;
  Bytes impossibleMissing;
};

/// First without the card, then with the fewest bytes over it. `block` is the card's, nothing where
/// the board has none.
BufferPlacement placeBuffers(const Graph& graph, const Schedule& schedule, const ArenaPlan& arena,
                             const SramBudget& budget, std::optional<Bytes> block);

/// The operator that runs at a step, or the one before it; invalid for a model without operators.
OpId opAt(const Schedule& schedule, std::int32_t step);

}  // namespace mcuprof
