#pragma once

#include <algorithm>

#include "analyzer/base/basis.hpp"

namespace mcuprof {

/// A modelled number with a 90 % interval: of many such estimates, nine in ten hold the true value.
/// An exact number has low == value == high.
struct Estimate {
  double value = 0;
  double low = 0;
  double high = 0;
  Basis basis = Basis::Fitted;

  static Estimate exact(double value, Basis basis = Basis::Counted) {
    return {value, value, value, basis};
  }
  /// `value` with a relative band: [value * (1 - below), value * (1 + above)].
  static Estimate within(double value, double below, double above, Basis basis) {
    return {value, value * (1 - below), value * (1 + above), basis};
  }

  friend bool operator==(const Estimate&, const Estimate&) = default;
};

/// Weakest of two bases, for sums.
constexpr Basis weaker(Basis a, Basis b) {
  return std::max(a, b);
}

}  // namespace mcuprof
