#pragma once

#include <string_view>
#include <variant>

#include "analyzer/base/result.hpp"
#include "device-agent/firmware/agent/protocol.h"
#include "device-agent/protocol/frame_reader.hpp"

namespace mcuprof {

/// A frame of a type that this version does not know: to be skipped.
struct UnknownMessage {
  std::uint8_t type = 0;
};

/// What a frame says: the structs of the protocol, as they are.
using Message = std::variant<UnknownMessage, mcuprof_hello, mcuprof_machine, mcuprof_program_report,
                             mcuprof_layer_report, mcuprof_layer_time, mcuprof_output,
                             mcuprof_inference, mcuprof_counters, mcuprof_skipped, mcuprof_fault,
                             mcuprof_memory, mcuprof_done, mcuprof_block>;

/// "HELLO", "LAYER"; empty for a type that is not known.
std::string_view nameOfFrameType(std::uint8_t type);

/// Words behind those that are known are ignored; too few are an error:
/// `frame 7: LAYER has 3 words; wanted 7`.
Result<Message> readMessage(const Frame& frame);

constexpr std::uint64_t valueOf(const mcuprof_u64& words) {
  return std::uint64_t{words.high} << 32 | words.low;
}

}  // namespace mcuprof
