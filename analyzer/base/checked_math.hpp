#pragma once

#include <cstdint>
#include <optional>

namespace mcuprof {

/// Product of two counts, or nothing when either is negative or it does not fit 63 bits.
inline std::optional<std::int64_t> checkedMultiply(std::int64_t a, std::int64_t b) {
  std::int64_t product = 0;
  if (a < 0 || b < 0 || __builtin_mul_overflow(a, b, &product)) return std::nullopt;
  return product;
}

/// Sum of two counts, or nothing when either is negative or it does not fit 63 bits.
inline std::optional<std::int64_t> checkedAdd(std::int64_t a, std::int64_t b) {
  std::int64_t sum = 0;
  if (a < 0 || b < 0 || __builtin_add_overflow(a, b, &sum)) return std::nullopt;
  return sum;
}

}  // namespace mcuprof
