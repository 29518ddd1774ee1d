#pragma once

#include <array>
#include <cstdint>
#include <span>
#include <vector>

#include "analyzer/fitting/least_squares.hpp"
#include "analyzer/target/kernel_table.hpp"

namespace mcuprof {

/// Counted / predicted of each observation, predicted by a fit that has not seen it: the
/// observations are dealt into `folds` parts in an order drawn from `seed`. A prediction of 0
/// counts as infinitely wrong unless 0 was counted.
std::vector<double> crossValidate(const Observations& observations, int folds, std::uint64_t seed,
                                  Fit (*method)(const Observations&) = fitNonNegative);

/// The same for the fifth of observations with the largest counts, predicted from the rest: how the
/// fit does beyond what it has seen.
std::vector<double> extrapolate(const Observations& observations);

/// Mean, 95th percentile and worst of |predicted / counted - 1|, percent.
std::array<double, 3> errorsOf(std::span<const double> ratios);

/// Bounds that hold 90 % of new ratios; few ratios give the widest seen, and more.
Spread spreadOf(std::span<const double> ratios);

}  // namespace mcuprof
