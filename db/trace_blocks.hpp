#pragma once

#include <cstddef>
#include <vector>

#include "db/energy_trace.hpp"

namespace mcuprof::db {

/// Samples [first, last) in a row whose trigger input is on: a block of executions.
struct TraceBlock {
  std::size_t first = 0;
  std::size_t last = 0;
  double seconds = 0;
  double joules = 0;
  double averageWatts = 0;
  double peakWatts = 0;  ///< largest sample
};

/// In order; a trace without trigger input has none.
std::vector<TraceBlock> blocksOf(const EnergyTrace& trace);

/// The same figures of any samples [first, last), which lie within the trace.
TraceBlock sumOf(const EnergyTrace& trace, std::size_t first, std::size_t last);

}  // namespace mcuprof::db
