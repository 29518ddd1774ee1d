// Alignment without a trigger. The core sleeps ahead of every block, for a time that is known, so
// the power has a shape that is known but for its place. Sums from the beginning give the
// correlation of shape and power at a place in as many steps as there are sleeps.
#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <cmath>

#include "device-agent/host/power/alignment.hpp"

namespace mcuprof {
namespace {

constexpr double kLeastCorrelation = 0.5;
/// An edge counts when the power steps by this much of what it does on average.
constexpr double kLeastStep = 0.3;
constexpr std::array kScales = {1.0,  0.999, 1.001, 0.998, 1.002, 0.995, 1.005,
                                0.99, 1.01,  0.985, 1.015, 0.98,  1.02};

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

/// Where the power steps best within `reach` of `time`, upwards or downwards, as a sample's number.
/// False when it hardly does.
bool findStep(const PowerSums& power, double time, double reach, double dt, bool upwards,
              double wanted, double& found) {
  const std::size_t from = power.indexOf(time - reach);
  const std::size_t to = power.indexOf(time + reach);
  if (to - from < 4) return false;
  double best = 0;
  std::size_t at = 0;
  double size = 0;
  for (std::size_t i = from + 2; i + 2 <= to; ++i) {
    const auto left = static_cast<double>(i - from);
    const auto right = static_cast<double>(to - i);
    const double step = (power.sum(i, to) / right - power.sum(from, i) / left) * (upwards ? 1 : -1);
    // What two means explain of the variance.
    const double explained = step * std::abs(step) * left * right;
    if (explained > best) {
      best = explained;
      at = i;
      size = step;
    }
  }
  if (size < kLeastStep * wanted) return false;
  found = static_cast<double>(at) * dt;
  return true;
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
    for (double origin = from; origin <= to; origin += stride) {
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
  const Place rough = best;
  for (const double scale : {rough.scale, rough.scale - 5e-4, rough.scale + 5e-4}) {
    search(std::max(0.0, rough.origin - 2 * coarse), rough.origin + 2 * coarse,
           std::max(dt, coarse / 50), scale);
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
  std::vector<MatchedEdge> edges;
  const auto look = [&](double core, bool upwards) {
    double found = 0;
    if (findStep(power, best.origin + best.scale * core, gap / 2.5, dt, upwards, best.step,
                 found)) {
      edges.push_back({core, found});
    }
  };
  for (std::size_t i = 0; i < timeline.sleeps.size(); ++i) {
    // Before the first sleep and in the blocks the core works; the sleep's both ends show it.
    if (i > 0) look(timeline.sleeps[i].end, true);
    look(timeline.sleeps[i].begin, false);
  }
  out.origin = best.origin;
  out.scale = best.scale;
  out.residual = dt;
  if (edges.size() >= 2) fitClock(edges, out);
  for (const TimeSpan& block : timeline.blocks) {
    out.blocks.push_back({out.at(block.begin), out.at(block.end)});
  }
  if (out.residual > 3 * dt && out.residual > gap / 20) {
    out.note = fmt::format(
        "the meter's clock does not keep step with the core's: steps of the power lie {:.3g} ms "
        "off "
        "a straight line",
        out.residual * 1e3);
  }
  return out;
}

}  // namespace mcuprof
