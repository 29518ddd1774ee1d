#pragma once

#include <optional>
#include <string>
#include <vector>

#include "analyzer/report/text.hpp"
#include "db/run.hpp"

namespace mcuprof::cli {

/// Sums over the layers of a run.
struct RunTotals {
  std::int64_t measured = 0;     ///< layers with a time
  std::int64_t notMeasured = 0;  ///< wanted but without
  std::int64_t cycles = 0;       ///< of the medians
  double predicted = 0;          ///< of the measured layers that have a prediction
  std::int64_t compared = 0;     ///< cycles of those layers
  std::int64_t covered = 0;      ///< of them with the median in the predicted interval
  std::int64_t comparable = 0;
  double meanAbsoluteResidual = 0;  ///< over the comparable layers with a prediction above 0
  double bias = 0;                  ///< mean residual of the same layers
  std::int64_t equalOutputs = 0;    ///< layers whose outputs equal the reference's
  std::int64_t wrongOutputs = 0;
  std::int32_t firstWrong = 0;  ///< number of the first of them
};

RunTotals totalsOf(const db::RunRecord& run);

/// By how much the layer took longer than predicted, as a share of the prediction: 0.1 is 10 %
/// longer. Nothing without a time or a prediction above 0.
std::optional<double> residualOf(const db::LayerResult& layer);

/// The energy of a layer, by its number from 1; null where none was measured.
const db::BlockEnergy* energyOf(const db::RunRecord& run, std::int32_t number);

/// Lines of the report about a run's energy; empty for a run without a power meter.
std::string energyText(const db::RunRecord& run, const TextStyle& style);

/// A table of what the DWT's profile counters counted, or why there is none.
std::string countersText(const db::RunRecord& run, const TextStyle& style);

/// "0.123", "12.3", "1 234": microjoules.
std::string microjoules(double joules);
std::string milliwatts(double watts);
/// "-1.2/+1.2 %" of how far the interval reaches.
std::string energyInterval(const db::BlockEnergy& block);

/// "measured", or "virtual" for the virtual board: what a table calls its cycles.
std::string cyclesTitle(db::Provenance provenance);

std::string renderText(const db::RunRecord& run, const TextStyle& style);
std::string renderJson(const db::RunRecord& run);
std::string renderCsv(const db::RunRecord& run);

std::string renderText(const std::vector<db::RunSummary>& runs, const TextStyle& style);
std::string renderJson(const std::vector<db::RunSummary>& runs);
std::string renderCsv(const std::vector<db::RunSummary>& runs);

}  // namespace mcuprof::cli
