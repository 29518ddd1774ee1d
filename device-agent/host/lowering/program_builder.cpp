#include "device-agent/host/lowering/program_builder.hpp"

#include <limits>

namespace mcuprof {
namespace {

void pad(std::vector<std::byte>& bytes) {
  bytes.resize((bytes.size() + MCUPROF_PROGRAM_ALIGNMENT - 1) / MCUPROF_PROGRAM_ALIGNMENT *
               MCUPROF_PROGRAM_ALIGNMENT);
}

/// Appends a table at a multiple of 16 and returns its offset.
template <typename T>
std::uint32_t append(std::vector<std::byte>& bytes, const std::vector<T>& table) {
  pad(bytes);
  const auto offset = static_cast<std::uint32_t>(bytes.size());
  const auto view = std::as_bytes(std::span(table));
  bytes.insert(bytes.end(), view.begin(), view.end());
  return offset;
}

}  // namespace

ProgramBuilder::ProgramBuilder() : m_bytes(sizeof(mcuprof_program_header)) {
  // Offset 0 is the empty name.
  intern("");
}

std::uint32_t ProgramBuilder::addConstant(std::span<const std::byte> bytes) {
  pad(m_bytes);
  const auto offset = static_cast<std::uint32_t>(m_bytes.size());
  m_bytes.insert(m_bytes.end(), bytes.begin(), bytes.end());
  return offset;
}

std::uint16_t ProgramBuilder::addTensor(mcuprof_tensor tensor, std::string_view name) {
  tensor.name = intern(name);
  m_tensors.push_back(tensor);
  return static_cast<std::uint16_t>(m_tensors.size() - 1);
}

std::uint32_t ProgramBuilder::intern(std::string_view name) {
  // The program's names end at the first zero.
  name = name.substr(0, name.find('\0'));
  const auto known = m_nameOffsets.find(name);
  if (known != m_nameOffsets.end()) return known->second;
  const auto offset = static_cast<std::uint32_t>(m_names.size());
  m_names.append(name).push_back('\0');
  m_nameOffsets.emplace(name, offset);
  return offset;
}

void ProgramBuilder::addLayer(const ProgramLayer& layer) {
  mcuprof_layer l{};
  l.kind = layer.kind;
  l.input_count = static_cast<std::uint8_t>(layer.inputs.size());
  l.output_count = static_cast<std::uint8_t>(layer.outputs.size());
  l.inputs = static_cast<std::uint32_t>(m_list.size());
  m_list.insert(m_list.end(), layer.inputs.begin(), layer.inputs.end());
  l.outputs = static_cast<std::uint32_t>(m_list.size());
  m_list.insert(m_list.end(), layer.outputs.begin(), layer.outputs.end());
  l.parameters = layer.parameters.empty() ? 0 : addConstant(layer.parameters);
  l.parameter_bytes = static_cast<std::uint32_t>(layer.parameters.size());
  l.scratch = static_cast<std::uint32_t>(layer.scratchOffset.value);
  l.scratch_bytes = static_cast<std::uint32_t>(layer.scratchBytes.value);
  l.op = layer.op;
  l.operator_name = intern(layer.operatorName);
  l.name = intern(layer.name);
  l.reason = intern(layer.reason);
  m_layers.push_back(l);
}

std::vector<std::byte> ProgramBuilder::build(std::span<const std::uint16_t> inputs,
                                             std::span<const std::uint16_t> outputs,
                                             std::uint32_t library, Bytes arenaBytes,
                                             const std::array<std::uint8_t, 16>& modelHash) const {
  std::vector<std::uint16_t> list = m_list;
  mcuprof_program_header h{};
  h.inputs = static_cast<std::uint32_t>(list.size());
  h.input_count = static_cast<std::uint32_t>(inputs.size());
  list.insert(list.end(), inputs.begin(), inputs.end());
  h.outputs = static_cast<std::uint32_t>(list.size());
  h.output_count = static_cast<std::uint32_t>(outputs.size());
  list.insert(list.end(), outputs.begin(), outputs.end());

  std::vector<std::byte> bytes = m_bytes;
  h.magic = MCUPROF_PROGRAM_MAGIC;
  h.version = MCUPROF_PROGRAM_VERSION;
  h.header_bytes = sizeof(h);
  h.library = library;
  h.arena_bytes = static_cast<std::uint32_t>(arenaBytes.value);
  h.tensor_count = static_cast<std::uint32_t>(m_tensors.size());
  h.tensors = append(bytes, m_tensors);
  h.layer_count = static_cast<std::uint32_t>(m_layers.size());
  h.layers = append(bytes, m_layers);
  h.list_count = static_cast<std::uint32_t>(list.size());
  h.list = append(bytes, list);
  h.names_bytes = static_cast<std::uint32_t>(m_names.size());
  h.names = append(bytes, std::vector<char>(m_names.begin(), m_names.end()));
  pad(bytes);
  h.bytes = static_cast<std::uint32_t>(bytes.size());
  std::memcpy(h.model_sha256, modelHash.data(), modelHash.size());
  std::memcpy(bytes.data(), &h, sizeof(h));
  constexpr std::size_t kBehindCrc = offsetof(mcuprof_program_header, crc32) + sizeof(h.crc32);
  h.crc32 = mcuprof_crc32(0, bytes.data() + kBehindCrc,
                          static_cast<std::uint32_t>(bytes.size() - kBehindCrc));
  std::memcpy(bytes.data(), &h, sizeof(h));
  return bytes;
}

}  // namespace mcuprof
