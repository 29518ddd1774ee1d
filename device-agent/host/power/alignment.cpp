#include "device-agent/host/power/alignment.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <optional>

#include "device-agent/host/power/clock_fit.hpp"

namespace mcuprof {
namespace {

struct Edge {
  double time = 0;
  bool rising = false;
  double gaps = 0;  ///< of one that is wanted: sleeps between blocks before it
};

/// How far a clock may be off between two edges that follow each other.
constexpr double kClockTolerance = 0.02;
/// First edges that are tried as each other's partners. Ahead of the blocks a recording may hold
/// all the passes that were timed before.
constexpr std::size_t kWantedAnchors = 12;
constexpr std::size_t kSeenAnchors = 2000;

std::vector<Edge> seenEdges(std::span<const PowerSample> samples, TriggerKind kind, double dt) {
  std::vector<Edge> edges;
  bool high = !samples.empty() && (samples.front().flags & PowerSample::kTrigger) != 0;
  for (const PowerSample& sample : samples) {
    if (kind == TriggerKind::Events) {
      // It fell while this sample was taken.
      if ((sample.flags & PowerSample::kEvent) != 0) edges.push_back({sample.time + dt / 2, false});
      continue;
    }
    const bool now = (sample.flags & PowerSample::kTrigger) != 0;
    // It changed somewhere since the sample before.
    if (now != high) edges.push_back({sample.time - dt / 2, now});
    high = now;
  }
  return edges;
}

std::vector<Edge> wantedEdges(TriggerKind kind, const CycleTimeline& timeline) {
  std::vector<Edge> edges;
  double gaps = 0;
  for (const TimeSpan& block : timeline.blocks) {
    ++gaps;
    if (kind == TriggerKind::Level) edges.push_back({block.begin, true, gaps});
    edges.push_back({block.end, false, gaps});
  }
  return edges;
}

/// For each wanted edge the seen one that it is, when wanted[anchorWanted] is seen[anchorSeen].
/// Each is looked for from the one before, so that a clock that is off does not add up.
std::vector<std::optional<std::size_t>> follow(const std::vector<Edge>& wanted,
                                               const std::vector<Edge>& seen,
                                               std::size_t anchorWanted, std::size_t anchorSeen,
                                               double dt) {
  std::vector<std::optional<std::size_t>> matches(wanted.size());
  matches[anchorWanted] = anchorSeen;
  const auto walk = [&](int direction) {
    std::size_t lastWanted = anchorWanted;
    std::size_t lastSeen = anchorSeen;
    for (auto i = static_cast<std::ptrdiff_t>(anchorWanted) + direction;
         i >= 0 && i < static_cast<std::ptrdiff_t>(wanted.size()); i += direction) {
      const Edge& edge = wanted[static_cast<std::size_t>(i)];
      const double step = edge.time - wanted[lastWanted].time;
      const double due = seen[lastSeen].time + step;
      const double tolerance = 2.5 * dt + 20e-6 + kClockTolerance * std::abs(step);
      std::optional<std::size_t> best;
      for (auto k = static_cast<std::ptrdiff_t>(lastSeen) + direction;
           k >= 0 && k < static_cast<std::ptrdiff_t>(seen.size()); k += direction) {
        const Edge& candidate = seen[static_cast<std::size_t>(k)];
        const double off = candidate.time - due;
        if (direction * off > tolerance) break;
        if (candidate.rising != edge.rising || std::abs(off) > tolerance) continue;
        if (!best || std::abs(off) < std::abs(seen[*best].time - due)) {
          best = static_cast<std::size_t>(k);
        }
      }
      if (!best) continue;
      matches[static_cast<std::size_t>(i)] = best;
      lastWanted = static_cast<std::size_t>(i);
      lastSeen = *best;
    }
  };
  walk(1);
  walk(-1);
  return matches;
}

}  // namespace

std::string outOfStepNote(const Alignment& alignment) {
  return fmt::format(
      "the meter's clock does not keep step with the core's: {} lie {:.3g} ms off a straight line",
      alignment.method == AlignmentMethod::Correlation ? "steps of the power" : "edges",
      alignment.residual * 1e3);
}

Result<Alignment> alignByTrigger(std::span<const PowerSample> samples, TriggerKind kind, double dt,
                                 const CycleTimeline& timeline) {
  const std::vector<Edge> wanted = wantedEdges(kind, timeline);
  const std::vector<Edge> seen = seenEdges(samples, kind, dt);
  std::vector<std::optional<std::size_t>> best;
  std::size_t most = 0;
  for (std::size_t i = 0; i < std::min(wanted.size(), kWantedAnchors); ++i) {
    for (std::size_t k = 0; k < std::min(seen.size(), kSeenAnchors); ++k) {
      if (wanted[i].rising != seen[k].rising) continue;
      auto matches = follow(wanted, seen, i, k, dt);
      const auto found = static_cast<std::size_t>(
          std::ranges::count_if(matches, [](const auto& match) { return match.has_value(); }));
      if (found > most) {
        most = found;
        best = std::move(matches);
      }
    }
    if (most == wanted.size()) break;
  }
  if (most < 2 || 2 * most < wanted.size()) {
    return Error{"trigger",
                 fmt::format("{} edges were seen, of which {} fit the {} of the blocks; is "
                             "the trigger input connected to the mark pin?",
                             seen.size(), most, wanted.size())};
  }
  Alignment out;
  out.method = kind == TriggerKind::Events ? AlignmentMethod::Events : AlignmentMethod::Trigger;
  out.quality = static_cast<double>(most) / static_cast<double>(wanted.size());
  std::vector<MatchedEdge> edges;
  for (std::size_t i = 0; i < wanted.size(); ++i) {
    if (best[i]) edges.push_back({wanted[i].time, seen[*best[i]].time, wanted[i].gaps});
  }
  fitClock(edges, dt, out);
  // A straight line knows edges better than to a sample, while the clocks agree on one.
  const bool even = out.residual <= 1.5 * dt;
  const std::size_t stride = kind == TriggerKind::Level ? 2 : 1;
  for (std::size_t i = 0; i < timeline.blocks.size(); ++i) {
    const TimeSpan& block = timeline.blocks[i];
    const auto gaps = static_cast<double>(i + 1);
    TimeSpan span{out.at(block.begin, gaps), out.at(block.end, gaps)};
    const auto& first = best[stride * i];
    const auto& last = best[stride * i + stride - 1];
    if (stride == 2 && first && last) {
      // The samples between two edges that were seen are of the block for sure.
      span = {seen[*first].time, seen[*last].time};
    } else if (!even && last) {
      span.end = seen[*last].time;
      span.begin = span.end - out.scale * block.length();
    }
    out.blocks.push_back(span);
  }
  if (!even) out.note = outOfStepNote(out);
  return out;
}

}  // namespace mcuprof
