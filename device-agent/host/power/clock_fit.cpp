#include "device-agent/host/power/clock_fit.hpp"

#include <algorithm>
#include <cmath>

#include "analyzer/fitting/ridge.hpp"

namespace mcuprof {
namespace {

constexpr std::size_t kOrigin = 0;
constexpr std::size_t kDrift = 1;
constexpr std::size_t kGap = 2;
constexpr std::size_t kFall = 3;

/// One standard deviation of what is not known before any edge was seen.
constexpr double kDriftDeviation = 0.002;
/// Some hundred cycles of a slow core; three times as much is no longer that.
constexpr double kTurnSeconds = 10e-6;
constexpr double kMostTurnSeconds = 30e-6;
/// A meter's filter may take a sample or two to follow.
constexpr double kFilterSamples = 1;
constexpr double kOriginSamples = 1000;
/// Fewer edges than these tell origin and scale only.
constexpr std::size_t kEdgesForTurns = 6;

}  // namespace

void fitClock(std::span<const MatchedEdge> edges, double dt, Alignment& out) {
  const auto count = static_cast<double>(edges.size());
  MatchedEdge mean;
  for (const MatchedEdge& edge : edges) {
    mean.core += edge.core / count;
    mean.meter += edge.meter / count;
    mean.gaps += edge.gaps / count;
  }
  // Everything in samples, which is what edges are known to.
  RidgeProblem problem;
  problem.deviation = {kOriginSamples, kDriftDeviation, kTurnSeconds / dt,
                       kFilterSamples + kTurnSeconds / dt};
  const bool many = edges.size() >= kEdgesForTurns;
  problem.active = {true, true, many, many};
  for (const MatchedEdge& edge : edges) {
    const double core = (edge.core - mean.core) / dt;
    problem.rows.push_back({{1, core, edge.gaps - mean.gaps, edge.intoSleep ? 1.0 : 0.0},
                            (edge.meter - mean.meter) / dt - core});
  }
  auto x = solveRidge(problem).value;
  if (std::abs(x[kGap]) * dt > kMostTurnSeconds) {
    problem.active[kGap] = false;
    x = solveRidge(problem).value;
  }
  out.scale = 1 + x[kDrift];
  out.gap = x[kGap] * dt;
  out.origin = mean.meter + x[kOrigin] * dt - out.scale * mean.core - out.gap * mean.gaps;
  double sum = 0;
  for (const MatchedEdge& edge : edges) {
    const double fall = edge.intoSleep ? x[kFall] * dt : 0;
    const double off = edge.meter - out.at(edge.core, edge.gaps) - fall;
    sum += off * off;
  }
  out.residual = std::sqrt(sum / count);
}

}  // namespace mcuprof
