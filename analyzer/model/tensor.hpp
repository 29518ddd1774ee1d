#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "analyzer/base/quantity.hpp"

namespace mcuprof {

/// Element types of .tflite files, with the numbers of the schema's TensorType.
enum class ElementType : std::uint8_t {
  Float32 = 0,
  Float16 = 1,
  Int32 = 2,
  Uint8 = 3,
  Int64 = 4,
  String = 5,
  Bool = 6,
  Int16 = 7,
  Complex64 = 8,
  Int8 = 9,
  Float64 = 10,
  Complex128 = 11,
  Uint64 = 12,
  Resource = 13,
  Variant = 14,
  Uint32 = 15,
  Uint16 = 16,
  Int4 = 17,
  Bfloat16 = 18,
  Int2 = 19,
  Uint4 = 20,
  Float8E4m3fn = 21,
  Float8E5m2 = 22,
};

/// As written in reports: "int8", "float32".
std::string_view nameOf(ElementType type);

/// Whether the schema this tool was built with knows the number.
bool isKnown(ElementType type);

/// Bits of one element; nothing for string, resource and variant, whose size is not in the file.
constexpr std::optional<int> bitsOf(ElementType type) {
  switch (type) {
    case ElementType::Int2:
      return 2;
    case ElementType::Int4:
    case ElementType::Uint4:
      return 4;
    case ElementType::Uint8:
    case ElementType::Bool:
    case ElementType::Int8:
    case ElementType::Float8E4m3fn:
    case ElementType::Float8E5m2:
      return 8;
    case ElementType::Float16:
    case ElementType::Int16:
    case ElementType::Uint16:
    case ElementType::Bfloat16:
      return 16;
    case ElementType::Float32:
    case ElementType::Int32:
    case ElementType::Uint32:
      return 32;
    case ElementType::Int64:
    case ElementType::Complex64:
    case ElementType::Float64:
    case ElementType::Uint64:
      return 64;
    case ElementType::Complex128:
      return 128;
    case ElementType::String:
    case ElementType::Resource:
    case ElementType::Variant:
      return std::nullopt;
  }
  return std::nullopt;
}

/// Extents, outermost first; empty for a scalar. Each extent is >= 0.
using Shape = std::vector<std::int32_t>;

/// Number of elements (1 for a scalar), or nothing when it does not fit 63 bits.
inline std::optional<std::int64_t> countElements(std::span<const std::int32_t> shape) {
  std::int64_t count = 1;
  for (const std::int32_t extent : shape)
    if (extent < 0 || __builtin_mul_overflow(count, std::int64_t{extent}, &count))
      return std::nullopt;
  return count;
}

/// Bytes of a tensor as TensorFlow Lite stores it: elements of less than a byte are packed and the
/// last byte is filled up. Nothing when the type has no size or the product does not fit 63 bits.
std::optional<Bytes> sizeOf(ElementType type, std::span<const std::int32_t> shape);

/// "1x64x64x16"; "scalar" for no extents.
std::string textOf(std::span<const std::int32_t> shape);

/// Affine quantisation: real = scale * (stored - zeroPoint). One entry per tensor, or one per slice
/// of `dimension`. Either list may be empty when the file leaves it out.
struct Quantization {
  std::vector<float> scales;
  std::vector<std::int64_t> zeroPoints;
  std::int32_t dimension = 0;

  friend bool operator==(const Quantization&, const Quantization&) = default;
};

/// Block-sparse storage; kept so that reports can say that the stored bytes are not the dense
/// bytes.
struct Sparsity {
  std::vector<std::int32_t> traversalOrder;
  std::vector<std::int32_t> blockMap;
  std::size_t dimensions = 0;

  friend bool operator==(const Sparsity&, const Sparsity&) = default;
};

/// One tensor of a subgraph as the file describes it.
struct Tensor {
  std::string name;
  ElementType type = ElementType::Float32;
  Shape shape;
  /// The shape with -1 where the converter knew no extent; empty when the file has none.
  Shape shapeSignature;
  std::optional<Quantization> quantization;
  std::optional<Sparsity> sparsity;
  bool isVariable = false;
  /// Index into Model::buffers, as in the file; buffer 0 is the empty one.
  std::uint32_t buffer = 0;
};

}  // namespace mcuprof
