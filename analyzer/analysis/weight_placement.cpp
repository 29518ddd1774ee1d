#include "analyzer/analysis/weight_placement.hpp"

#include <algorithm>
#include <optional>
#include <vector>

namespace mcuprof {
namespace {

// A card's own unit, for a board that has a card without a description of its bus.
constexpr Bytes kSdSector = 512_B;

bool isFlash(const Memory& memory) {
  return memory.kind == MemoryKind::Flash || memory.kind == MemoryKind::Qspi;
}

/// Regions for constant data and code, on-chip ones first.
std::vector<RegionId> flashOf(const Board& board) {
  std::vector<RegionId> found;
  for (const RegionId id : board.memories.ids()) {
    const Memory& memory = board.memories[id];
    if (isFlash(memory) && memory.use.weights && memory.aliasOf.empty()) found.push_back(id);
  }
  std::stable_partition(found.begin(), found.end(),
                        [&](RegionId id) { return board.memories[id].kind == MemoryKind::Flash; });
  return found;
}

Bytes largestConstant(const Graph& graph) {
  Bytes largest;
  for (const GraphTensor& tensor : graph.tensors)
    if (tensor.isConstant && !tensor.readers.empty())
      largest = std::max(largest, tensor.storedBytes);
  return largest;
}

}  // namespace

RegionId cardOf(const Board& board) {
  RegionId any;
  for (const RegionId id : board.memories.ids()) {
    const Memory& memory = board.memories[id];
    if (!memory.use.spill || !memory.aliasOf.empty()) continue;
    if (memory.kind == MemoryKind::Sd) return id;
    if (!any.valid()) any = id;
  }
  return any;
}

Bytes cardBlockOf(const Board& board) {
  return board.sd ? Bytes(board.sd->blockBytes.value) : kSdSector;
}

WeightPlan placeWeights(const Graph& graph, const Board& board, const Runtime& runtime,
                        const PlacementOptions& options) {
  WeightPlan plan;
  const Bytes code(runtime.codeBytes ? runtime.codeBytes->value : 0);
  const std::vector<RegionId> flash = flashOf(board);
  for (const RegionId id : flash) {
    plan.flashSize += board.memories[id].size;
    if (!plan.codeRegion.valid() && board.memories[id].size >= code) plan.codeRegion = id;
  }
  plan.flashNeeded = graph.fileBytes + code;
  std::optional<Bytes> most;  // room for the file in one region
  RegionId roomy;
  for (const RegionId id : flash) {
    const Bytes room = board.memories[id].size - (id == plan.codeRegion ? code : Bytes(0));
    if (!roomy.valid() && room >= graph.fileBytes) roomy = id;
    most = std::max(most.value_or(room), room);
  }
  if (!roomy.valid())
    plan.flashMissing = graph.fileBytes - most.value_or(Bytes(0)) + (most ? Bytes(0) : code);

  RegionId asked;
  if (!options.weights.empty()) {
    if (const auto found = findRegion(board, options.weights)) asked = *found;
  }
  if (asked.valid()) {
    const Memory& memory = board.memories[asked];
    // "flash" means any of them; a region's own name means that one.
    const bool byKind = memory.name != options.weights;
    if (isFlash(memory))
      plan.region = byKind && roomy.valid() ? roomy : asked;
    else
      plan.region = asked;
    if (memory.use.spill && !isFlash(memory)) plan.residence = Residence::Storage;
    if (memory.use.activations) plan.residence = Residence::Ram;
    if (isFlash(memory) && (!byKind || !roomy.valid())) {
      const Bytes room = memory.size - (asked == plan.codeRegion ? code : Bytes(0));
      plan.flashMissing = std::max(Bytes(0), graph.fileBytes - room);
    }
  } else if (roomy.valid()) {
    plan.region = roomy;
  } else {
    plan.region = cardOf(board);
    plan.residence = Residence::Storage;
  }
  if (plan.residence == Residence::Ram) plan.inRam = graph.fileBytes;
  if (plan.residence == Residence::Storage)
    plan.chunk = std::min(cardBlockOf(board), largestConstant(graph));
  return plan;
}

}  // namespace mcuprof
