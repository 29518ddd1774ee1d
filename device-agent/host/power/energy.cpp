#include "device-agent/host/power/energy.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>

namespace mcuprof {
namespace {

constexpr double kTwoSided90 = 1.645;
/// Beyond what crystals do; it is corrected, but to be known.
constexpr double kNotableDriftPpm = 500;
constexpr std::size_t kBatches = 20;

/// Samples that lie wholly in [begin, end).
std::span<const PowerSample> within(std::span<const PowerSample> samples, double begin, double end,
                                    double dt) {
  const auto first = std::ranges::lower_bound(samples, begin, {}, &PowerSample::time);
  auto last = std::ranges::lower_bound(samples, end, {}, &PowerSample::time);
  while (last != first && (last - 1)->time + dt > end + dt / 1000) --last;
  return {first, last};
}

double meanOf(std::span<const PowerSample> samples) {
  double sum = 0;
  for (const PowerSample& sample : samples) sum += sample.value;
  return sum / static_cast<double>(samples.size());
}

/// Standard error of the mean. Samples that follow each other are alike, so means of stretches are
/// compared.
double standardError(std::span<const PowerSample> samples, double mean) {
  const std::size_t batches = std::min(kBatches, samples.size());
  if (batches < 2) return mean;  // one sample tells nothing about itself
  double sum = 0;
  for (std::size_t i = 0; i < batches; ++i) {
    const std::size_t from = samples.size() * i / batches;
    const std::size_t to = samples.size() * (i + 1) / batches;
    const double off = meanOf(samples.subspan(from, to - from)) - mean;
    sum += off * off;
  }
  return std::sqrt(sum / static_cast<double>(batches * (batches - 1)));
}

std::optional<double> powerIn(std::span<const PowerSample> samples, const Alignment& alignment,
                              TimeSpan span, double gaps, double dt) {
  const double margin = span.length() / 10;
  const auto inside = within(samples, alignment.at(span.begin + margin, gaps),
                             alignment.at(span.end - margin, gaps), dt);
  if (inside.empty()) return std::nullopt;
  return meanOf(inside);
}

/// The usual distance of samples; 0 where there are too few.
double distanceOf(const std::vector<PowerSample>& samples) {
  if (samples.size() < 2) return 0;
  std::vector<double> steps;
  for (std::size_t i = 1; i < samples.size(); i += 1 + samples.size() / 100'000) {
    steps.push_back(samples[i].time - samples[i - 1].time);
  }
  const auto middle = steps.begin() + static_cast<std::ptrdiff_t>(steps.size() / 2);
  std::nth_element(steps.begin(), middle, steps.end());
  return *middle;
}

Result<Alignment> align(const PowerRecording& recording, std::span<const PowerSample> samples,
                        double dt, const CycleTimeline& timeline,
                        std::vector<std::string>& findings) {
  if (recording.facts.trigger != TriggerKind::None) {
    auto byTrigger = alignByTrigger(samples, recording.facts.trigger, dt, timeline);
    if (byTrigger) return byTrigger;
    auto byShape = alignByCorrelation(samples, dt, timeline);
    if (!byShape) return byTrigger.error();
    findings.push_back(byTrigger.error().text());
    return byShape;
  }
  return alignByCorrelation(samples, dt, timeline);
}

BlockEnergyFigure figureOf(std::span<const PowerSample> inside, const MarkedBlock& block,
                           double idleWatts, double edgeSeconds) {
  BlockEnergyFigure out;
  out.executions = block.executions;
  out.samples = inside.size();
  out.seconds = block.seconds;
  out.averageWatts = meanOf(inside);
  for (const PowerSample& sample : inside) {
    out.peakWatts = std::max(out.peakWatts, static_cast<double>(sample.value));
  }
  const double executions = block.executions;
  out.joules = out.averageWatts * block.seconds / executions;
  const double sampling = kTwoSided90 * standardError(inside, out.averageWatts) * block.seconds;
  const double alignment = std::abs(out.averageWatts - idleWatts) * edgeSeconds;
  const double half = std::hypot(sampling, alignment) / executions;
  out.joulesLow = out.joules - half;
  out.joulesHigh = out.joules + half;
  return out;
}

}  // namespace

Result<EnergyMeasurement> measureEnergy(const PowerRecording& recording, double volts,
                                        const std::vector<MarkedBlock>& blocks, double gap,
                                        double lead) {
  if (recording.samples.size() < 16) return Error{recording.facts.kind, "gave no samples"};
  if (blocks.empty()) return Error{"agent", "no layer could be run for the power meter"};
  EnergyMeasurement out;
  std::vector<PowerSample> samples = recording.samples;
  if (recording.facts.quantity == PowerQuantity::Amperes) {
    for (PowerSample& sample : samples) {
      sample.value = static_cast<float>(sample.value * volts);
    }
  }
  const double dt = distanceOf(samples);
  if (!(dt > 0)) return Error{recording.facts.kind, "its samples have no distance in time"};
  out.sampleHz = 1 / dt;
  const CycleTimeline timeline = timelineOf(blocks, gap, lead);
  auto alignment = align(recording, samples, dt, timeline, out.findings);
  if (!alignment) return alignment.error();
  out.alignment = std::move(*alignment);
  if (!out.alignment.note.empty()) out.findings.push_back(out.alignment.note);
  if (std::abs(out.alignment.driftPpm()) > kNotableDriftPpm) {
    out.findings.push_back(
        fmt::format("the meter's clock drifts: {:+.0f} ppm against the core's; "
                    "corrected",
                    out.alignment.driftPpm()));
  }
  if (recording.missing > 0) {
    out.findings.push_back(
        fmt::format("{} samples are missing ({:.2g} %)", recording.missing,
                    100.0 * static_cast<double>(recording.missing) /
                        static_cast<double>(recording.missing + samples.size())));
  }
  for (const PowerSample& sample : samples) {
    if ((sample.flags & PowerSample::kOverload) != 0) ++out.overloads;
  }
  if (out.overloads > 0) {
    out.findings.push_back(
        fmt::format("overload: {} samples are beyond the meter's range, so "
                    "energies are too low",
                    out.overloads));
  }
  out.idleBeforeWatts = powerIn(samples, out.alignment, timeline.sleeps.front(), 0, dt);
  out.idleAfterWatts =
      powerIn(samples, out.alignment, timeline.lastSleep, static_cast<double>(blocks.size()), dt);
  const double idle = out.idleBeforeWatts.value_or(out.idleAfterWatts.value_or(0));

  std::size_t few = 0;
  for (std::size_t i = 0; i < blocks.size(); ++i) {
    const TimeSpan& span = out.alignment.blocks[i];
    // Samples at the edges are half of something else.
    const double margin = out.alignment.method == AlignmentMethod::Trigger
                              ? 0
                              : std::min(2 * out.alignment.residual, span.length() / 4);
    const double settle = std::min(recording.facts.settleSeconds, span.length() / 4);
    const auto inside = within(samples, span.begin + margin + settle, span.end - margin, dt);
    if (inside.size() < kWantedSamples) ++few;
    if (inside.empty()) {
      out.blocks.emplace_back();
      continue;
    }
    out.blocks.push_back(figureOf(inside, blocks[i], idle, out.alignment.residual));
  }
  if (few > 0) {
    out.findings.push_back(fmt::format("{} of {} blocks have fewer than {} samples", few,
                                       blocks.size(), kWantedSamples));
  }
  for (const std::string& finding : recording.findings) out.findings.push_back(finding);
  return out;
}

}  // namespace mcuprof
