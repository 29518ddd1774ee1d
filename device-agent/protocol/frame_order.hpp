#pragma once

#include <cstddef>
#include <cstdint>
#include <map>
#include <vector>

#include "device-agent/protocol/frame_reader.hpp"

namespace mcuprof {

/// Puts frames that come by several ways (ITM, ring), with gaps and twice, into the agent's order,
/// and counts what is missing. One object for the time between two resets of the board.
class FrameOrder {
 public:
  /// Takes a frame from either way. A frame that was taken before, or given up, is dropped.
  void add(Frame frame);

  /// The frames whose predecessors have all been taken or given up; each is returned once.
  std::vector<Frame> take();

  /// Frames that are missing before the newest one seen: to be repaired from the ring, or lost.
  std::uint64_t missing() const;

  /// Waits no longer for what is missing: counts it as lost and returns the frames behind the gaps.
  std::vector<Frame> giveUp();

  std::uint64_t lost() const { return m_lost; }
  std::uint64_t duplicates() const { return m_duplicates; }

  /// Number of the next frame that `take` waits for.
  std::uint32_t next() const { return m_next; }

 private:
  /// Keyed by the distance from the first frame, which does not wrap.
  std::map<std::uint64_t, Frame> m_waiting;
  std::uint64_t m_position = 0;  ///< distance of m_next
  std::uint32_t m_next = 0;
  std::uint64_t m_lost = 0;
  std::uint64_t m_duplicates = 0;
};

}  // namespace mcuprof
