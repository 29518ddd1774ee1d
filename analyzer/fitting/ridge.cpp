#include "analyzer/fitting/ridge.hpp"

#include <algorithm>
#include <cmath>

namespace mcuprof {
namespace {

using Vector = std::array<double, kRidgeTerms>;
using Matrix = std::array<Vector, kRidgeTerms>;

/// Errors up to so many deviations count as squares, larger ones in proportion (95 % efficiency
/// where all is normal).
constexpr double kHuber = 1.345;
/// Before any row was seen the errors are taken for this large, with the weight of so many rows.
constexpr double kPriorSigma = 0.05;
constexpr double kPriorRows = 2;
constexpr double kLeastSigma = 0.005;
constexpr int kIterations = 50;
constexpr double kSettled = 1e-9;

/// Inverse of a symmetric positive definite matrix, by Gauss and Jordan.
Matrix inverseOf(Matrix a) {
  Matrix inverse{};
  for (std::size_t i = 0; i < kRidgeTerms; ++i) inverse[i][i] = 1;
  for (std::size_t column = 0; column < kRidgeTerms; ++column) {
    std::size_t pivot = column;
    for (std::size_t row = column; row < kRidgeTerms; ++row)
      if (std::abs(a[row][column]) > std::abs(a[pivot][column])) pivot = row;
    std::swap(a[pivot], a[column]);
    std::swap(inverse[pivot], inverse[column]);
    const double lead = a[column][column];
    for (std::size_t i = 0; i < kRidgeTerms; ++i) {
      a[column][i] /= lead;
      inverse[column][i] /= lead;
    }
    for (std::size_t row = 0; row < kRidgeTerms; ++row) {
      if (row == column) continue;
      const double factor = a[row][column];
      for (std::size_t i = 0; i < kRidgeTerms; ++i) {
        a[row][i] -= factor * a[column][i];
        inverse[row][i] -= factor * inverse[column][i];
      }
    }
  }
  return inverse;
}

double medianAbsolute(const std::vector<double>& values) {
  std::vector<double> sorted;
  sorted.reserve(values.size());
  for (const double value : values) sorted.push_back(std::abs(value));
  std::ranges::sort(sorted);
  const std::size_t middle = sorted.size() / 2;
  return sorted.size() % 2 == 1 ? sorted[middle] : (sorted[middle - 1] + sorted[middle]) / 2;
}

}  // namespace

RidgeSolution solveRidge(const RidgeProblem& problem) {
  RidgeSolution out;
  out.value = problem.centre;
  out.weights.assign(problem.rows.size(), 1);
  const double count = static_cast<double>(problem.rows.size());
  std::size_t active = 0;
  for (const bool used : problem.active) active += used ? 1 : 0;
  out.freedom = std::max<std::size_t>(
      1, problem.rows.size() + static_cast<std::size_t>(kPriorRows) > active
             ? problem.rows.size() + static_cast<std::size_t>(kPriorRows) - active
             : 1);
  std::vector<double> errors(problem.rows.size());
  double sigma = 0.2;
  double before = 0;
  for (int iteration = 0; iteration < kIterations; ++iteration) {
    Matrix information{};
    Vector right{};
    for (std::size_t i = 0; i < kRidgeTerms; ++i) {
      // What is not active is held at its centre by a prior without any width.
      information[i][i] = problem.active[i] ? 1 / (problem.deviation[i] * problem.deviation[i]) : 1;
    }
    for (std::size_t r = 0; r < problem.rows.size(); ++r) {
      const RidgeRow& row = problem.rows[r];
      double rest = row.target;
      for (std::size_t i = 0; i < kRidgeTerms; ++i) rest -= problem.centre[i] * row.terms[i];
      const double weight = out.weights[r] / (sigma * sigma);
      for (std::size_t i = 0; i < kRidgeTerms; ++i) {
        if (!problem.active[i]) continue;
        right[i] += weight * row.terms[i] * rest;
        for (std::size_t j = 0; j < kRidgeTerms; ++j)
          if (problem.active[j]) information[i][j] += weight * row.terms[i] * row.terms[j];
      }
    }
    // Terms differ by orders of magnitude (a fee in cycles, a scale of 1): to one size, and back.
    Vector size{};
    for (std::size_t i = 0; i < kRidgeTerms; ++i) size[i] = 1 / std::sqrt(information[i][i]);
    Matrix scaled = information;
    for (std::size_t i = 0; i < kRidgeTerms; ++i)
      for (std::size_t j = 0; j < kRidgeTerms; ++j) scaled[i][j] *= size[i] * size[j];
    const Matrix inverse = inverseOf(scaled);
    for (std::size_t i = 0; i < kRidgeTerms; ++i) {
      double step = 0;
      for (std::size_t j = 0; j < kRidgeTerms; ++j) {
        out.covariance[i][j] =
            problem.active[i] && problem.active[j] ? inverse[i][j] * size[i] * size[j] : 0;
        step += out.covariance[i][j] * right[j];
      }
      out.value[i] = problem.centre[i] + step;
    }
    for (std::size_t r = 0; r < problem.rows.size(); ++r) {
      errors[r] = problem.rows[r].target;
      for (std::size_t i = 0; i < kRidgeTerms; ++i)
        errors[r] -= out.value[i] * problem.rows[r].terms[i];
    }
    const double spread = problem.rows.empty() ? 0 : 1.4826 * medianAbsolute(errors);
    sigma = std::max(kLeastSigma,
                     std::sqrt((kPriorRows * kPriorSigma * kPriorSigma + count * spread * spread) /
                               (kPriorRows + count)));
    for (std::size_t r = 0; r < problem.rows.size(); ++r) {
      const double far = std::abs(errors[r]) / (kHuber * sigma);
      out.weights[r] = far > 1 ? 1 / far : 1;
    }
    if (std::abs(sigma - before) < kSettled * sigma) break;
    before = sigma;
  }
  out.sigma = sigma;
  return out;
}

}  // namespace mcuprof
