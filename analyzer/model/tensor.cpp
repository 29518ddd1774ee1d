#include "analyzer/model/tensor.hpp"

#include "analyzer/base/checked_math.hpp"

namespace mcuprof {
namespace {

/// An empty name stands for a number that the schema does not have.
std::string_view nameFor(ElementType type) {
  switch (type) {
    case ElementType::Float32:
      return "float32";
    case ElementType::Float16:
      return "float16";
    case ElementType::Int32:
      return "int32";
    case ElementType::Uint8:
      return "uint8";
    case ElementType::Int64:
      return "int64";
    case ElementType::String:
      return "string";
    case ElementType::Bool:
      return "bool";
    case ElementType::Int16:
      return "int16";
    case ElementType::Complex64:
      return "complex64";
    case ElementType::Int8:
      return "int8";
    case ElementType::Float64:
      return "float64";
    case ElementType::Complex128:
      return "complex128";
    case ElementType::Uint64:
      return "uint64";
    case ElementType::Resource:
      return "resource";
    case ElementType::Variant:
      return "variant";
    case ElementType::Uint32:
      return "uint32";
    case ElementType::Uint16:
      return "uint16";
    case ElementType::Int4:
      return "int4";
    case ElementType::Bfloat16:
      return "bfloat16";
    case ElementType::Int2:
      return "int2";
    case ElementType::Uint4:
      return "uint4";
    case ElementType::Float8E4m3fn:
      return "float8_e4m3fn";
    case ElementType::Float8E5m2:
      return "float8_e5m2";
  }
  return {};
}

}  // namespace

std::string_view nameOf(ElementType type) {
  return nameFor(type);
}

bool isKnown(ElementType type) {
  return !nameFor(type).empty();
}

std::optional<Bytes> sizeOf(ElementType type, std::span<const std::int32_t> shape) {
  const std::optional<int> bits = bitsOf(type);
  const std::optional<std::int64_t> count = countElements(shape);
  if (!bits || !count) return std::nullopt;
  if (*bits < 8) {
    const int perByte = 8 / *bits;
    return Bytes(*count / perByte + (*count % perByte != 0 ? 1 : 0));
  }
  const std::optional<std::int64_t> bytes = checkedMultiply(*count, *bits / 8);
  return bytes ? std::optional<Bytes>(Bytes(*bytes)) : std::nullopt;
}

std::string textOf(std::span<const std::int32_t> shape) {
  if (shape.empty()) return "scalar";
  std::string text;
  for (const std::int32_t extent : shape) {
    if (!text.empty()) text += 'x';
    text += std::to_string(extent);
  }
  return text;
}

}  // namespace mcuprof
