#include "analyzer/fitting/least_squares.hpp"

#include <Eigen/Dense>
#include <algorithm>
#include <cmath>
#include <numeric>

namespace mcuprof {
namespace {

using Matrix = Eigen::MatrixXd;
using Vector = Eigen::VectorXd;

/// A term is dropped when it is nowhere more than this share of what was counted.
constexpr double kNegligible = 1.5e-3;

/// Lawson and Hanson's algorithm (Solving Least Squares Problems, 1974, chapter 23): terms enter
/// one by one, the one that reduces the error fastest first, and leave when they would turn
/// negative.
Vector solveNonNegative(const Matrix& a, const Vector& b) {
  const Eigen::Index terms = a.cols();
  Vector x = Vector::Zero(terms);
  std::vector<Eigen::Index> active;
  std::vector<bool> isActive(static_cast<std::size_t>(terms), false);
  const double tolerance = 1e-10 * std::max(1.0, b.norm());

  const auto solveActive = [&] {
    Matrix chosen(a.rows(), static_cast<Eigen::Index>(active.size()));
    for (std::size_t i = 0; i < active.size(); ++i) {
      chosen.col(static_cast<Eigen::Index>(i)) = a.col(active[i]);
    }
    return Vector(chosen.householderQr().solve(b));
  };

  for (Eigen::Index turn = 0; turn < 3 * terms + 30; ++turn) {
    const Vector gradient = a.transpose() * (b - a * x);
    Eigen::Index best = -1;
    for (Eigen::Index i = 0; i < terms; ++i) {
      if (isActive[static_cast<std::size_t>(i)] || gradient[i] <= tolerance) continue;
      if (best < 0 || gradient[i] > gradient[best]) best = i;
    }
    if (best < 0 || static_cast<Eigen::Index>(active.size()) >= a.rows()) break;
    active.push_back(best);
    isActive[static_cast<std::size_t>(best)] = true;

    Vector solution = solveActive();
    // A term that depends on the active ones does not solve anything: leave it out for good.
    if (!solution.allFinite() || solution[solution.size() - 1] <= 0) {
      active.pop_back();
      isActive[static_cast<std::size_t>(best)] = true;
      if (active.empty()) continue;
      solution = solveActive();
    }
    while (solution.size() > 0 && solution.minCoeff() <= 0) {
      double step = 1;
      for (std::size_t i = 0; i < active.size(); ++i) {
        const double target = solution[static_cast<Eigen::Index>(i)];
        const double now = x[active[i]];
        if (target <= 0) step = std::min(step, now / (now - target));
      }
      std::vector<Eigen::Index> kept;
      for (std::size_t i = 0; i < active.size(); ++i) {
        const Eigen::Index term = active[i];
        x[term] += step * (solution[static_cast<Eigen::Index>(i)] - x[term]);
        if (x[term] > 1e-14) {
          kept.push_back(term);
        } else {
          x[term] = 0;
          isActive[static_cast<std::size_t>(term)] = false;
        }
      }
      if (kept.size() == active.size()) break;
      active = std::move(kept);
      solution = active.empty() ? Vector() : solveActive();
    }
    x.setZero();
    for (std::size_t i = 0; i < active.size(); ++i) {
      x[active[i]] = std::max(0.0, solution[static_cast<Eigen::Index>(i)]);
    }
  }
  return x;
}

double toSixDigits(double value) {
  if (value == 0) return 0;
  const double scale = std::pow(10.0, 5 - std::floor(std::log10(std::abs(value))));
  return std::round(value * scale) / scale;
}

bool meetsAll(const Observations& observations, const std::vector<double>& coefficients) {
  for (std::size_t i = 0; i < observations.size(); ++i) {
    const auto row = observations.row(i);
    const double predicted = std::inner_product(row.begin(), row.end(), coefficients.begin(), 0.0);
    if (std::abs(predicted - observations.counted[i]) > 0.5) return false;
  }
  return true;
}

/// Relative errors in matrix form, each term scaled to at most 1.
struct Problem {
  explicit Problem(const Observations& from) : observations(from) {
    const auto rows = static_cast<Eigen::Index>(from.size());
    const auto terms = static_cast<Eigen::Index>(from.terms);
    fit.coefficients.assign(from.terms, 0);
    // What is 0 for some shapes is weighed by the size it has for others.
    std::vector<double> sorted = from.counted;
    std::sort(sorted.begin(), sorted.end());
    const double floor = sorted.empty() || sorted.front() > 0
                             ? 1e-9
                             : std::max(1.0, 0.01 * sorted[sorted.size() / 2]);
    a.resize(rows, terms);
    b.resize(rows);
    for (Eigen::Index i = 0; i < rows; ++i) {
      const double counted = from.counted[static_cast<std::size_t>(i)];
      const double weight = 1 / std::max(floor, counted);
      const auto row = from.row(static_cast<std::size_t>(i));
      for (Eigen::Index j = 0; j < terms; ++j) a(i, j) = row[static_cast<std::size_t>(j)] * weight;
      b[i] = counted * weight;
    }
    scale = a.cwiseAbs().colwise().maxCoeff();
    for (Eigen::Index j = 0; j < terms; ++j) {
      if (scale[j] == 0) scale[j] = 1;
      a.col(j) /= scale[j];
    }
    // A triangle as wide as there are terms has the same solutions and is much smaller.
    if (rows > terms + 1) {
      Matrix joined(rows, terms + 1);
      joined << a, b;
      const Matrix upper = Matrix(joined.householderQr().matrixQR().topRows(terms + 1))
                               .triangularView<Eigen::Upper>();
      a = upper.leftCols(terms);
      b = upper.col(terms);
    }
  }

