#include "device-agent/protocol/message.hpp"

#include <fmt/format.h>

#include <bit>
#include <cstddef>
#include <cstring>
#include <type_traits>

namespace mcuprof {
namespace {

// The structs are the bytes on the wire.
static_assert(std::endian::native == std::endian::little);
static_assert(sizeof(mcuprof_image_header) == 104);
static_assert(offsetof(mcuprof_image_header, board) == 88);
static_assert(sizeof(mcuprof_mailbox) == 76 && offsetof(mcuprof_mailbox, accepted) == 52);
static_assert(offsetof(mcuprof_ring, data) == 16);
static_assert(sizeof(mcuprof_machine) == 72 && sizeof(mcuprof_layer_report) == 28);
static_assert(sizeof(mcuprof_counters) == 20 && sizeof(mcuprof_fault) == 60);

template <typename T>
Result<Message> read(const Frame& frame) {
  static_assert(std::is_trivially_copyable_v<T> && sizeof(T) % 4 == 0);
  static_assert(sizeof(T) <= std::size_t{4} * MCUPROF_FRAME_MAX_WORDS);
  if (frame.payload.size() * 4 < sizeof(T)) {
    return Error{fmt::format("frame {}", frame.sequence),
                 fmt::format("{} has {} words; wanted {}", nameOfFrameType(frame.type),
                             frame.payload.size(), sizeof(T) / 4)};
  }
  T value;
  std::memcpy(&value, frame.payload.data(), sizeof(T));
  return Message{value};
}

}  // namespace

std::string_view nameOfFrameType(std::uint8_t type) {
  switch (type) {
    case MCUPROF_FRAME_HELLO:
      return "HELLO";
    case MCUPROF_FRAME_MACHINE:
      return "MACHINE";
    case MCUPROF_FRAME_PROGRAM:
      return "PROGRAM";
    case MCUPROF_FRAME_LAYER:
      return "LAYER";
    case MCUPROF_FRAME_LAYER_TIME:
      return "LAYER_TIME";
    case MCUPROF_FRAME_OUTPUT:
      return "OUTPUT";
    case MCUPROF_FRAME_INFERENCE:
      return "INFERENCE";
    case MCUPROF_FRAME_COUNTERS:
      return "COUNTERS";
    case MCUPROF_FRAME_SKIPPED:
      return "SKIPPED";
    case MCUPROF_FRAME_FAULT:
      return "FAULT";
    case MCUPROF_FRAME_MEMORY:
      return "MEMORY";
    case MCUPROF_FRAME_DONE:
      return "DONE";
    case MCUPROF_FRAME_BLOCK:
      return "BLOCK";
    default:
      return "";
  }
}

Result<Message> readMessage(const Frame& frame) {
  switch (frame.type) {
    case MCUPROF_FRAME_HELLO:
      return read<mcuprof_hello>(frame);
    case MCUPROF_FRAME_MACHINE:
      return read<mcuprof_machine>(frame);
    case MCUPROF_FRAME_PROGRAM:
      return read<mcuprof_program_report>(frame);
    case MCUPROF_FRAME_LAYER:
      return read<mcuprof_layer_report>(frame);
    case MCUPROF_FRAME_LAYER_TIME:
      return read<mcuprof_layer_time>(frame);
    case MCUPROF_FRAME_OUTPUT:
      return read<mcuprof_output>(frame);
    case MCUPROF_FRAME_INFERENCE:
      return read<mcuprof_inference>(frame);
    case MCUPROF_FRAME_COUNTERS:
      return read<mcuprof_counters>(frame);
    case MCUPROF_FRAME_SKIPPED:
      return read<mcuprof_skipped>(frame);
    case MCUPROF_FRAME_FAULT:
      return read<mcuprof_fault>(frame);
    case MCUPROF_FRAME_MEMORY:
      return read<mcuprof_memory>(frame);
    case MCUPROF_FRAME_DONE:
      return read<mcuprof_done>(frame);
    case MCUPROF_FRAME_BLOCK:
      return read<mcuprof_block>(frame);
    default:
      return Message{UnknownMessage{frame.type}};
  }
}

}  // namespace mcuprof
