// Alignment without a trigger. The core sleeps ahead of every block, for a time that is known, so
// the power has a shape that is known but for its place. Sums from the beginning give the
// correlation of shape and power at a place in as many steps as there are sleeps.
#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <cmath>
#include <optional>
#include <vector>

#include "device-agent/host/power/alignment.hpp"
#include "device-agent/host/power/clock_fit.hpp"

namespace mcuprof {
namespace {

constexpr double kLeastCorrelation = 0.5;
/// An edge counts when the power steps by this much of what it does on average.
constexpr double kLeastStep = 0.3;
/// On either side of a step: samples that may be of both levels, and those that tell the level.
constexpr std::size_t kStepSamples = 2;
constexpr std::size_t kLevelSamples = 16;
constexpr std::array kScales = {1.0,  0.999, 1.001, 0.998, 1.002, 0.995, 1.005,
                                0.99, 1.01,  0.985, 1.015, 0.98,  1.02};
/// Between those, ever finer: in ten seconds the last is half a millisecond at the most.
constexpr std::array kScaleSteps = {5e-4, 2e-4, 5e-5};

/// The power at a fixed rate, as sums.
class PowerSums {
 public:
  PowerSums(std::span<const PowerSample> samples, double dt) : m_dt(dt) {
    const auto count = static_cast<std::size_t>(samples.back().time / dt) + 1;
    m_sum.reserve(count + 1);
    m_square.reserve(count + 1);
    m_sum.push_back(0);
    m_square.push_back(0);
    std::size_t next = 0;
    for (std::size_t i = 0; i < count; ++i) {
      const double time = (static_cast<double>(i) + 0.5) * dt;
      while (next + 1 < samples.size() && samples[next + 1].time <= time) ++next;
      const double value = samples[next].value;
      m_sum.push_back(m_sum.back() + value);
      m_square.push_back(m_square.back() + value * value);
    }
  }

  std::size_t size() const { return m_sum.size() - 1; }
  /// The nearest sample's number, within what there is.
  std::size_t indexOf(double time) const {
    const double index = std::round(time / m_dt);
    return index <= 0 ? 0 : std::min(static_cast<std::size_t>(index), size());
  }
  double sum(std::size_t from, std::size_t to) const { return m_sum[to] - m_sum[from]; }
  double square(std::size_t from, std::size_t to) const { return m_square[to] - m_square[from]; }

