#include "analyzer/model/op_view.hpp"

#include <algorithm>
#include <cstring>

namespace mcuprof {
namespace {

/// Just beyond any extent. "To the end" is often written as a larger number; cut to this, products
/// of two fit 63 bits.
constexpr std::int64_t kLargest = std::int64_t{1} << 31;

template <typename T>
std::vector<std::int64_t> valuesOf(std::span<const std::byte> data) {
  std::vector<std::int64_t> values;
  values.reserve(data.size() / sizeof(T));
  for (std::size_t at = 0; at + sizeof(T) <= data.size(); at += sizeof(T)) {
    T value;
    std::memcpy(&value, data.data() + at, sizeof(T));
    values.push_back(std::clamp<std::int64_t>(value, -kLargest, kLargest));
  }
  return values;
}

}  // namespace

std::optional<std::vector<std::int64_t>> OpView::constant(std::size_t i) const {
  constexpr std::size_t kLongest = 256;
  if (!has(i)) return std::nullopt;
  const GraphTensor& tensor = input(i);
  // An empty list of axes has no bytes, so it does not look like a constant, and need not.
  if (!tensor.isConstant && (tensor.bytes != Bytes(0) || tensor.producer.valid())) {
    return std::nullopt;
  }
  if (tensor.data.size() > kLongest || tensor.isSparse) return std::nullopt;
  if (tensor.type == ElementType::Int32) return valuesOf<std::int32_t>(tensor.data);
  if (tensor.type == ElementType::Int64) return valuesOf<std::int64_t>(tensor.data);
  return std::nullopt;
}

std::int64_t elementsOf(const Shape& shape) {
  return countElements(shape).value_or(0);
}

}  // namespace mcuprof
