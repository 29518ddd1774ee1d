#pragma once

#include <span>
#include <string>
#include <vector>

#include "analyzer/base/result.hpp"
#include "analyzer/fitting/left_out.hpp"

namespace mcuprof {

/// The average power of one run's inferences, measured and as the board's file has it for the clock
/// and the supply voltage of that run. W, both > 0.
struct PowerRow {
  std::string model;  ///< what is left out together
  std::string label;  ///< "run 12"
  double measured = 0;
  double predicted = 0;
};

/// A factor on the predicted power of the computing core and its memories.
struct PowerFit {
  double value = 1;
  double low = 1;  ///< of a 90 % interval
  double high = 1;
  double band = 0;              ///< relative half width of the power's interval that it earned
  std::vector<double> weights;  ///< of the rows: 1, and less where taken for an outlier
  std::vector<LeftOutModel> leftOut;
  double errorBefore = 0;  ///< mean absolute error of leftOut
  double errorAfter = 0;
  /// Leave-one-model-out, it predicts better than no calibration.
  bool kept = false;
  std::string reason;  ///< why it is not kept
};

/// Fits the factor: robust (Huber) regression of relative errors with a ridge towards 1, which the
/// truth misses by at most `priorBand` with 90 %. An error says why the rows do not determine it.
Result<PowerFit> fitPower(std::span<const PowerRow> rows, double priorBand);

}  // namespace mcuprof
