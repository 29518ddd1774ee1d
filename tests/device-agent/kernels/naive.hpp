#pragma once

#include <algorithm>
#include <cmath>
#include <cstdint>
#include <vector>

#include "tests/device-agent/kernels/dice.hpp"

namespace mcuprof::test {

/// Fixed-point scaling from its definition, in exact real arithmetic: the product with the
/// multiplier's 31-bit fraction is rounded to an integer (halves up), then divided by the power of
/// two and rounded again (halves away from zero).
inline std::int64_t scaledTwice(std::int64_t value, std::int32_t mult, std::int32_t shift) {
  // long double has 64 significant bits here, which holds every product of 32 by 31 bits.
  static_assert(std::numeric_limits<long double>::digits >= 64);
  const long double shifted = shift > 0 ? std::ldexp(static_cast<long double>(value), shift)
                                        : static_cast<long double>(value);
  const long double product = std::ldexp(shifted * static_cast<long double>(mult), -31);
  const long double once = std::floor(product + 0.5L);
  const long double twice = shift < 0 ? std::ldexp(once, shift) : once;
  return static_cast<std::int64_t>(std::round(twice));
}

/// Scaling of 64-bit accumulators: the multiplier is first rounded to 15 bits, then there is one
/// rounding, halves up.
inline std::int64_t scaledOnce(std::int64_t value, std::int32_t mult, std::int32_t shift) {
  const double reduced = std::min(std::floor(std::ldexp(mult, -16) + 0.5), 32767.0);
  const long double real =
      std::ldexp(static_cast<long double>(value) * static_cast<long double>(reduced), shift - 15);
  return static_cast<std::int64_t>(std::floor(real + 0.5L));
}

inline std::int64_t clamped(std::int64_t value, std::int64_t least, std::int64_t most) {
  return value < least ? least : value > most ? most : value;
}

/// An array of up to six axes, addressed by its indices.
template <typename T>
struct Nd {
  std::vector<std::int32_t> extents;
  std::vector<T> values;

  explicit Nd(std::vector<std::int32_t> e) : extents(std::move(e)) {
    values.resize(static_cast<std::size_t>(count()));
  }
  Nd(std::vector<std::int32_t> e, std::vector<T> v) : extents(std::move(e)), values(std::move(v)) {}

  std::int64_t count() const {
    std::int64_t product = 1;
    for (const std::int32_t extent : extents) product *= extent;
    return product;
  }
  template <typename... Index>
  T& at(Index... index) {
    const std::int64_t list[] = {index...};
    std::int64_t place = 0;
    for (std::size_t i = 0; i < extents.size(); ++i) place = place * extents[i] + list[i];
    return values.at(static_cast<std::size_t>(place));
  }
};

}  // namespace mcuprof::test
