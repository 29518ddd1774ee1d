#pragma once

#include <cstdint>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "analyzer/base/result.hpp"
#include "device-agent/host/power/power_meter.hpp"
#include "device-agent/host/power/timeline.hpp"

namespace mcuprof {

enum class AlignmentMethod : std::uint8_t {
  Trigger,      ///< the mark pin's level in each sample
  Events,       ///< its falling edges
  Correlation,  ///< the shape of the power itself: sleep and work
};

constexpr std::string_view nameOf(AlignmentMethod method) {
  switch (method) {
    case AlignmentMethod::Trigger:
      return "trigger";
    case AlignmentMethod::Events:
      return "events";
    case AlignmentMethod::Correlation:
      return "correlation";
  }
  return "";
}

/// Where the core's timeline lies in the meter's time.
struct Alignment {
  AlignmentMethod method = AlignmentMethod::Correlation;
  double origin = 0;  ///< meter's time of the timeline's 0
  double scale = 1;   ///< meter's seconds in a second of the core
  double gap = 0;     ///< s by which each sleep between blocks was longer than the timeline has it
  /// Trigger and Events: share of the edges that were found. Correlation: its coefficient.
  double quality = 0;
  /// How far edges lie from at(), root mean square, in s of the meter.
  double residual = 0;
  std::vector<TimeSpan> blocks;  ///< of the timeline, in the meter's time
  std::string note;              ///< what is odd about it; may be empty

  /// Meter's time of a time of the timeline with so many sleeps between blocks before it.
  double at(double coreTime, double gaps) const { return origin + scale * coreTime + gap * gaps; }
  double driftPpm() const { return (scale - 1) * 1e6; }
};

/// Says of a residual that is too large how large it is.
std::string outOfStepNote(const Alignment& alignment);

/// Aligns by edges of the trigger input. `kind` is not None. The error says how many edges were
/// seen and wanted. `dt` is the usual distance of samples.
Result<Alignment> alignByTrigger(std::span<const PowerSample> samples, TriggerKind kind, double dt,
                                 const CycleTimeline& timeline);

/// Aligns by the power alone. The error says how badly it fits.
Result<Alignment> alignByCorrelation(std::span<const PowerSample> samples, double dt,
                                     const CycleTimeline& timeline);

}  // namespace mcuprof
