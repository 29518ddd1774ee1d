#pragma once

#include <compare>
#include <cstdint>

namespace mcuprof {

/// A whole number of one unit. Quantities of different units do not mix; a product with a plain
/// number keeps the unit. Values that come from a file have been proved to fit 63 bits where they
/// entered.
template <typename Unit>
struct Quantity {
  std::int64_t value = 0;

  constexpr Quantity() = default;
  constexpr explicit Quantity(std::int64_t count) : value(count) {}

  // clang-tidy 14 objects to the 0 that the compiler compares with.
  friend constexpr auto operator<=>(Quantity, Quantity) = default;  // NOLINT(modernize-use-nullptr)
  friend constexpr Quantity operator+(Quantity a, Quantity b) {
    return Quantity(a.value + b.value);
  }
  friend constexpr Quantity operator-(Quantity a, Quantity b) {
    return Quantity(a.value - b.value);
  }
  friend constexpr Quantity operator*(Quantity a, std::int64_t n) { return Quantity(a.value * n); }
  friend constexpr Quantity operator*(std::int64_t n, Quantity a) { return Quantity(a.value * n); }
  constexpr Quantity& operator+=(Quantity other) {
    value += other.value;
    return *this;
  }
  constexpr Quantity& operator-=(Quantity other) {
    value -= other.value;
    return *this;
  }
};

using Bytes = Quantity<struct BytesUnit>;
/// Multiply-accumulate operations.
using Macs = Quantity<struct MacsUnit>;

constexpr Bytes operator""_B(unsigned long long n) {
  return Bytes(static_cast<std::int64_t>(n));
}
constexpr Bytes operator""_KiB(unsigned long long n) {
  return Bytes(static_cast<std::int64_t>(n) * 1024);
}

/// The smallest multiple of `step` that is not below `size`; `step` > 0, `size` >= 0.
constexpr Bytes roundUp(Bytes size, Bytes step) {
  return Bytes((size.value + step.value - 1) / step.value * step.value);
}

}  // namespace mcuprof
