#pragma once

#include <cstdint>

namespace mcuprof {

/// A stream of numbers that depends on its seed alone and is the same on every machine, which the
/// distributions of the standard library do not promise. The generator is SplitMix64 (Steele, Lea
/// and Flood, "Fast splittable pseudorandom number generators", 2014).
class RandomStream {
 public:
  explicit RandomStream(std::uint64_t seed) : m_state(seed) {}

  std::uint64_t next();

  /// Each of low ... high (at most 2^32 numbers) about equally often.
  std::int32_t integer(std::int32_t low, std::int32_t high);

  /// In [low, high).
  double real(double low, double high);

 private:
  std::uint64_t m_state;
};

}  // namespace mcuprof
