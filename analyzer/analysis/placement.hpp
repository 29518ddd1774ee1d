#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "analyzer/analysis/arena.hpp"
#include "analyzer/analysis/buffer_placement.hpp"
#include "analyzer/analysis/hints.hpp"
#include "analyzer/analysis/layer_fit.hpp"
#include "analyzer/analysis/sram_budget.hpp"
#include "analyzer/analysis/verdict.hpp"
#include "analyzer/analysis/weight_placement.hpp"
#include "analyzer/analysis/working_set.hpp"
#include "analyzer/base/indexed.hpp"
#include "analyzer/base/quantity.hpp"
#include "analyzer/target/target.hpp"

namespace mcuprof {

/// Constant data of one tensor.
struct WeightPlace {
  RegionId region;  ///< invalid for tensors that are not constant, and when there is no place
  Residence residence = Residence::Flash;
};

struct MemoryPlan {
  SramBudget sram;
  PlacementForm form = PlacementForm::OneArena;
  /// Region that holds the arena as one piece; invalid when none is large enough.
  RegionId arenaRegion;
  Bytes arenaMissing;  ///< by which the largest usable region is too small for the arena; 0 when it
                       ///< fits
  /// For ByBuffer and Spilled, else empty: the stays of each buffer of ArenaPlan::buffers, by step.
  /// A buffer that never leaves RAM has one, a buffer that nobody uses none.
  Lists<BufferPlace> places;
  /// For ByBuffer and Spilled: the persistent part of the arena, one piece.
  std::optional<BufferPlace> tailPlace;
  std::vector<SpillEvent> spills;  ///< by step
  Bytes spillWritten;
  Bytes spillRead;
  bool spillsExact = true;  ///< no other plan moves fewer bytes; false where the search was bounded
  RegionId card;            ///< the board's card; invalid when it has none
  /// The op whose own buffers do not fit even when everything else is spilled and its inputs and
  /// outputs stream.
  OpId impossibleOp;
  Bytes impossibleNeeded;   ///< RAM that it needs at least
  Bytes impossibleMissing;  ///< by which the largest region would have to grow for it
  /// RAM that serves as block buffers of the card: of weights, and the most that spilled tensors
  /// need in one step.
  Bytes streamBuffer;

  Table<TensorId, WeightPlace> weights;
  RegionId weightsRegion;  ///< of all constant data; invalid when there is no place
  Residence weightsResidence = Residence::Flash;
  RegionId codeRegion;  ///< flash that holds the runtime's code
  Bytes flashNeeded;    ///< model and code in flash
  Bytes flashSize;      ///< of flash regions that may hold weights
  Bytes flashMissing;   ///< to keep model and code in flash
  Table<OpId, LayerFit> layers;

  Verdict verdict = Verdict::Fits;
  std::string reason;  ///< one line: what, which layer, how many bytes; layers are counted from 1
  OpId worstOp;        ///< the layer of the reason; invalid when all fits
  std::vector<Hint> hints;
};

/// The stay of a buffer of ArenaPlan::buffers at a step; nullptr when it is not in RAM then, or
/// when the arena is one piece.
const BufferPlace* placeAt(const MemoryPlan& plan, std::size_t buffer, std::int32_t step);

/// Places everything. `options.weights`, where set, names a region of the board (findRegion).
MemoryPlan planMemory(const Graph& graph, const KernelPlan& kernels, const Schedule& schedule,
                      const ArenaPlan& arena, const WorkingSets& workingSets, const Board& board,
                      const Runtime& runtime, const PlacementOptions& options);

}  // namespace mcuprof
