#pragma once

#include <cstdint>
#include <cstring>
#include <vector>

#include "device-agent/firmware/checksum.h"
#include "device-agent/firmware/kernels/kernels.h"
#include "device-agent/firmware/program.h"

namespace mcuprof {

/// A layer program by hand: each layer copies `bytes` int8 (a multiple of 16) from tensor i to
/// tensor i + 1; tensors alternate between two places in the arena, the first is the model's input.
/// Layers in `unsupported` are of the kind that no agent has.
inline std::vector<std::uint8_t> copyProgram(std::uint32_t library, std::uint32_t layers,
                                             std::uint32_t bytes,
                                             std::vector<std::uint32_t> unsupported = {}) {
  const std::uint32_t tensors = layers + 1;
  mcuprof_program_header header{};
  header.magic = MCUPROF_PROGRAM_MAGIC;
  header.version = MCUPROF_PROGRAM_VERSION;
  header.header_bytes = sizeof header;
  header.library = library;
  header.arena_bytes = 2 * bytes;
  header.tensors = sizeof header;
  header.tensor_count = tensors;
  header.layers = header.tensors + tensors * static_cast<std::uint32_t>(sizeof(mcuprof_tensor));
  header.layer_count = layers;
  header.list = header.layers + layers * static_cast<std::uint32_t>(sizeof(mcuprof_layer));
  header.list_count = tensors;
  header.names = header.list + 2 * tensors;
  header.names_bytes = 4;
  header.inputs = 0;
  header.input_count = 1;
  header.outputs = layers;
  header.output_count = 1;
  header.bytes = (header.names + header.names_bytes + 15) / 16 * 16;
  std::vector<std::uint8_t> program(header.bytes);
  for (std::uint32_t i = 0; i < tensors; ++i) {
    mcuprof_tensor tensor{};
    tensor.offset = i % 2 * bytes;
    tensor.bytes = bytes;
    tensor.space = MCUPROF_SPACE_ARENA;
    tensor.type = MCUPROF_S8;
    tensor.rank = 1;
    for (std::int32_t& extent : tensor.dims) extent = 1;
    tensor.dims[0] = static_cast<std::int32_t>(bytes);
    tensor.id = i;
    std::memcpy(program.data() + header.tensors + i * sizeof tensor, &tensor, sizeof tensor);
    const auto number = static_cast<std::uint16_t>(i);
    std::memcpy(program.data() + header.list + 2 * i, &number, 2);
  }
  for (std::uint32_t i = 0; i < layers; ++i) {
    mcuprof_layer layer{};
    layer.kind = MCUPROF_KIND_COPY;
    for (const std::uint32_t number : unsupported) {
      if (number == i) layer.kind = MCUPROF_KIND_NOT_SUPPORTED;
    }
    layer.input_count = 1;
    layer.output_count = 1;
    layer.inputs = i;
    layer.outputs = i + 1;
    std::memcpy(program.data() + header.layers + i * sizeof layer, &layer, sizeof layer);
  }
  std::memcpy(program.data(), &header, sizeof header);
  const std::size_t behind = offsetof(mcuprof_program_header, crc32) + 4;
  header.crc32 = mcuprof_crc32(0, program.data() + behind,
                               static_cast<std::uint32_t>(program.size() - behind));
  std::memcpy(program.data(), &header, sizeof header);
  return program;
}

/// Where tensor `number` has its offset, from the program's start: to spoil it after the check.
inline std::uint32_t offsetOfTensor(std::uint32_t number) {
  return static_cast<std::uint32_t>(sizeof(mcuprof_program_header) +
                                    number * sizeof(mcuprof_tensor));
}

}  // namespace mcuprof
