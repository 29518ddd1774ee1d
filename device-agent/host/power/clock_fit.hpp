#pragma once

#include <span>

#include "device-agent/host/power/alignment.hpp"

namespace mcuprof {

/// An edge on the core's clock and where it was seen on the meter's.
struct MatchedEdge {
  double core = 0;   ///< s of the timeline
  double meter = 0;  ///< s
  double gaps = 0;   ///< sleeps between blocks that lie before it
  /// The power fell because the core went to sleep: seen later or earlier than a rise by what both
  /// take.
  bool intoSleep = false;
};

/// Fits the clock of `out` and its residual to at least two edges, `dt` being the distance of
/// samples: robust least squares of the origin, the scale, how much longer each gap was than the
/// core's timers say (falling asleep and waking up are not counted by them), and how much later
/// falls are seen than rises. The latter two are held near 0 where the edges do not tell them.
void fitClock(std::span<const MatchedEdge> edges, double dt, Alignment& out);

}  // namespace mcuprof
