#include "device-agent/host/reference/reference.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cstring>

#include "device-agent/firmware/checksum.h"
#include "device-agent/firmware/kernels/kernels.h"

namespace mcuprof {
namespace {

constexpr std::size_t kBlock = 16;

std::string_view meaningOf(std::int32_t status) {
  switch (status) {
    case MCUPROF_PROGRAM_OK:
      return "accepted";
    case MCUPROF_PROGRAM_NOT_SUPPORTED:
      return "not supported by this agent";
    case MCUPROF_PROGRAM_BAD_MAGIC:
      return "no layer program";
    case MCUPROF_PROGRAM_BAD_VERSION:
      return "a layer program of another version";
    case MCUPROF_PROGRAM_BAD_SIZE:
      return "cut short, or of a wrong size";
    case MCUPROF_PROGRAM_BAD_CRC:
      return "its checksum is wrong";
    case MCUPROF_PROGRAM_BAD_LIBRARY:
      return "made for another kernel library";
    case MCUPROF_PROGRAM_ARENA_TOO_SMALL:
      return "needs a larger arena";
    case MCUPROF_PROGRAM_BAD_ALIGNMENT:
      return "not at a multiple of 16";
    case MCUPROF_PROGRAM_BAD_TABLE:
      return "a table lies outside of it";
    case MCUPROF_PROGRAM_BAD_TENSOR:
      return "lies outside or has a wrong size";
    case MCUPROF_PROGRAM_BAD_LAYER:
      return "its tensors are not what its kind wants";
    case MCUPROF_PROGRAM_BAD_PARAMETERS:
      return "its parameters are out of range";
    case MCUPROF_PROGRAM_BAD_SCRATCH:
      return "its scratch is too small or lies outside";
    default:
      return "an unknown problem";
  }
}

}  // namespace

std::string textOf(const mcuprof_problem& problem) {
  switch (problem.status) {
    case MCUPROF_PROGRAM_BAD_TENSOR:
      return fmt::format("tensor {}: {}", problem.index, meaningOf(problem.status));
    case MCUPROF_PROGRAM_BAD_LAYER:
    case MCUPROF_PROGRAM_BAD_PARAMETERS:
    case MCUPROF_PROGRAM_BAD_SCRATCH:
      return fmt::format("layer {}: {}", problem.index, meaningOf(problem.status));
    default:
      return std::string(meaningOf(problem.status));
  }
}

Result<Reference> Reference::load(std::span<const std::byte> program) {
  if (program.size() > UINT32_MAX) return Error{"layer program", "is larger than 4 GiB"};
  Reference r;
  r.m_bytes.resize(std::max<std::size_t>((program.size() + kBlock - 1) / kBlock, 1));
  if (!program.empty()) std::memcpy(r.m_bytes.data(), program.data(), program.size());
  std::uint32_t arenaBytes = 0;
  std::uint32_t library = MCUPROF_LIBRARY_PORTABLE;
  if (program.size() >= sizeof(mcuprof_program_header)) {
    mcuprof_program_header header{};
    std::memcpy(&header, program.data(), sizeof(header));
    arenaBytes = header.arena_bytes;
    // All libraries compute the same, and the portable one wants no scratch.
    if (header.library <= MCUPROF_LIBRARY_CMSIS_NN) library = header.library;
  }
  const mcuprof_problem problem =
      mcuprof_program_check_for(&r.m_program, r.m_bytes.data(),
                                static_cast<std::uint32_t>(program.size()), arenaBytes, library);
  if (problem.status != MCUPROF_PROGRAM_OK) return Error{"layer program", textOf(problem)};
  r.m_arena.resize((arenaBytes + kBlock - 1) / kBlock);
  r.reset();
  return r;
}

void Reference::reset() {
  std::fill(m_arena.begin(), m_arena.end(), Block{});
  m_isComputed.assign(m_program.header->tensor_count, true);
  mcuprof_program_reset(&m_program, reinterpret_cast<std::uint8_t*>(m_arena.data()));
}

void Reference::fill(InputFill fill) {
  auto* arena = reinterpret_cast<std::uint8_t*>(m_arena.data());
  std::uint32_t x = 1;
  for (std::uint32_t i = 0; i < m_program.header->input_count; ++i) {
    const mcuprof_tensor& t = m_program.tensors[m_program.list[m_program.header->inputs + i]];
    if (t.space != MCUPROF_SPACE_ARENA) continue;
    if (fill == InputFill::Zeros) {
      std::memset(arena + t.offset, 0, t.bytes);
    } else {
      x = mcuprof_fill_xorshift(&t, arena, x);
    }
  }
}

Bytes Reference::inputBytes() const {
  Bytes sum;
  for (std::uint32_t i = 0; i < m_program.header->input_count; ++i) {
    sum += Bytes(m_program.tensors[m_program.list[m_program.header->inputs + i]].bytes);
  }
  return sum;
}

Result<void> Reference::fill(std::span<const std::byte> bytes) {
  if (Bytes(static_cast<std::int64_t>(bytes.size())) != inputBytes()) {
    return Error{"input", fmt::format("it has {} bytes, wanted the {} of the model's inputs",
                                      bytes.size(), inputBytes().value)};
  }
  std::size_t at = 0;
  for (std::uint32_t i = 0; i < m_program.header->input_count; ++i) {
    const mcuprof_tensor& t = m_program.tensors[m_program.list[m_program.header->inputs + i]];
    if (t.space == MCUPROF_SPACE_ARENA) {
      std::memcpy(reinterpret_cast<std::byte*>(m_arena.data()) + t.offset, bytes.data() + at,
                  t.bytes);
    }
    at += t.bytes;
  }
  return {};
}

std::span<const std::byte> Reference::tensor(std::uint32_t number) const {
  const mcuprof_tensor& t = m_program.tensors[number];
  const auto* base = t.space == MCUPROF_SPACE_PROGRAM
                         ? reinterpret_cast<const std::byte*>(m_bytes.data())
                         : reinterpret_cast<const std::byte*>(m_arena.data());
  return {base + t.offset, t.bytes};
}

std::vector<OutputHash> Reference::run(std::uint32_t layer) {
  const mcuprof_layer& l = m_program.layers[layer];
  const std::int32_t status =
      mcuprof_layer_run(&m_program, layer, reinterpret_cast<std::uint8_t*>(m_arena.data()));
  bool isComputed = status == MCUPROF_PROGRAM_OK;
  for (std::uint32_t i = 0; i < l.input_count; ++i) {
    const std::uint16_t number = m_program.list[l.inputs + i];
    if (number != MCUPROF_NO_TENSOR) isComputed = isComputed && m_isComputed[number];
  }
  std::vector<OutputHash> hashes;
  for (std::uint32_t i = 0; i < l.output_count; ++i) {
    const std::uint16_t number = m_program.list[l.outputs + i];
    m_isComputed[number] = isComputed;
    const auto bytes = tensor(number);
    hashes.push_back(
        {layer, i, m_program.tensors[number].id,
         mcuprof_fnv1a(MCUPROF_FNV_START, bytes.data(), static_cast<std::uint32_t>(bytes.size())),
         isComputed});
  }
  return hashes;
}

std::vector<OutputHash> Reference::runAll() {
  std::vector<OutputHash> hashes;
  for (std::uint32_t i = 0; i < layerCount(); ++i) {
    const auto layer = run(i);
    hashes.insert(hashes.end(), layer.begin(), layer.end());
  }
  return hashes;
}

}  // namespace mcuprof
