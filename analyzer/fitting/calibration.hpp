#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "analyzer/analysis/calibration.hpp"
#include "analyzer/base/result.hpp"
#include "analyzer/fitting/left_out.hpp"

namespace mcuprof {

/// One measured time, of a whole model or of one layer, beside the terms that the uncalibrated cost
/// model gives it. Cycles, all >= 0.
struct CalibrationRow {
  std::string model;  ///< what is left out together
  std::string label;  ///< "run 12", "run 12 layer 3"
  bool isLayer = false;
  double measured = 0;   ///< > 0
  double compute = 0;    ///< instructions and RAM stalls, with what the core's factor adds to them
  double branches = 0;   ///< with the same
  double flash = 0;      ///< flash stalls
  double fixed = 0;      ///< what no calibration changes: the card
  double operators = 0;  ///< how many pay the runtime's fee
  double band = 0;       ///< relative half width that the kernel tables have by themselves
};

/// What is assumed before anything was measured.
struct CalibrationPrior {
  double boardBand = 0.3;  ///< of the core file
  double layerBand = 0.3;
  double operatorFee = 0;  ///< cycles, of the runtime file
};

enum class CalibrationParameter : std::uint8_t { Scale, Branches, Flash, OperatorFee };
inline constexpr std::size_t kCalibrationParameters = 4;
std::string_view nameOf(CalibrationParameter parameter);

struct FittedParameter {
  CalibrationParameter parameter{};
  bool fitted = false;
  double uncalibrated = 0;
  double value = 0;  ///< the uncalibrated one where it is not fitted
  double low = 0;    ///< of a 90 % interval
  double high = 0;
  std::string why;  ///< it was not fitted
};

struct CalibrationFit {
  std::array<FittedParameter, kCalibrationParameters> parameters;
  Calibration calibration;
  std::vector<double> before;   ///< uncalibrated prediction of each row
  std::vector<double> after;    ///< calibrated on all rows
  std::vector<double> weights;  ///< 1, and less where the row was taken for an outlier
  std::vector<LeftOutModel> leftOut;
  double errorBefore = 0;  ///< mean absolute error of leftOut
  double errorAfter = 0;
  /// Leave-one-model-out, it predicts better than no calibration.
  bool kept = false;
  std::string reason;  ///< why it is not kept
};

/// Fits as few parameters as the rows determine: robust (Huber) regression of relative errors, with
/// a ridge towards the uncalibrated values. A parameter is fitted where the rows halve at least
/// what is not known of it, and where models that were left out come out better by it. An error
/// says why nothing can be fitted.
Result<CalibrationFit> fitCalibration(std::span<const CalibrationRow> rows,
                                      const CalibrationPrior& prior);

}  // namespace mcuprof
