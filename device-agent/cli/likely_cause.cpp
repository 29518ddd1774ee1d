#include "device-agent/cli/likely_cause.hpp"

#include <fmt/format.h>

#include <algorithm>

#include "analyzer/report/text.hpp"
#include "device-agent/cli/kernel_library.hpp"

namespace mcuprof::cli {
namespace {

/// A term of at least this share of a layer's cycles can explain that they are others.
constexpr double kTelling = 0.2;
/// Layers of fewer cycles are mostly the runtime's and the profiler's own work.
constexpr double kFewCycles = 5'000;
/// Kernels for SIMD take four int8 values at once.
constexpr std::int32_t kChannelsAtOnce = 4;

double shareOf(const OpCycles& cycles, CycleTerm term) {
  return cycles.terms[static_cast<std::size_t>(term)] / std::max(1.0, cycles.cycles.value);
}

/// Channels of the input; 0 where the operator has none.
std::int32_t channelsOf(const Graph& graph, const GraphOp& op) {
  if (op.inputs.empty() || !op.inputs[0].tensor.valid()) return 0;
  const Shape& shape = graph.tensors[op.inputs[0].tensor].shape;
  return shape.empty() ? 0 : shape.back();
}

/// Bytes of the cache in front of the memory that the weights are read from; 0 where there is none.
std::int64_t weightCache(const Analysis& analysis) {
  for (const RegionId region : analysis.target->board.memories.ids()) {
    const Memory& memory = analysis.target->board.memories[region];
    if (!memory.use.weights) continue;
    const MemoryTiming timing = timingOf(memory, analysis.cycles.state);
    return timing.dataCached ? timing.dataCacheBytes : 0;
  }
  return 0;
}

}  // namespace

std::string likelyCause(const Analysis& analysis, OpId op, double measured,
                        const std::string& kernelLibrary) {
  const OpCycles& cycles = analysis.cycles.ops[op];
  if (!cycles.known) return fmt::format("no prediction: {}", cycles.unknownReason);
  if (measured >= cycles.cycles.low && measured <= cycles.cycles.high) return {};
  const std::string& library = analysis.target->runtime.library;
  if (!isOfLibrary(kernelLibrary, library)) {
    return kernelLibrary.empty()
               ? "kernels that are not known"
               : fmt::format("{} kernels, predicted as {}", kernelLibrary, library);
  }
  if (cycles.coarse) return "coarse prediction: a rate, no kernel table";
  if (cycles.outsideFit) return "shape outside the fitted range";
  const bool slower = measured > cycles.cycles.high;
  const GraphOp& graphOp = analysis.graph->ops[op];
  const std::int64_t weights = analysis.workingSets[op].weights.value;
  const std::int64_t cache = weightCache(analysis);
  if (slower && weights > cache &&
      cycles.terms[static_cast<std::size_t>(CycleTerm::FlashStalls)] > 0) {
    return cache > 0 ? fmt::format("weights not cached: {} B, the cache holds {} B",
                                   grouped(weights), grouped(cache))
                     : fmt::format("weights not cached: {} B read from flash", grouped(weights));
  }
  if (!slower && shareOf(cycles, CycleTerm::FlashStalls) >= kTelling)
    return "fewer waits for flash than predicted";
  const std::int32_t channels = channelsOf(*analysis.graph, graphOp);
  const bool multiplies = graphOp.macs && graphOp.macs->value > 0;
  if (slower && multiplies && channels > 0 && channels % kChannelsAtOnce != 0) {
    return fmt::format("small-channel tail: {} channels, no multiple of {}", channels,
                       kChannelsAtOnce);
  }
  if (slower && cycles.cycles.value < kFewCycles)
    return "runtime fee: the operator itself takes few cycles";
  if (slower && shareOf(cycles, CycleTerm::RamStalls) >= kTelling)
    return "more waits for RAM than predicted";
  return {};
}

}  // namespace mcuprof::cli
