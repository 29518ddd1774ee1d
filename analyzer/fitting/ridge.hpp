#pragma once

#include <array>
#include <cstddef>
#include <vector>

namespace mcuprof {

/// Coefficients that a robust ridge regression is over.
inline constexpr std::size_t kRidgeTerms = 4;

struct RidgeRow {
  std::array<double, kRidgeTerms> terms{};
  double target = 0;  ///< in the same unit; errors count absolutely
};

/// target = sum of value * term + error, where each value lies about `centre` before any row was
/// seen.
struct RidgeProblem {
  std::vector<RidgeRow> rows;
  std::array<double, kRidgeTerms> centre{};
  std::array<double, kRidgeTerms> deviation{};  ///< > 0
  std::array<bool, kRidgeTerms> active{};       ///< the others stay at their centre
};

struct RidgeSolution {
  std::array<double, kRidgeTerms> value{};
  std::array<std::array<double, kRidgeTerms>, kRidgeTerms>
      covariance{};             ///< 0 of what is not active
  std::vector<double> weights;  ///< of the rows: 1, less for outliers (Huber)
  double sigma = 0;             ///< deviation of the errors
  std::size_t freedom = 1;      ///< degrees of freedom behind sigma, at least 1
};

/// Maximum of the posterior under Huber's loss, by reweighted least squares. Same rows, same
/// result.
RidgeSolution solveRidge(const RidgeProblem& problem);

}  // namespace mcuprof
