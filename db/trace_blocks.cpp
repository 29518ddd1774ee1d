#include "db/trace_blocks.hpp"

#include <algorithm>

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

}  // namespace mcuprof::db
