#pragma once

#include "analyzer/analysis/sram_budget.hpp"
#include "analyzer/base/indexed.hpp"
#include "analyzer/base/quantity.hpp"
#include "analyzer/model/graph.hpp"
#include "analyzer/target/runtime.hpp"
#include "analyzer/target/target.hpp"

namespace mcuprof {

/// Where constant data is read from.
enum class Residence : std::uint8_t {
  Ram,      ///< copied to RAM once, read there
  Flash,    ///< read in place
  Storage,  ///< on the card: streamed through a block buffer
};

/// Where the model's constant data lies. The runtime interprets the file in place, so it is in one
/// piece.
struct WeightPlan {
  RegionId region;  ///< invalid when there is no place
  Residence residence = Residence::Flash;
  RegionId codeRegion;  ///< flash that holds the runtime's code; invalid when none can
  Bytes flashNeeded;    ///< model and code in flash
  Bytes flashSize;      ///< of flash regions that may hold weights
  Bytes flashMissing;   ///< to keep model and code in flash
  Bytes inRam;          ///< bytes of the model in RAM
  Bytes chunk;          ///< block buffer for weights from the card
};

/// Flash where it is large enough for the file beside the code, else the card; or where the user
/// says.
WeightPlan placeWeights(const Graph& graph, const Board& board, const Runtime& runtime,
                        const PlacementOptions& options);

/// The board's backing storage; invalid when it has none.
RegionId cardOf(const Board& board);
/// What passes the card is cut into blocks of this size.
Bytes cardBlockOf(const Board& board);

}  // namespace mcuprof
