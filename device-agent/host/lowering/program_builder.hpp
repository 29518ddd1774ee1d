#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <cstring>
#include <map>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "analyzer/base/quantity.hpp"
#include "device-agent/firmware/program.h"

namespace mcuprof {

/// A layer as the program holds it, but for its places.
struct ProgramLayer {
  std::uint16_t kind = 0;  ///< enum mcuprof_kind
  std::vector<std::uint16_t> inputs;
  std::vector<std::uint16_t> outputs;
  std::vector<std::byte> parameters;
  Bytes scratchOffset;
  Bytes scratchBytes;
  std::uint32_t op = 0;
  std::string operatorName;
  std::string name;
  std::string reason;
};

/// Puts a layer program (device-agent/firmware/program.h) together, piece by piece. Constants get
/// their final offset at once, so that parameter blocks may hold it.
class ProgramBuilder {
 public:
  ProgramBuilder();

  /// Appends bytes at a multiple of 16 and returns their offset.
  std::uint32_t addConstant(std::span<const std::byte> bytes);
  /// The same for a list of plain values.
  template <typename T>
  std::uint32_t addConstants(std::span<const T> values) {
    return addConstant(std::as_bytes(values));
  }

  /// Appends a tensor and returns its number. `name` within it is set here.
  std::uint16_t addTensor(mcuprof_tensor tensor, std::string_view name);
  std::size_t tensorCount() const { return m_tensors.size(); }

  void addLayer(const ProgramLayer& layer);

  /// Bytes so far, without tables.
  std::size_t size() const { return m_bytes.size(); }

  /// The whole program. Inputs and outputs are tensor numbers.
  std::vector<std::byte> build(std::span<const std::uint16_t> inputs,
                               std::span<const std::uint16_t> outputs, std::uint32_t library,
                               Bytes arenaBytes,
                               const std::array<std::uint8_t, 16>& modelHash) const;

 private:
  std::uint32_t intern(std::string_view name);

  std::vector<std::byte> m_bytes;  ///< header's place, then constants
  std::vector<mcuprof_tensor> m_tensors;
  std::vector<mcuprof_layer> m_layers;
  std::vector<std::uint16_t> m_list;
  std::string m_names;
  std::map<std::string, std::uint32_t, std::less<>> m_nameOffsets;
};

/// The bytes of a plain struct, for ProgramLayer::parameters.
template <typename T>
std::vector<std::byte> bytesOf(const T& value) {
  std::vector<std::byte> bytes(sizeof(T));
  std::memcpy(bytes.data(), &value, sizeof(T));
  return bytes;
}

}  // namespace mcuprof
