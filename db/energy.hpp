#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <vector>

namespace mcuprof::db {

/// Energy of one execution of a layer, or of one whole inference, from a block of executions back
/// to back. The interval (90 %) is of sampling and alignment; the meter's own accuracy is not in
/// it.
struct BlockEnergy {
  std::int64_t executions = 0;
  std::int64_t samples = 0;  ///< that lie wholly within the block
  double seconds = 0;        ///< of the block
  double joules = 0;         ///< of one execution
  double joulesLow = 0;
  double joulesHigh = 0;
  double averageWatts = 0;
  double peakWatts = 0;  ///< largest sample
  friend bool operator==(const BlockEnergy&, const BlockEnergy&) = default;
};

struct LayerEnergy {
  std::int32_t number = 0;  ///< of the layer, from 1
  BlockEnergy block;
  friend bool operator==(const LayerEnergy&, const LayerEnergy&) = default;
};

/// What a power meter measured in a run, or why it did not.
struct RunEnergy {
  std::string meter;         ///< "lpm01a", "ppk2", "csv"
  std::string meterDetail;   ///< what it said of itself
  double supplyVolts = 0;    ///< by which currents became powers
  std::string supplySource;  ///< "set on the meter", "probe", "board file"
  double sampleHz = 0;
  std::int64_t samples = 0;
  std::int64_t missing = 0;
  std::int64_t overloads = 0;
  std::string alignment = "none";  ///< "trigger", "events", "correlation"
  double alignmentQuality = 0;     ///< 0 to 1
  double alignmentSeconds = 0;
  double driftPpm = 0;
  std::optional<double> idleBeforeWatts;
  std::optional<double> idleAfterWatts;
  std::optional<BlockEnergy> inference;
  std::vector<LayerEnergy> layers;
  std::string findings;
  std::string trouble;           ///< why there are no figures; empty when there are
  std::vector<std::byte> trace;  ///< as packTrace() makes it; empty in a run that was loaded
  friend bool operator==(const RunEnergy&, const RunEnergy&) = default;
};

}  // namespace mcuprof::db
