#pragma once

#include <cstddef>
#include <cstdint>
#include <span>
#include <vector>

#include "db/energy.hpp"
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

/// Of each block what ran in it: the number of a layer, or 0 for whole inferences, which come
/// first. A run stores energies, not places, so blocks are told by their order; empty unless there
/// is one for each energy of the run, as long as that says.
std::vector<std::int32_t> layersOfBlocks(std::span<const TraceBlock> blocks, const RunEnergy& run);

}  // namespace mcuprof::db
