#include "analyzer/fitting/power_calibration.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <map>

#include "analyzer/fitting/ridge.hpp"

namespace mcuprof {
namespace {

/// The factor is determined where the rows leave at most this share of its deviation.
constexpr double kDetermined = 0.5;

/// From all rows but those of a model.
RidgeSolution solve(std::span<const PowerRow> rows, double deviation,
                    const std::string& without = {}) {
  RidgeProblem problem;
  problem.centre[0] = 1;
  problem.deviation.fill(1);
  problem.deviation[0] = deviation;
  problem.active[0] = true;
  for (const PowerRow& row : rows) {
    if (without.empty() || row.model != without) {
      problem.rows.push_back({{1}, row.measured / row.predicted});
    }
  }
  return solveRidge(problem);
}

std::vector<LeftOutModel> leaveOneOut(std::span<const PowerRow> rows, double deviation) {
  std::map<std::string, std::vector<double>> ratios;
  for (const PowerRow& row : rows) ratios[row.model].push_back(row.predicted / row.measured);
  std::vector<LeftOutModel> out;
  for (const auto& [model, own] : ratios) {
    double before = 0;
    for (const double ratio : own) before += ratio / static_cast<double>(own.size());
    out.push_back({model, before - 1, solve(rows, deviation, model).value[0] * before - 1});
  }
  return out;
}

}  // namespace

Result<PowerFit> fitPower(std::span<const PowerRow> rows, double priorBand) {
  const auto isOther = [&](const PowerRow& row) { return row.model != rows.front().model; };
  if (rows.empty()) return Error{"", "no run has a measured energy"};
  if (std::ranges::none_of(rows, isOther)) {
    return Error{"", fmt::format("under-determined: energies of at least 2 models are needed, so "
                                 "that each can be predicted from the others; there {} of {}",
                                 rows.size() == 1 ? "is 1" : fmt::format("are {}", rows.size()),
                                 rows.front().model)};
  }
  const double deviation = priorBand / kNinety;
  const RidgeSolution solution = solve(rows, deviation);
  const double left = std::sqrt(solution.covariance[0][0]);
  if (left > kDetermined * deviation) {
    return Error{"", fmt::format("under-determined: after {} energies the power is known to "
                                 "+-{:.0f} % only",
                                 rows.size(), 100 * kNinety * left)};
  }
  PowerFit fit;
  fit.value = solution.value[0];
  const double half = studentT(solution.freedom) * left;
  fit.low = std::max(0.0, fit.value - half);
  fit.high = fit.value + half;
  fit.weights = solution.weights;
  fit.leftOut = leaveOneOut(rows, deviation);
  fit.errorBefore = meanError(fit.leftOut, &LeftOutModel::before);
  fit.errorAfter = meanError(fit.leftOut, &LeftOutModel::after);
  fit.band = earnedBand(fit.leftOut, priorBand);
  fit.kept = isWorthKeeping(fit.leftOut);
  if (!fit.kept) fit.reason = reasonAgainstKeeping(fit.leftOut);
  return fit;
}

}  // namespace mcuprof
