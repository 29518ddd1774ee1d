#include "device-agent/protocol/frame_order.hpp"

#include <utility>

namespace mcuprof {

void FrameOrder::add(Frame frame) {
  // Sequence numbers wrap: a distance in the upper half is a frame from the past.
  const std::uint32_t ahead = frame.sequence - m_next;
  if (ahead > 0x7FFFFFFFU || !m_waiting.emplace(m_position + ahead, std::move(frame)).second) {
    ++m_duplicates;
  }
}

std::vector<Frame> FrameOrder::take() {
  std::vector<Frame> frames;
  for (auto it = m_waiting.begin(); it != m_waiting.end() && it->first == m_position;) {
    frames.push_back(std::move(it->second));
    it = m_waiting.erase(it);
    ++m_position;
    ++m_next;
  }
  return frames;
}

std::uint64_t FrameOrder::missing() const {
  if (m_waiting.empty()) return 0;
  return m_waiting.rbegin()->first + 1 - m_position - m_waiting.size();
}

std::vector<Frame> FrameOrder::giveUp() {
  m_lost += missing();
  std::vector<Frame> frames;
  for (auto& [position, frame] : m_waiting) {
    m_next = frame.sequence + 1;
    m_position = position + 1;
    frames.push_back(std::move(frame));
  }
  m_waiting.clear();
  return frames;
}

}  // namespace mcuprof
