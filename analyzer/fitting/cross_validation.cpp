#include "analyzer/fitting/cross_validation.hpp"

#include <algorithm>
#include <cmath>
#include <limits>
#include <numeric>

namespace mcuprof {
namespace {

/// Steele, Lea and Flood's SplitMix64: the order must be the same everywhere.
std::uint64_t nextRandom(std::uint64_t& state) {
  state += 0x9e3779b97f4a7c15u;
  std::uint64_t z = state;
  z = (z ^ (z >> 30)) * 0xbf58476d1ce4e5b9u;
  z = (z ^ (z >> 27)) * 0x94d049bb133111ebu;
  return z ^ (z >> 31);
}

double ratio(double counted, double predicted) {
  if (predicted > 0) return counted / predicted;
  return counted == 0 ? 1 : std::numeric_limits<double>::infinity();
}

double roundUp(double value) {
  return std::ceil(value * 1e4) / 1e4;
}

}  // namespace

std::vector<double> crossValidate(const Observations& observations, int folds, std::uint64_t seed,
                                  Fit (*method)(const Observations&)) {
  const std::size_t size = observations.size();
  std::vector<std::size_t> order(size);
  std::iota(order.begin(), order.end(), std::size_t{0});
  for (std::size_t i = size; i > 1; --i) std::swap(order[i - 1], order[nextRandom(seed) % i]);

  std::vector<double> ratios(size, 1);
  const auto parts = static_cast<std::size_t>(folds);
  for (std::size_t fold = 0; fold < parts; ++fold) {
    Observations seen;
    seen.terms = observations.terms;
    for (std::size_t i = 0; i < size; ++i) {
      if (i % parts == fold) continue;
      seen.add(observations.row(order[i]), observations.counted[order[i]]);
    }
    if (seen.size() == 0) continue;
    const Fit fit = method(seen);
    for (std::size_t i = fold; i < size; i += parts) {
      const std::size_t at = order[i];
      ratios[at] = ratio(observations.counted[at], fit.predict(observations.row(at)));
    }
  }
  return ratios;
}

std::vector<double> extrapolate(const Observations& observations) {
  std::vector<double> sorted = observations.counted;
  std::sort(sorted.begin(), sorted.end());
  const double bound = sorted[sorted.size() * 4 / 5];
  Observations small;
  small.terms = observations.terms;
  for (std::size_t i = 0; i < observations.size(); ++i) {
    if (observations.counted[i] < bound) small.add(observations.row(i), observations.counted[i]);
  }
  if (small.size() == 0) return {};
  const Fit fit = fitNonNegative(small);
  std::vector<double> ratios;
  for (std::size_t i = 0; i < observations.size(); ++i) {
    if (observations.counted[i] < bound) continue;
    ratios.push_back(ratio(observations.counted[i], fit.predict(observations.row(i))));
  }
  return ratios;
}

std::array<double, 3> errorsOf(std::span<const double> ratios) {
  if (ratios.empty()) return {};
  std::vector<double> errors;
  errors.reserve(ratios.size());
  for (const double ratio : ratios) errors.push_back(100 * std::abs(1 / ratio - 1));
  std::sort(errors.begin(), errors.end());
  const double mean =
      std::accumulate(errors.begin(), errors.end(), 0.0) / static_cast<double>(errors.size());
  const auto at =
      static_cast<std::size_t>(std::lround(0.95 * static_cast<double>(errors.size() - 1)));
  const auto rounded = [](double value) { return std::round(value * 1e3) / 1e3; };
  return {rounded(mean), rounded(errors[at]), rounded(errors.back())};
}

Spread spreadOf(std::span<const double> ratios) {
  if (ratios.empty()) return {};
  std::vector<double> sorted(ratios.begin(), ratios.end());
  std::sort(sorted.begin(), sorted.end());
  // The k-th smallest of n exceeds a new ratio with chance k / (n + 1); below 19 shapes even the
  // smallest does so more often than in one of twenty, and the deviation is widened in proportion.
  const auto size = static_cast<double>(sorted.size());
  const double rank = 0.05 * (size + 1);
  const auto index = static_cast<std::size_t>(std::max(1.0, std::floor(rank))) - 1;
  const double widen = rank < 1 ? 1 / rank : 1;
  const double below = widen * (1 - sorted[index]);
  const double above = widen * (sorted[sorted.size() - 1 - index] - 1);
  // The counts are of one build, one alignment of tensors and one set of data: unless every shape
  // is met to the instruction, claim nothing finer.
  const bool exact = sorted.front() == 1 && sorted.back() == 1;
  const double least = exact ? 0 : 0.002;
  Spread spread;
  spread.low = std::clamp(1 - roundUp(std::max(least, below)), 0.0, 1.0);
  spread.high = std::clamp(1 + roundUp(std::max(least, above)), 1.0, 100.0);
  return spread;
}

}  // namespace mcuprof
