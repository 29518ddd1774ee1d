#include "analyzer/model/random_weights.hpp"

namespace mcuprof {

std::uint64_t RandomStream::next() {
  m_state += 0x9e3779b97f4a7c15U;
  std::uint64_t z = m_state;
  z = (z ^ (z >> 30U)) * 0xbf58476d1ce4e5b9U;
  z = (z ^ (z >> 27U)) * 0x94d049bb133111ebU;
  return z ^ (z >> 31U);
}

std::int32_t RandomStream::integer(std::int32_t low, std::int32_t high) {
  // The upper half of a 32 by 32 bit product spreads 32 random bits over the range without a
  // division.
  const auto count = static_cast<std::uint64_t>(static_cast<std::int64_t>(high) - low + 1);
  const std::uint64_t offset = ((next() >> 32U) * count) >> 32U;
  return static_cast<std::int32_t>(low + static_cast<std::int64_t>(offset));
}

double RandomStream::real(double low, double high) {
  const double unit = static_cast<double>(next() >> 11U) * 0x1p-53;
  return low + unit * (high - low);
}

}  // namespace mcuprof
