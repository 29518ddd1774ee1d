#pragma once

#include <algorithm>
#include <cstdint>
#include <cstring>
#include <span>
#include <vector>

#include "device-agent/firmware/agent/frame.h"
#include "device-agent/firmware/checksum.h"

namespace mcuprof {

/// A frame as the agent itself makes it.
inline std::vector<std::uint8_t> agentFrame(std::uint8_t type, std::uint32_t sequence,
                                            std::span<const std::uint32_t> payload) {
  std::vector<std::uint32_t> words(payload.size() + 3);
  std::copy(payload.begin(), payload.end(), words.begin() + 2);
  mcuprof_frame_finish(words.data(), type, static_cast<std::uint32_t>(payload.size()), sequence);
  std::vector<std::uint8_t> bytes(words.size() * 4);
  std::memcpy(bytes.data(), words.data(), bytes.size());
  return bytes;
}

}  // namespace mcuprof
