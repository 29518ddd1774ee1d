#pragma once

#include <bit>
#include <cstddef>
#include <cstdint>
#include <map>
#include <span>
#include <string>
#include <string_view>
#include <type_traits>
#include <utility>
#include <vector>

#include "analyzer/model/model.hpp"

namespace mcuprof {

/// Puts a model of one subgraph together, tensor by tensor and operator by operator, and numbers
/// them as the TFLite converter does: inputs first, then constants, then what operators produce;
/// every tensor but state has a buffer of its own.
class ModelBuilder {
 public:
  using TensorIndex = std::int32_t;

  explicit ModelBuilder(std::string description);

  TensorIndex addInput(Tensor tensor);
  TensorIndex addComputed(Tensor tensor);
  /// State that a runtime sets to zero before the first inference.
  TensorIndex addVariable(Tensor tensor);
  /// Carries the quantisation of something inside an operator; has no bytes.
  TensorIndex addIntermediate(Tensor tensor);
  TensorIndex addConstant(Tensor tensor, std::vector<std::byte> data);
  /// An int32 constant that shapes an operator. Equal ones are shared.
  TensorIndex addParameter(std::string_view name, Shape shape,
                           std::span<const std::int32_t> values);

  void addOperator(Operator op);
  void addMetadata(std::string name, std::string_view content);

  const Shape& shapeOf(TensorIndex tensor) const;
  std::size_t operatorCount() const { return m_operators.size(); }

  /// The whole model; the builder is spent. Input and output are named in the signature
  /// "serving_default" after their tensors.
  Model finish(std::vector<TensorIndex> outputs) &&;

 private:
  enum class Part : std::uint8_t { Input, Constant, Computed };
  struct Entry {
    Tensor tensor;
    Part part;
    bool hasBuffer;
    std::vector<std::byte> data;
  };

  TensorIndex add(Tensor tensor, Part part, bool hasBuffer, std::vector<std::byte> data = {});

  Model m_model;
  std::vector<Entry> m_entries;
  std::vector<Operator> m_operators;
  std::vector<std::pair<std::string, std::vector<std::byte>>> m_metadata;
  std::map<std::pair<Shape, std::vector<std::int32_t>>, TensorIndex> m_parameters;
};

/// The bytes of plain numbers as a .tflite file holds them, little end first, on every machine.
template <typename Number>
std::vector<std::byte> littleEndianBytes(std::span<const Number> numbers) {
  static_assert(sizeof(Number) <= sizeof(std::uint64_t));
  using Bits = std::conditional_t<
      sizeof(Number) == 1, std::uint8_t,
      std::conditional_t<sizeof(Number) == 2, std::uint16_t,
                         std::conditional_t<sizeof(Number) == 4, std::uint32_t, std::uint64_t>>>;
  std::vector<std::byte> bytes;
  bytes.reserve(numbers.size() * sizeof(Number));
  for (const Number number : numbers) {
    const std::uint64_t bits = std::bit_cast<Bits>(number);
    for (std::size_t i = 0; i < sizeof(Number); ++i) {
      bytes.push_back(static_cast<std::byte>(bits >> (8 * i)));
    }
  }
  return bytes;
}

}  // namespace mcuprof