 private:
  double m_dt;
  std::vector<double> m_sum;
  std::vector<double> m_square;
};

struct Place {
  double origin = 0;
  double scale = 1;
  double correlation = -1;
  double step = 0;  ///< power at work less that asleep
};

void correlate(const PowerSums& power, const CycleTimeline& timeline, Place& place) {
  const auto indexOf = [&](double core) {
    return power.indexOf(place.origin + place.scale * core);
  };
  const std::size_t from = indexOf(0);
  const std::size_t to = indexOf(timeline.lastSleep.begin);
  double asleep = 0;
  double asleepCount = 0;
  for (const TimeSpan& sleep : timeline.sleeps) {
    const std::size_t begin = indexOf(sleep.begin);
    const std::size_t end = indexOf(sleep.end);
    asleep += power.sum(begin, end);
    asleepCount += static_cast<double>(end - begin);
  }
  const auto count = static_cast<double>(to - from);
  const double workCount = count - asleepCount;
  place.correlation = -1;
  if (asleepCount < 2 || workCount < 2) return;
  const double all = power.sum(from, to);
  const double variance = power.square(from, to) / count - (all / count) * (all / count);
  if (!(variance > 0)) return;
  place.step = (all - asleep) / workCount - asleep / asleepCount;
  place.correlation = place.step * std::sqrt(workCount * asleepCount) / count / std::sqrt(variance);
}

/// A sample that the power stepped in front of, and by how much, upwards or downwards.
struct Step {
  std::size_t at = 0;
  double size = 0;
};

/// The step that explains most of the variance of the samples [from, to).
Step bestStep(const PowerSums& power, std::size_t from, std::size_t to, bool upwards) {
  Step best;
  double most = 0;
  for (std::size_t i = from + 2; i + 2 <= to; ++i) {
    const auto left = static_cast<double>(i - from);
    const auto right = static_cast<double>(to - i);
    const double size = (power.sum(i, to) / right - power.sum(from, i) / left) * (upwards ? 1 : -1);
    const double explained = size * std::abs(size) * left * right;
    if (explained <= most) continue;
    most = explained;
    best = {i, size};
  }
  return best;
}

/// When the power stepped within `reach` of `time`; nothing when it hardly did. The samples around
/// the step hold as much of both levels as the step's place within them says, so that it is known
/// to a part of a sample.
std::optional<double> findStep(const PowerSums& power, double time, double reach, double dt,
                               bool upwards, double wanted) {
  const std::size_t from = power.indexOf(time - reach);
  const std::size_t to = power.indexOf(time + reach);
  if (to - from < 4) return std::nullopt;
  const Step step = bestStep(power, from, to, upwards);
  if (step.size < kLeastStep * wanted) return std::nullopt;
  const std::size_t begin = std::max(from + 1, step.at - std::min(step.at, kStepSamples));
  const std::size_t end = std::min(to - 1, step.at + kStepSamples);
  const std::size_t first = std::max(from, begin - std::min(begin, kLevelSamples));
  const std::size_t last = std::min(to, end + kLevelSamples);
  const double before = power.sum(first, begin) / static_cast<double>(begin - first);
  const double after = power.sum(end, last) / static_cast<double>(last - end);
  const double share =
      (power.sum(begin, end) - after * static_cast<double>(end - begin)) / (before - after);
  if (!(share >= 0 && share <= static_cast<double>(end - begin))) {
    return static_cast<double>(step.at) * dt;
  }
  return (static_cast<double>(begin) + share) * dt;
}

/// An end of a sleep.
struct Turn {
  double core = 0;
  double gaps = 0;  ///< as MatchedEdge has it
  bool upwards = false;
};

std::vector<Turn> turnsOf(const CycleTimeline& timeline) {
  std::vector<Turn> turns;
  // The first sleep is longer than it should be, as each gap is; whatever follows it shares that.
  double gaps = -1;
  for (const TimeSpan& sleep : timeline.sleeps) {
    turns.push_back({sleep.begin, gaps++, false});
    turns.push_back({sleep.end, gaps, true});
  }
  return turns;
}

/// Where the power stepped at the turns, of which `about` knows roughly when.
std::vector<MatchedEdge> findEdges(const PowerSums& power, const std::vector<Turn>& turns,
                                   const Alignment& about, double reach, double dt, double step) {
  std::vector<MatchedEdge> edges;
  for (std::size_t i = 0; i < turns.size(); ++i) {
    const Turn& turn = turns[i];
    // Halfway to the turns beside it begins what is theirs.
    double near = reach;
    if (i > 0) near = std::min(near, 0.45 * (turn.core - turns[i - 1].core));
    if (i + 1 < turns.size()) near = std::min(near, 0.45 * (turns[i + 1].core - turn.core));
    const auto found =
        findStep(power, about.at(turn.core, turn.gaps), near, dt, turn.upwards, step);
    if (found) edges.push_back({turn.core, *found, turn.gaps, !turn.upwards});
  }
  return edges;
}

}  // namespace

Result<Alignment> alignByCorrelation(std::span<const PowerSample> samples, double dt,
                                     const CycleTimeline& timeline) {
  const Error none{"correlation", "there are too few samples"};
  if (samples.size() < 16 || timeline.sleeps.size() < 2) return none;
  const PowerSums power(samples, dt);
  const double recorded = static_cast<double>(power.size()) * dt;
  double gap = timeline.sleeps.front().length();
  for (const TimeSpan& sleep : timeline.sleeps) gap = std::min(gap, sleep.length());

  Place best;
  const auto search = [&](double from, double to, double stride, double scale) {
    for (double origin = std::max(0.0, from); origin <= to; origin += stride) {
      Place place{origin, scale, -1, 0};
      correlate(power, timeline, place);
      if (place.correlation > best.correlation) best = place;
    }
  };
  // A coarse look must not step over the shortest sleep.
  const double coarse = std::max(gap / 6, dt);
  for (const double scale : kScales) {
    search(0, std::max(0.0, recorded - scale * timeline.lastSleep.begin), coarse, scale);
  }
  if (best.correlation < 0) return none;
  // Most sleeps lie around this one: another scale turns the timeline about it.
  const double pivot = timeline.sleeps[timeline.sleeps.size() / 2].begin;
  for (const double step : kScaleSteps) {
    const Place rough = best;
    for (const double turns : {0.0, -1.0, 1.0, -2.0, 2.0}) {
      const double origin = rough.origin - turns * step * pivot;
      search(origin - 2 * coarse, origin + 2 * coarse, std::max(dt, coarse / 50),
             rough.scale + turns * step);
    }
  }
  if (best.correlation < kLeastCorrelation) {
    return Error{"correlation",
                 fmt::format("the samples do not show when the core slept and worked (correlation "
                             "{:.2f}, wanted {:.1f}); connect a trigger",
                             best.correlation, kLeastCorrelation)};
  }

  Alignment out;
  out.method = AlignmentMethod::Correlation;
  out.quality = best.correlation;
  out.origin = best.origin;
  out.scale = best.scale;
  out.residual = dt;
  const std::vector<Turn> turns = turnsOf(timeline);
  // Once more from where the first look says, which sees the turns of the shortest blocks.
  for (int look = 0; look < 2; ++look) {
    const auto edges = findEdges(power, turns, out, gap / 2.5, dt, best.step);
    if (edges.size() >= 2) fitClock(edges, dt, out);
  }
  for (std::size_t i = 0; i < timeline.blocks.size(); ++i) {
    const TimeSpan& block = timeline.blocks[i];
    const auto gaps = static_cast<double>(i + 1);
    out.blocks.push_back({out.at(block.begin, gaps), out.at(block.end, gaps)});
  }
  if (out.residual > 3 * dt && out.residual > gap / 20) out.note = outOfStepNote(out);
  return out;
}

}  // namespace mcuprof
