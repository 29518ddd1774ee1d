#pragma once

#include <cstdint>
#include <string>
#include <string_view>

#include "analyzer/analysis/arena.hpp"
#include "analyzer/analysis/working_set.hpp"
#include "analyzer/base/indexed.hpp"
#include "analyzer/model/graph.hpp"
#include "analyzer/target/target.hpp"

namespace mcuprof {

struct MemoryPlan;

enum class Verdict : std::uint8_t {
  Fits,     ///< arena in one region, weights in flash, every working set in RAM
  Streams,  ///< runs; weights of some layers are larger than RAM and are read from flash or card
  Blocks,   ///< activations exceed RAM: needs buffers placed one by one, spilling, or cannot run
};

/// "fits", "streams", "blocks".
std::string_view nameOf(Verdict verdict);

struct Judgement {
  Verdict verdict = Verdict::Fits;
  std::string reason;  ///< one line: what, which layer, how many bytes
  OpId worstOp;        ///< the layer of the reason; invalid when all fits
};

/// What a plan that is complete but for its verdict and hints amounts to.
Judgement judge(const Graph& graph, const ArenaPlan& arena, const WorkingSets& workingSets,
                const Board& board, const MemoryPlan& plan);

}  // namespace mcuprof
