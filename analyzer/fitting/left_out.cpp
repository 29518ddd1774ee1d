#include "analyzer/fitting/left_out.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <cmath>

namespace mcuprof {
namespace {

constexpr double kMostError = 0.5;
/// Below this share of what is measured, no measurement tells better from worse.
constexpr double kLeastGain = 0.0005;

double medianOf(std::vector<double> values) {
  const auto middle = values.begin() + static_cast<std::ptrdiff_t>(values.size() / 2);
  std::nth_element(values.begin(), middle, values.end());
  if (values.size() % 2 == 1) return *middle;
  return (*middle + *std::max_element(values.begin(), middle)) / 2;
}

double meanOfCapped(std::span<const LeftOutModel> models, double LeftOutModel::*error,
                    double most) {
  double sum = 0;
  for (const LeftOutModel& model : models) sum += std::min(most, std::abs(model.*error));
  return sum / static_cast<double>(models.size());
}

}  // namespace

double meanError(std::span<const LeftOutModel> models, double LeftOutModel::*error) {
  return meanOfCapped(models, error, HUGE_VAL);
}

double errorScore(std::span<const LeftOutModel> models, double LeftOutModel::*error) {
  return meanOfCapped(models, error, kMostError);
}

bool isWorthKeeping(std::span<const LeftOutModel> models) {
  return errorScore(models, &LeftOutModel::after) + kLeastGain <
         errorScore(models, &LeftOutModel::before);
}

std::string reasonAgainstKeeping(std::span<const LeftOutModel> models) {
  return fmt::format(
      "models that are left out come out no better: {:.1f} % without, {:.1f} % with calibration",
      100 * meanError(models, &LeftOutModel::before),
      100 * meanError(models, &LeftOutModel::after));
}

double earnedBand(std::span<const LeftOutModel> models, double before) {
  std::vector<double> errors;
  double squares = 0;
  for (const LeftOutModel& model : models) {
    errors.push_back(std::abs(model.after));
    squares += model.after * model.after;
  }
  const double count = static_cast<double>(models.size());
  double band = std::sqrt(1 + 1 / count);
  if (models.size() < 5) {
    // Of few models each counts; of more, one that is far off should not.
    band *= studentT(models.size()) * std::sqrt(squares / count);
  } else {
    // A median says as much about the deviation as 0.37 times as many squares do.
    band *= studentT(static_cast<std::size_t>(0.37 * count)) * 1.4826 * medianOf(std::move(errors));
  }
  return std::min(before, std::max(kLeastBand, band));
}

double studentT(std::size_t freedom) {
  constexpr std::array<double, 30> kTable = {6.314, 2.920, 2.353, 2.132, 2.015, 1.943, 1.895, 1.860,
                                             1.833, 1.812, 1.796, 1.782, 1.771, 1.761, 1.753, 1.746,
                                             1.740, 1.734, 1.729, 1.725, 1.721, 1.717, 1.714, 1.711,
                                             1.708, 1.706, 1.703, 1.701, 1.699, 1.697};
  if (freedom == 0) return kTable.front();
  return freedom <= kTable.size() ? kTable[freedom - 1] : kNinety;
}

}  // namespace mcuprof