  void take(const Vector& x) {
    solution = x;
    for (Eigen::Index j = 0; j < x.size(); ++j) {
      fit.coefficients[static_cast<std::size_t>(j)] = x[j] / scale[j];
    }
  }

  /// Makes the coefficients whole when that meets every observation.
  bool snap() {
    std::vector<double> whole = fit.coefficients;
    std::size_t used = 0;
    for (double& coefficient : whole) {
      coefficient = std::round(coefficient);
      used += coefficient != 0;
    }
    // Meeting hardly more observations than there are coefficients proves nothing.
    if (observations.size() < used + 3 || !meetsAll(observations, whole)) return false;
    fit.coefficients = std::move(whole);
    fit.exact = true;
    return true;
  }

  /// Terms that somewhere are more than a negligible share; a scaled term is nowhere above 1.
  std::vector<Eigen::Index> worthKeeping() const {
    std::vector<Eigen::Index> kept;
    for (Eigen::Index j = 0; j < solution.size(); ++j) {
      if (solution[j] > kNegligible) kept.push_back(j);
    }
    return kept;
  }

  Fit rounded() {
    for (double& coefficient : fit.coefficients) coefficient = toSixDigits(coefficient);
    return fit;
  }

  const Observations& observations;
  Matrix a;
  Vector b;
  Vector scale;
  Vector solution;
  Fit fit;
};

}  // namespace

void Observations::add(std::span<const double> row, double count) {
  values.insert(values.end(), row.begin(), row.end());
  counted.push_back(count);
}

double Fit::predict(std::span<const double> row) const {
  return std::inner_product(row.begin(), row.end(), coefficients.begin(), 0.0);
}

Fit fitNonNegative(const Observations& observations) {
  Problem problem(observations);
  problem.take(solveNonNegative(problem.a, problem.b));
  if (problem.snap()) return problem.fit;
  const std::vector<Eigen::Index> kept = problem.worthKeeping();
  if (!kept.empty() && static_cast<Eigen::Index>(kept.size()) < problem.a.cols()) {
    Matrix fewer(problem.a.rows(), static_cast<Eigen::Index>(kept.size()));
    for (std::size_t i = 0; i < kept.size(); ++i) {
      fewer.col(static_cast<Eigen::Index>(i)) = problem.a.col(kept[i]);
    }
    const Vector solved = solveNonNegative(fewer, problem.b);
    Vector x = Vector::Zero(problem.a.cols());
    for (std::size_t i = 0; i < kept.size(); ++i) {
      x[kept[i]] = solved[static_cast<Eigen::Index>(i)];
    }
    problem.take(x);
    if (problem.snap()) return problem.fit;
  }
  return problem.rounded();
}

Fit fitSigned(const Observations& observations) {
  Problem problem(observations);
  Eigen::ColPivHouseholderQR<Matrix> factors(problem.a);
  factors.setThreshold(1e-9);
  problem.take(factors.solve(problem.b));
  if (problem.snap()) return problem.fit;
  return problem.rounded();
}

}  // namespace mcuprof
