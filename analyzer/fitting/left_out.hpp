#pragma once

#include <cstddef>
#include <span>
#include <string>
#include <vector>

namespace mcuprof {

/// One model, predicted by a calibration that has not seen it.
struct LeftOutModel {
  std::string model;
  double before = 0;  ///< predicted / measured - 1 without calibration
  double after = 0;
};

/// Mean absolute error.
double meanError(std::span<const LeftOutModel> models, double LeftOutModel::*error);

/// The same to choose by: an error above a half tells of a broken measurement, and more of it
/// counts no more.
double errorScore(std::span<const LeftOutModel> models, double LeftOutModel::*error);

/// Whether the calibration is better for models it has not seen, by more than measurements can
/// tell.
bool isWorthKeeping(std::span<const LeftOutModel> models);

/// Why it is not.
std::string reasonAgainstKeeping(std::span<const LeftOutModel> models);

/// Relative half width of a 90 % interval that the errors of models left out earn: at least 3 %,
/// since copies of a board differ as much, and at most `before`.
double earnedBand(std::span<const LeftOutModel> models, double before);

/// No calibration earns a narrower interval.
inline constexpr double kLeastBand = 0.03;

/// Half width of a 90 % interval over its standard deviation, for a normal distribution.
inline constexpr double kNinety = 1.645;

/// The same for Student's t with so many degrees of freedom, at least 1.
double studentT(std::size_t freedom);

}  // namespace mcuprof
