#pragma once

#include <cstddef>
#include <span>
#include <vector>

namespace mcuprof {

/// Observations of a sum of terms: one row of term values each, and what was counted.
struct Observations {
  std::size_t terms = 0;
  std::vector<double> values;  ///< row by row
  std::vector<double> counted;

  std::size_t size() const { return counted.size(); }
  std::span<const double> row(std::size_t index) const {
    return {values.data() + index * terms, terms};
  }
  void add(std::span<const double> row, double count);
};

struct Fit {
  std::vector<double> coefficients;  ///< one a term
  /// Every observation is met, with whole coefficients.
  bool exact = false;

  double predict(std::span<const double> row) const;
};

/// Coefficients, none negative, with the least sum of squared relative errors: instructions are
/// only ever added, and a sum of positive terms behaves when it is asked about larger shapes. Terms
/// that nowhere contribute much are dropped. Coefficients that come out whole and meet every
/// observation are made whole; others are kept to six digits. Same observations, same result.
Fit fitNonNegative(const Observations& observations);

/// The same without a bound on the signs: a loop of n turns branches n - 1 times. Where terms
/// depend on each other some are left out.
Fit fitSigned(const Observations& observations);

}  // namespace mcuprof
