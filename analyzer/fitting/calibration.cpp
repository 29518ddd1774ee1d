#include "analyzer/fitting/calibration.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <map>
#include <optional>

#include "analyzer/fitting/ridge.hpp"

namespace mcuprof {
namespace {

constexpr std::size_t kScale = 0;
constexpr std::size_t kBranches = 1;
constexpr std::size_t kFlash = 2;
constexpr std::size_t kFee = 3;

/// Factors on branches and flash stalls lie between a half and twice with about that probability.
constexpr double kFactorDeviation = 0.4;
/// A parameter is determined where the rows leave at most this share of its deviation.
constexpr double kDetermined = 0.5;
/// A further parameter must lower the error of models left out by at least this share.
constexpr double kWorth = 0.05;
/// Layers below this share of their model say little about how well layers are predicted.
constexpr double kLayerShare = 0.02;
constexpr std::size_t kLayersForABand = 20;

using Mask = std::array<bool, kCalibrationParameters>;

double predictedOf(const CalibrationRow& row, const RidgeSolution& solution, double fee) {
  const auto& x = solution.value;
  const double base = row.compute + row.branches + row.flash;
  return x[kScale] * base + x[kBranches] * row.branches + x[kFlash] * row.flash +
         (fee + x[kFee]) * row.operators + row.fixed;
}

double uncalibrated(const CalibrationRow& row, const CalibrationPrior& prior) {
  return row.compute + row.branches + row.flash + row.fixed + prior.operatorFee * row.operators;
}

/// The regression over some rows, and what it says of whole models.
class Fitter {
 public:
  Fitter(std::span<const CalibrationRow> rows, const CalibrationPrior& prior)
      : m_rows(rows), m_prior(prior) {
    for (std::size_t i = 0; i < rows.size(); ++i) m_models[rows[i].model].push_back(i);
    for (const auto& [model, members] : m_models)
      for (const std::size_t i : members) m_totals[model] += uncalibrated(rows[i], prior);
  }

  std::size_t models() const { return m_models.size(); }

  /// Deviations of the parameters before any row was seen.
  std::array<double, kCalibrationParameters> priorDeviation() const {
    return {m_prior.boardBand / kNinety, kFactorDeviation, kFactorDeviation,
            std::max(300.0, m_prior.operatorFee)};
  }

  /// From all rows but those of a model.
  RidgeSolution solve(const Mask& mask, const std::string& without = {}) const {
    RidgeProblem problem;
    problem.centre = {1, 0, 0, 0};
    problem.deviation = priorDeviation();
    problem.active = mask;
    for (const CalibrationRow& row : m_rows) {
      if (!without.empty() && row.model == without) continue;
      // A layer of few cycles is judged by the model that it is a part of.
      const double own = uncalibrated(row, m_prior);
      const double size = std::hypot(own, kLayerShare * m_totals.at(row.model));
      problem.rows.push_back(
          {{(row.compute + row.branches + row.flash) / size, row.branches / size, row.flash / size,
            row.operators / size},
           (row.measured - row.fixed - m_prior.operatorFee * row.operators) / size});
    }
    return solveRidge(problem);
  }

  std::vector<LeftOutModel> leaveOneOut(const Mask& mask) const {
    std::vector<LeftOutModel> out;
    for (const auto& [model, members] : m_models) {
      const RidgeSolution solution = solve(mask, model);
      double measured = 0;
      double before = 0;
      double after = 0;
      for (const std::size_t i : members) {
        measured += m_rows[i].measured;
        before += uncalibrated(m_rows[i], m_prior);
        after += predictedOf(m_rows[i], solution, m_prior.operatorFee);
      }
      out.push_back({model, before / measured - 1, after / measured - 1});
    }
    return out;
  }

