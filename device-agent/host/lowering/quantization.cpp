#include "device-agent/host/lowering/quantization.hpp"

#include <algorithm>
#include <cmath>
#include <limits>

namespace mcuprof {

FixedMultiplier quantizeMultiplier(double real) {
  if (real == 0.0 || !std::isfinite(real)) return {};
  int shift = 0;
  const double fraction = std::frexp(real, &shift);
  auto value = static_cast<std::int64_t>(std::round(fraction * 2147483648.0));
  if (value == std::int64_t{1} << 31) {
    value /= 2;
    ++shift;
  }
  if (shift < -31) return {};
  return {static_cast<std::int32_t>(value), shift};
}

std::pair<std::int32_t, std::int32_t> activationRange(Activation activation, ElementType type,
                                                      float scale, std::int32_t zeroPoint) {
  std::int32_t least = std::numeric_limits<std::int8_t>::min();
  std::int32_t most = std::numeric_limits<std::int8_t>::max();
  if (type == ElementType::Int16) {
    least = std::numeric_limits<std::int16_t>::min();
    most = std::numeric_limits<std::int16_t>::max();
  }
  const auto stored = [&](float real) {
    const float steps = std::round(real / scale);
    // A scale this small puts the bound outside of the type anyway.
    return zeroPoint + static_cast<std::int32_t>(std::clamp(steps, -1.0e6F, 1.0e6F));
  };
  switch (activation) {
    case Activation::Relu:
      return {std::max(least, stored(0.0F)), most};
    case Activation::Relu6:
      return {std::max(least, stored(0.0F)), std::min(most, stored(6.0F))};
    case Activation::ReluN1To1:
      return {std::max(least, stored(-1.0F)), std::min(most, stored(1.0F))};
    case Activation::None:
    case Activation::Tanh:
    case Activation::SignBit:
      break;
  }
  return {least, most};
}

mcuprof_range_f32 activationRangeF32(Activation activation) {
  constexpr float kMost = std::numeric_limits<float>::max();
  switch (activation) {
    case Activation::Relu:
      return {0.0F, kMost};
    case Activation::Relu6:
      return {0.0F, 6.0F};
    case Activation::ReluN1To1:
      return {-1.0F, 1.0F};
    case Activation::None:
    case Activation::Tanh:
    case Activation::SignBit:
      break;
  }
  return {-kMost, kMost};
}

std::int32_t inputRadius(int integerBits, int leftShift) {
  const double most = std::ldexp(std::ldexp(1.0, integerBits) - 1.0, 31 - integerBits - leftShift);
  return static_cast<std::int32_t>(
      std::floor(std::min(most, static_cast<double>(std::numeric_limits<std::int32_t>::max()))));
}

}  // namespace mcuprof
