#pragma once

#include <cmath>
#include <cstdint>

namespace mcuprof::vboard {

/// Virtual time in 1/1024 of a core cycle: prices have fractions, and sums of whole numbers are the
/// same in every run.
using Ticks = std::uint64_t;

constexpr unsigned kTickBits = 10;

constexpr Ticks ticksOfCycles(std::uint64_t cycles) {
  return cycles << kTickBits;
}
inline Ticks ticksOfPrice(double cycles) {
  return static_cast<Ticks>(std::llround(cycles * (1u << kTickBits)));
}
constexpr std::uint64_t cyclesOf(Ticks ticks) {
  return ticks >> kTickBits;
}

}  // namespace mcuprof::vboard