  /// Half width that layers have by themselves: what is left of their errors when that of their
  /// model is taken off, above what the kernel tables say of theirs. Nothing where few were timed.
  std::optional<double> layerBand(const Mask& mask) const {
    std::vector<double> errors;
    for (const auto& [model, members] : m_models) {
      const RidgeSolution solution = solve(mask, model);
      double measured = 0;
      double predicted = 0;
      for (const std::size_t i : members) {
        if (!m_rows[i].isLayer) continue;
        measured += m_rows[i].measured;
        predicted += predictedOf(m_rows[i], solution, m_prior.operatorFee);
      }
      for (const std::size_t i : members) {
        const CalibrationRow& row = m_rows[i];
        if (!row.isLayer || row.measured < kLayerShare * measured || predicted <= 0) continue;
        const double own = predictedOf(row, solution, m_prior.operatorFee) * measured / predicted;
        const double error = row.measured / own - 1;
        errors.push_back(std::sqrt(std::max(0.0, error * error - row.band * row.band)));
      }
    }
    if (errors.size() < kLayersForABand) return std::nullopt;
    const auto ninth = errors.begin() + static_cast<std::ptrdiff_t>(errors.size() * 9 / 10);
    std::nth_element(errors.begin(), ninth, errors.end());
    return *ninth;
  }

  /// Least and most share that a term has of the rows' cycles.
  std::pair<double, double> shareOf(std::size_t parameter) const {
    double least = 1;
    double most = 0;
    for (const CalibrationRow& row : m_rows) {
      const double part = parameter == kBranches ? row.branches
                          : parameter == kFlash  ? row.flash
                                                 : row.operators * priorDeviation()[kFee];
      const double share = part / std::max(1.0, uncalibrated(row, m_prior));
      least = std::min(least, share);
      most = std::max(most, share);
    }
    return {least, most};
  }

