#pragma once

#include <functional>
#include <optional>
#include <string>
#include <vector>

#include "analyzer/accuracy/measurement_file.hpp"
#include "analyzer/accuracy/score.hpp"

namespace mcuprof {

/// What the cost model says of one measurement, in cycles: see ScoredRow.
struct Prediction {
  double fixed = 0;
  double scaled = 0;
  double below = 0;
  double above = 0;
  std::string family;  ///< the core, since the factor is the core's
  std::int64_t clockHz = 0;
  double shippedFactor = 1;
};

/// A measurement beside its prediction, or the reason why there is none.
struct JudgedMeasurement {
  Measurement measurement;
  std::optional<Prediction> prediction;
  std::string reason;
  double measuredCycles = 0;   ///< with a prediction
  double predictedCycles = 0;  ///< with the factor that the core's file has
};

/// Measurements of one class of runtime, judged in each mode.
struct AccuracySection {
  RuntimeClass runtimeClass{};
  bool layers = false;
  std::vector<JudgedMeasurement>
      judgements;             ///< those with a prediction; parallel to Score's rows by index
  std::vector<Score> scores;  ///< one a mode
};

struct AccuracyReport {
  std::vector<AccuracySection> sections;
  std::vector<JudgedMeasurement> left;  ///< without a prediction
};

/// Judges measurements. `predict` gives the prediction of one, or the reason why there is none.
AccuracyReport judge(const std::vector<Measurement>& measurements,
                     const std::function<Result<Prediction>(const Measurement&)>& predict);

}  // namespace mcuprof
