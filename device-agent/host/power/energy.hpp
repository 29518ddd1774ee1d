#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "analyzer/base/result.hpp"
#include "device-agent/host/power/alignment.hpp"
#include "device-agent/host/power/recorder.hpp"
#include "device-agent/host/power/timeline.hpp"

namespace mcuprof {

/// Energy of one execution, from a block of them. The interval (90 %) is of sampling and alignment.
struct BlockEnergyFigure {
  std::uint32_t executions = 0;
  std::size_t samples = 0;  ///< wholly within the block
  double seconds = 0;       ///< of the block, by the core's clock
  double joules = 0;
  double joulesLow = 0;
  double joulesHigh = 0;
  double averageWatts = 0;
  double peakWatts = 0;
};

struct EnergyMeasurement {
  Alignment alignment;
  double sampleHz = 0;
  std::uint64_t overloads = 0;
  std::optional<double> idleBeforeWatts;
  std::optional<double> idleAfterWatts;
  std::vector<std::optional<BlockEnergyFigure>>
      blocks;  ///< as the timeline's; none: no sample in it
  std::vector<std::string> findings;
};

/// Samples that a block should have at least.
constexpr std::size_t kWantedSamples = 20;

/// What the samples say of each block. `volts` turns currents into powers. Aligns by the trigger
/// where there is one that fits, else by correlation. Errors: no samples, no alignment.
Result<EnergyMeasurement> measureEnergy(const PowerRecording& recording, double volts,
                                        const std::vector<MarkedBlock>& blocks, double gap,
                                        double lead);

}  // namespace mcuprof