 private:
  std::span<const CalibrationRow> m_rows;
  const CalibrationPrior& m_prior;
  std::map<std::string, std::vector<std::size_t>> m_models;
  std::map<std::string, double> m_totals;
};

std::string whyNot(const Fitter& fitter, std::size_t parameter, bool determined) {
  if (determined) return "models that are left out do not come out better by it";
  const auto [least, most] = fitter.shareOf(parameter);
  if (parameter == kFee) {
    return fmt::format("it is at most {:.1f} % of a row's cycles", 100 * most);
  }
  if (most < 0.05) {
    return fmt::format("the term is at most {:.1f} % of a row's cycles", 100 * most);
  }
  return fmt::format(
      "the rows cannot tell it from the scale: its share is {:.0f} to {:.0f} % in all", 100 * least,
      100 * most);
}

void describe(CalibrationFit& fit, const Fitter& fitter, const CalibrationPrior& prior,
              const Mask& mask, const Mask& determined) {
  const RidgeSolution solution = fitter.solve(mask);
  const double scale = solution.value[kScale];
  for (std::size_t i = 0; i < kCalibrationParameters; ++i) {
    FittedParameter& p = fit.parameters[i];
    p.parameter = static_cast<CalibrationParameter>(i);
    p.fitted = mask[i];
    p.uncalibrated = i == kFee ? prior.operatorFee : 1;
    p.value = p.low = p.high = p.uncalibrated;
    if (!mask[i]) {
      p.why = whyNot(fitter, i, determined[i]);
      continue;
    }
    double deviation = std::sqrt(solution.covariance[i][i]);
    if (i == kScale) {
      p.value = scale;
    } else if (i == kFee) {
      p.value = std::max(0.0, prior.operatorFee + solution.value[kFee]);
    } else {
      // The regression is of value * scale, the parameter of the value.
      const double x = solution.value[i];
      p.value = std::max(0.0, 1 + x / scale);
      const double bySelf = 1 / scale;
      const double byScale = -x / (scale * scale);
      deviation =
          std::sqrt(std::max(0.0, bySelf * bySelf * solution.covariance[i][i] +
                                      2 * bySelf * byScale * solution.covariance[i][kScale] +
                                      byScale * byScale * solution.covariance[kScale][kScale]));
    }
    const double half = studentT(solution.freedom) * deviation;
    p.low = std::max(0.0, p.value - half);
    p.high = p.value + half;
  }
  Calibration& c = fit.calibration;
  c.scale = fit.parameters[kScale].value;
  c.branches = fit.parameters[kBranches].value;
  c.flash = fit.parameters[kFlash].value;
  if (mask[kFee]) c.operatorFee = fit.parameters[kFee].value;
  fit.weights = solution.weights;
}

}  // namespace

std::string_view nameOf(CalibrationParameter parameter) {
  switch (parameter) {
    case CalibrationParameter::Scale:
      return "scale";
    case CalibrationParameter::Branches:
      return "branches";
    case CalibrationParameter::Flash:
      return "flash stalls";
    case CalibrationParameter::OperatorFee:
      return "operator fee";
  }
  return "";
}

Result<CalibrationFit> fitCalibration(std::span<const CalibrationRow> rows,
                                      const CalibrationPrior& prior) {
  const Fitter fitter(rows, prior);
  if (fitter.models() < 2) {
    return Error{
        "", fmt::format("under-determined: runs of at least 2 models are needed, so that each "
                        "can be predicted from the others; there {} of {}",
                        rows.size() == 1 ? "is 1 row" : fmt::format("are {} rows", rows.size()),
                        rows.empty() ? "none" : rows.front().model)};
  }
  const auto deviation = fitter.priorDeviation();
  const auto isDetermined = [&](const RidgeSolution& solution, std::size_t i) {
    return std::sqrt(solution.covariance[i][i]) <= kDetermined * deviation[i];
  };
  Mask best{true, false, false, false};
  if (const RidgeSolution scale = fitter.solve(best); !isDetermined(scale, kScale)) {
    return Error{"",
                 fmt::format("under-determined: after {} rows the scale of the board is known to "
                             "+-{:.0f} % only",
                             rows.size(), 100 * kNinety * std::sqrt(scale.covariance[0][0]))};
  }
  CalibrationFit fit;
  fit.leftOut = fitter.leaveOneOut(best);
  double score = errorScore(fit.leftOut, &LeftOutModel::after);
  Mask determined{true, false, false, false};
  // Fewer parameters first, so that each further one has to earn its place.
  for (int count = 1; count <= 3; ++count) {
    for (unsigned bits = 1; bits < 8; ++bits) {
      const Mask mask{true, (bits & 1) != 0, (bits & 2) != 0, (bits & 4) != 0};
      if (std::ranges::count(mask, true) != count + 1) continue;
      const RidgeSolution solution = fitter.solve(mask);
      bool all = true;
      for (std::size_t i = 0; i < kCalibrationParameters; ++i) {
        if (!mask[i]) continue;
        const bool known = isDetermined(solution, i);
        if (count == 1 && i != kScale) determined[i] = known;
        all = all && known;
      }
      if (!all) continue;
      auto leftOut = fitter.leaveOneOut(mask);
      const double error = errorScore(leftOut, &LeftOutModel::after);
      if (error >= (1 - kWorth) * score) continue;
      best = mask;
      score = error;
      fit.leftOut = std::move(leftOut);
    }
  }
  describe(fit, fitter, prior, best, determined);
  const RidgeSolution solution = fitter.solve(best);
  for (const CalibrationRow& row : rows) {
    fit.before.push_back(uncalibrated(row, prior));
    fit.after.push_back(predictedOf(row, solution, prior.operatorFee));
  }
  fit.errorBefore = meanError(fit.leftOut, &LeftOutModel::before);
  fit.errorAfter = meanError(fit.leftOut, &LeftOutModel::after);
  fit.kept = isWorthKeeping(fit.leftOut);
  if (!fit.kept) fit.reason = reasonAgainstKeeping(fit.leftOut);
  fit.calibration.boardBand = earnedBand(fit.leftOut, prior.boardBand);
  fit.calibration.layerBand = prior.layerBand;
  if (const auto band = fitter.layerBand(best)) {
    fit.calibration.layerBand = std::min(prior.layerBand, std::max(kLeastBand, *band));
  }
  return fit;
}

}  // namespace mcuprof
