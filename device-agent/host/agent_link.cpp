#include "device-agent/host/agent_link.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cstddef>
#include <variant>

namespace mcuprof {
namespace {

// Where to read in mailbox and ring, in words.
constexpr std::uint32_t kRequest = offsetof(mcuprof_mailbox, request);
constexpr std::uint32_t kCommand = offsetof(mcuprof_mailbox, command);
constexpr std::uint32_t kAccepted = offsetof(mcuprof_mailbox, accepted);
constexpr std::uint32_t kStopWord = offsetof(mcuprof_mailbox, stop);
constexpr std::uint32_t kHead = offsetof(mcuprof_ring, head);
constexpr std::uint32_t kTail = offsetof(mcuprof_ring, tail);
constexpr std::uint32_t kData = offsetof(mcuprof_ring, data);

/// Raises the NMI, which the agent takes for "give up this layer".
constexpr std::uint32_t kIcsr = 0xe000ed04;
constexpr std::uint32_t kNmi = 0x80000000;

/// Time for frames that are still in the probe after the agent is done.
constexpr Milliseconds kSwoDelay{60};
/// Looking at the mailbox costs the core some bus cycles, so SWO's DONE is waited for first.
constexpr Milliseconds kLookWithSwo{100};
constexpr Milliseconds kLongestLook{20};
/// Time for the agent to answer its NMI.
constexpr Milliseconds kAbortTime{3'000};

}  // namespace

AgentLink::AgentLink(Openocd& openocd, const mcuprof_image_header& header, bool swo,
                     Milliseconds silence)
    : m_openocd(openocd), m_header(header), m_swo(swo), m_silence(silence) {
  m_ring.resize(MCUPROF_RING_BYTES);
}

Result<void> AgentLink::waitForAgent(Milliseconds time) {
  const auto deadline = Clock::now() + time;
  for (;;) {
    auto words = m_openocd.readWords(m_header.mailbox, sizeof(mcuprof_mailbox) / 4);
    if (!words) return words.error();
    const std::uint32_t state = (*words)[offsetof(mcuprof_mailbox, state) / 4];
    if (words->front() == MCUPROF_MAILBOX_MAGIC && state != MCUPROF_STARTING) {
      if (state == MCUPROF_DEAD) return Error{"agent", "it died while it started"};
      m_request = (*words)[kRequest / 4];
      break;
    }
    if (Clock::now() > deadline) {
      return Error{"agent", fmt::format("it did not start within {} s: no mailbox at {:#x}",
                                        time.count() / 1000, m_header.mailbox)};
    }
    if (auto done = m_openocd.wait(Milliseconds(5)); !done) return done;
  }
  auto ring = m_openocd.readWords(m_header.ring, 2);
  if (!ring) return ring.error();
  const std::uint32_t bytes = (*ring)[1];
  if (ring->front() != MCUPROF_RING_MAGIC || bytes < 64 || bytes > 65536 ||
      (bytes & (bytes - 1)) != 0) {
    return Error{"agent", fmt::format("no ring at {:#x}", m_header.ring)};
  }
  m_ring.assign(bytes, 0);
  return {};
}

Result<void> AgentLink::give(const AgentCommand& command) {
  std::vector<std::uint32_t> words = {command.number};
  words.insert(words.end(), command.arguments.begin(), command.arguments.end());
  words.push_back(0);  // stop
  words.push_back((command.drained ? MCUPROF_OPTION_WAIT : 0) |
                  (m_swo ? 0 : MCUPROF_OPTION_NO_ITM));
  if (auto done = m_openocd.writeWords(m_header.mailbox + kCommand, words); !done) return done;
  ++m_request;
  return m_openocd.writeWords(m_header.mailbox + kRequest, std::array{m_request});
}

void AgentLink::readTrace() {
  if (!m_swo) return;
  const std::vector<std::byte> trace = m_openocd.takeTrace();
  if (trace.empty()) return;
  for (TracedFrame& traced : m_trace.add(trace)) {
    const std::uint32_t sequence = traced.frame.sequence;
    m_seenOnSwo.insert(sequence);
    if (traced.frame.type == MCUPROF_FRAME_COUNTERS && traced.overflowed) {
      m_overflowed.emplace(sequence, *traced.overflowed);
    }
    m_order.add(std::move(traced.frame));
  }
}

Result<void> AgentLink::drainRing() {
  auto read = m_openocd.readWords(m_header.ring + kHead, 1);
  if (!read) return read.error();
  const std::uint32_t head = read->front();
  const auto size = static_cast<std::uint32_t>(m_ring.size());
  const std::uint32_t count = std::min(head - m_tail, size);
  if (count == 0 || head % 4 != 0) return {};
  // At most two pieces: up to the end of the data, and from its beginning.
  for (std::uint32_t at = head - count; at != head;) {
    const std::uint32_t place = at % size;
    const std::uint32_t piece = std::min(head - at, size - place);
    auto words = m_openocd.readWords(m_header.ring + kData + place, piece / 4);
    if (!words) return words.error();
    for (std::uint32_t i = 0; i < piece; ++i) {
      m_ring[place + i] = static_cast<std::uint8_t>((*words)[i / 4] >> (8 * (i % 4)));
    }
    at += piece;
  }
  const RingBytes fresh = readRing(m_ring, m_tail, head);
  if (fresh.lost > 0) m_ringReader.restart();
  for (Frame& frame : m_ringReader.add(fresh.bytes)) m_order.add(std::move(frame));
  m_tail = head;
  return m_openocd.writeWords(m_header.ring + kTail, std::array{m_tail});
}

bool AgentLink::deliver(const std::vector<Frame>& frames, const OnMessage& onMessage) {
  bool done = false;
  for (const Frame& frame : frames) {
    auto message = readMessage(frame);
    if (!message) {
      m_badFrame = message.error().text();
      continue;
    }
    if (const auto* last = std::get_if<mcuprof_done>(&*message)) {
      if (last->request != m_request) continue;
      m_done = *last;
      done = true;
    } else if (onMessage) {
      const auto* counters = std::get_if<mcuprof_counters>(&*message);
      m_eventCounts = counters != nullptr ? countsOf(frame.sequence, *counters) : std::nullopt;
      onMessage(*message);
    }
  }
  return done;
}

std::optional<EventCounts> AgentLink::countsOf(std::uint32_t sequence,
                                               const mcuprof_counters& counters) {
  const auto traced = m_overflowed.extract(sequence);
  if (traced.empty()) return std::nullopt;
  return eventCountsOf(counters, traced.mapped());
}

Result<bool> AgentLink::lookAtMailbox(Watch& watch, const OnBeat& onBeat) {
  auto read =
      m_openocd.readWords(m_header.mailbox + kAccepted, (sizeof(mcuprof_mailbox) - kAccepted) / 4);
  if (!read) return read.error();
  const auto word = [&](std::size_t offset) { return (*read)[(offset - kAccepted) / 4]; };
  if (word(offsetof(mcuprof_mailbox, state)) == MCUPROF_DEAD) {
    return Error{"agent", "it died of a fault outside of any layer"};
  }
  const std::uint32_t beat = word(offsetof(mcuprof_mailbox, beat));
  const std::uint32_t layer = word(offsetof(mcuprof_mailbox, layer));
  if (beat != watch.beat || layer != watch.layer) {
    watch = {beat, layer, Clock::now(), watch.aborted};
    if (onBeat) onBeat(layer);
  }
  return word(offsetof(mcuprof_mailbox, done)) == m_request;
}

Result<void> AgentLink::checkSilence(Watch& watch) {
  const auto quiet = Clock::now() - watch.since;
  if (quiet < (watch.aborted ? kAbortTime : m_silence)) return {};
  const std::string where = watch.layer == MCUPROF_NO_LAYER
                                ? std::string("outside of any layer")
                                : fmt::format("in layer {}", watch.layer + 1);
  if (watch.aborted || watch.layer == MCUPROF_NO_LAYER) {
    return Error{"agent", fmt::format("the core hangs {} and does not answer", where)};
  }
  watch.aborted = true;
  watch.since = Clock::now();
  return m_openocd.writeWords(kIcsr, std::array{kNmi});
}

Result<mcuprof_done> AgentLink::run(const AgentCommand& command, const OnMessage& onMessage,
                                    const OnBeat& onBeat) {
  if (auto given = give(command); !given) return given.error();
  Watch watch;
  watch.since = Clock::now();
  bool stopped = false;
  Milliseconds pause{1};
  auto nextLook = Clock::now() + (m_swo ? kLookWithSwo : pause);
  for (;;) {
    bool done = false;
    const auto byTrace = [&] {
      readTrace();
      done = done || deliver(m_order.take(), onMessage);
      return done;
    };
    if (auto ok = m_openocd.wait(pause, byTrace); !ok) return ok.error();
    if (done) return m_done;
    if (command.drained) {
      if (auto ok = drainRing(); !ok) return ok.error();
      if (deliver(m_order.take(), onMessage)) return m_done;
    }
    pause = std::min(pause * 2, kLongestLook);
    if (Clock::now() < nextLook) continue;
    nextLook = Clock::now() + (m_swo ? kLookWithSwo : pause);
    auto ended = lookAtMailbox(watch, onBeat);
    if (!ended) return ended.error();
    if (*ended) break;
    if (command.unwanted && !stopped && command.unwanted()) {
      stopped = true;
      constexpr std::array<std::uint32_t, 1> kStop{1};
      if (auto ok = m_openocd.writeWords(m_header.mailbox + kStopWord, kStop); !ok) {
        return ok.error();
      }
    }
    if (auto ok = checkSilence(watch); !ok) return ok.error();
  }
  // The agent is done, but some of its frames did not come: they may be under way, else the ring
  // has them.
  bool done = false;
  if (m_swo) {
    const auto byTrace = [&] {
      readTrace();
      done = done || deliver(m_order.take(), onMessage);
      return done;
    };
    if (auto ok = m_openocd.wait(kSwoDelay, byTrace); !ok) return ok.error();
    if (done) return m_done;
  }
  if (auto ok = drainRing(); !ok) return ok.error();
  if (deliver(m_order.take(), onMessage)) return m_done;
  if (deliver(m_order.giveUp(), onMessage)) return m_done;
  return Error{"agent", m_badFrame.empty()
                            ? "its report of the end of a command came neither over SWO nor by the "
                              "ring"
                            : m_badFrame};
}

LinkCounts AgentLink::counts() const {
  LinkCounts counts;
  counts.frames = m_order.next();
  counts.swoFrames = m_seenOnSwo.size();
  counts.swoLost = m_swo ? counts.frames - std::min(counts.frames, counts.swoFrames) : 0;
  counts.unrepaired = m_order.lost();
  counts.overflows = m_trace.overflows();
  return counts;
}

}  // namespace mcuprof
