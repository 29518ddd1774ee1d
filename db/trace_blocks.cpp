#include "db/trace_blocks.hpp"

#include <algorithm>
#include <cmath>

namespace mcuprof::db {

TraceBlock sumOf(const EnergyTrace& trace, std::size_t first, std::size_t last) {
  TraceBlock out{first, last, static_cast<double>(last - first) / trace.sampleHz, 0, 0, 0};
  double sum = 0;
  for (std::size_t i = first; i < last; ++i) {
    const double watts = trace.watts[i];
    sum += watts;
    out.peakWatts = i == first ? watts : std::max(out.peakWatts, watts);
  }
  out.joules = sum / trace.sampleHz;
  if (last > first) out.averageWatts = sum / static_cast<double>(last - first);
  return out;
}

std::vector<TraceBlock> blocksOf(const EnergyTrace& trace) {
  std::vector<TraceBlock> out;
  const auto begin = trace.marks.begin();
  for (auto from = std::find(begin, trace.marks.end(), true); from != trace.marks.end();) {
    const auto to = std::find(from, trace.marks.end(), false);
    out.push_back(
        sumOf(trace, static_cast<std::size_t>(from - begin), static_cast<std::size_t>(to - begin)));
    from = std::find(to, trace.marks.end(), true);
  }
  return out;
}

std::vector<std::int32_t> layersOfBlocks(std::span<const TraceBlock> blocks, const RunEnergy& run) {
  struct Wanted {
    std::int32_t number;
    double seconds;
  };
  std::vector<Wanted> wanted;
  if (run.inference) wanted.push_back({0, run.inference->seconds});
  for (const LayerEnergy& layer : run.layers) wanted.push_back({layer.number, layer.block.seconds});
  // A sample at either end may be of the pause, and the meter's clock is not the core's.
  const auto agrees = [&](const TraceBlock& block, const Wanted& due) {
    constexpr double kSamples = 2.5;
    constexpr double kClocks = 0.005;
    return std::abs(block.seconds - due.seconds) <= kSamples / run.sampleHz + kClocks * due.seconds;
  };
  std::vector<std::int32_t> out;
  if (!std::ranges::equal(blocks, wanted, agrees)) return out;
  for (const Wanted& due : wanted) out.push_back(due.number);
  return out;
}

}  // namespace mcuprof::db
