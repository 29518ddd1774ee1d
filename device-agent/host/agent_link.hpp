#pragma once

#include <array>
#include <cstdint>
#include <functional>
#include <map>
#include <optional>
#include <set>
#include <string>
#include <string_view>
#include <vector>

#include "analyzer/base/result.hpp"
#include "device-agent/firmware/agent/protocol.h"
#include "device-agent/host/openocd.hpp"
#include "device-agent/host/trace_reader.hpp"
#include "device-agent/protocol/frame_order.hpp"
#include "device-agent/protocol/frame_reader.hpp"
#include "device-agent/protocol/message.hpp"

namespace mcuprof {

/// How the frames of one session came.
struct LinkCounts {
  std::uint64_t frames = 0;      ///< that the agent sent, as far as is known
  std::uint64_t swoFrames = 0;   ///< received over SWO
  std::uint64_t swoLost = 0;     ///< missing there; 0 without SWO
  std::uint64_t unrepaired = 0;  ///< missing in the ring too
  std::uint64_t overflows = 0;   ///< ITM overflow packets
};

/// A command for the agent (docs/protocol.md).
struct AgentCommand {
  std::uint32_t number = 0;  ///< enum mcuprof_command
  std::array<std::uint32_t, MCUPROF_ARGUMENTS> arguments{};
  /// Whether its frames may be more than the ring holds. Such a command waits for the host to drain
  /// the ring; others leave the bus alone while they run.
  bool drained = false;
  /// Once it says so the command ends ahead of the next execution of a layer, with MCUPROF_STOPPED;
  /// may be empty.
  std::function<bool()> unwanted = {};
};

/// Talks to a running agent: commands by the mailbox, frames by SWO where there is one, from the
/// ring where there is none or SWO lost some.
class AgentLink {
 public:
  /// `silence`: how long one layer may take before it counts as hanging.
  AgentLink(Openocd& openocd, const mcuprof_image_header& header, bool swo, Milliseconds silence);

  /// Waits until the agent has started after a reset.
  Result<void> waitForAgent(Milliseconds time);

  using OnMessage = std::function<void(const Message&)>;
  /// Called now and then with the layer in progress, or MCUPROF_NO_LAYER.
  using OnBeat = std::function<void(std::uint32_t)>;

  /// Gives the command, hands each of its messages to `onMessage` in the agent's order, and returns
  /// the last. A layer that hangs is aborted once; if that does not help, or the agent is dead, the
  /// error says in which layer (from 1).
  Result<mcuprof_done> run(const AgentCommand& command, const OnMessage& onMessage,
                           const OnBeat& onBeat = {});

  /// While `onMessage` is given a COUNTERS message: its counts in full. Nothing when SWO did not
  /// bring the frame and all that overflowed ahead of it.
  const std::optional<EventCounts>& eventCounts() const { return m_eventCounts; }

  LinkCounts counts() const;

 private:
  struct Watch {
    std::uint32_t beat = 0;
    std::uint32_t layer = MCUPROF_NO_LAYER;
    Clock::time_point since;
    bool aborted = false;
  };

  Result<void> give(const AgentCommand& command);
  void readTrace();
  Result<void> drainRing();
  /// Hands on what is in order; whether the command's DONE was among it.
  bool deliver(const std::vector<Frame>& frames, const OnMessage& onMessage);
  std::optional<EventCounts> countsOf(std::uint32_t sequence, const mcuprof_counters& counters);
  Result<bool> lookAtMailbox(Watch& watch, const OnBeat& onBeat);
  Result<void> checkSilence(Watch& watch);

  Openocd& m_openocd;
  mcuprof_image_header m_header;
  bool m_swo;
  Milliseconds m_silence;
  std::uint32_t m_request = 0;
  std::uint32_t m_tail = 0;
  std::vector<std::uint8_t> m_ring;  ///< the ring's data as last read, position by position
  TraceReader m_trace;
  FrameReader m_ringReader;
  FrameOrder m_order;
  std::set<std::uint32_t> m_seenOnSwo;
  std::map<std::uint32_t, EventCounts> m_overflowed;  ///< by the COUNTERS frame behind it
  std::optional<EventCounts> m_eventCounts;
  mcuprof_done m_done{};
  std::string m_badFrame;
};

}  // namespace mcuprof
