#pragma once

#include <gtest/gtest.h>

#include <cstddef>
#include <cstdint>
#include <limits>
#include <random>
#include <vector>

namespace mcuprof::test {

/// Random parameters of a kernel, the same for the same seed.
class Dice {
 public:
  explicit Dice(std::uint32_t seed) : m_engine(seed) {}

  /// Both ends inclusive.
  std::int32_t between(std::int32_t least, std::int32_t most) {
    return std::uniform_int_distribution<std::int32_t>(least, most)(m_engine);
  }
  /// True once in `n`.
  bool oneIn(std::int32_t n) { return between(1, n) == 1; }

  /// Whole range of an integer type, one in four cases at its ends only.
  template <typename T>
  std::vector<T> values(std::int64_t count) {
    constexpr std::int32_t kLeast = std::numeric_limits<T>::min();
    constexpr std::int32_t kMost = std::numeric_limits<T>::max();
    const bool atEnds = oneIn(4);
    std::vector<T> list(static_cast<std::size_t>(count));
    for (T& value : list) {
      value = static_cast<T>(atEnds ? (oneIn(2) ? kLeast : kMost) : between(kLeast, kMost));
    }
    return list;
  }

  std::vector<float> floats(std::int64_t count) {
    std::uniform_real_distribution<float> distribution(-2.0F, 2.0F);
    std::vector<float> list(static_cast<std::size_t>(count));
    for (float& value : list) value = distribution(m_engine);
    return list;
  }

  /// Sums of accumulators of a few hundred products.
  template <typename T>
  std::vector<T> biases(std::int64_t count, std::int32_t most) {
    std::vector<T> list(static_cast<std::size_t>(count));
    for (T& value : list) value = static_cast<T>(between(-most, most));
    return list;
  }

  /// A multiplier as quantisation makes it: 31 significant bits, or 0 now and then.
  std::int32_t multiplier() {
    return oneIn(50) ? 0 : between(1 << 30, std::numeric_limits<std::int32_t>::max());
  }
  std::vector<std::int32_t> multipliers(std::int64_t count) {
    std::vector<std::int32_t> list(static_cast<std::size_t>(count));
    for (std::int32_t& value : list) value = multiplier();
    return list;
  }
  std::vector<std::int32_t> shifts(std::int64_t count, std::int32_t least, std::int32_t most) {
    std::vector<std::int32_t> list(static_cast<std::size_t>(count));
    for (std::int32_t& value : list) value = between(least, most);
    return list;
  }

 private:
  std::mt19937 m_engine;
};

/// A range of seeds, so that no test takes long; ends with the first that fails.
template <typename Check>
void forSeeds(std::uint32_t first, std::uint32_t count, Check check) {
  for (std::uint32_t seed = first; seed < first + count; ++seed) {
    check(seed);
    if (::testing::Test::HasFailure()) return;
  }
}

}  // namespace mcuprof::test
