#pragma once

#include <cstdint>
#include <vector>

namespace mcuprof {

/// A stretch of time in seconds.
struct TimeSpan {
  double begin = 0;
  double end = 0;
  double length() const { return end - begin; }
};

/// One block of executions back to back, with the mark pin high.
struct MarkedBlock {
  static constexpr std::int32_t kWhole = -1;
  std::int32_t layer = kWhole;  ///< from 0, or kWhole: whole inferences
  std::uint32_t executions = 0;
  double awake = 0;    ///< s from the end of the block before, or of the first sleep, to the gap
  double seconds = 0;  ///< of the block
};

/// When things happened on the core, by its own cycles: seconds since the first sleep began.
struct CycleTimeline {
  std::vector<TimeSpan> blocks;  ///< as given
  std::vector<TimeSpan> sleeps;  ///< the first lead, and the gap ahead of each block
  TimeSpan lastSleep;            ///< begins a little later than said: a frame is sent before
  double end() const { return lastSleep.end; }
};

inline CycleTimeline timelineOf(const std::vector<MarkedBlock>& blocks, double gap, double lead) {
  CycleTimeline out;
  out.sleeps.push_back({0, lead});
  double now = lead;
  for (const MarkedBlock& block : blocks) {
    now += block.awake;
    out.sleeps.push_back({now, now + gap});
    now += gap;
    out.blocks.push_back({now, now + block.seconds});
    now += block.seconds;
  }
  out.lastSleep = {now, now + lead};
  return out;
}

}  // namespace mcuprof
