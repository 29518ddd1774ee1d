#pragma once

#include <cstdint>
#include <utility>

#include "analyzer/model/op.hpp"
#include "analyzer/model/tensor.hpp"
#include "device-agent/firmware/kernels/kernels.h"

namespace mcuprof {

/// real = value * 2^(shift - 31), as integer kernels scale their accumulators.
struct FixedMultiplier {
  std::int32_t value = 0;
  std::int32_t shift = 0;  ///< -31..; 0 when value is 0
  friend bool operator==(const FixedMultiplier&, const FixedMultiplier&) = default;
};

/// The nearest multiplier with 31 significant bits, as TensorFlow Lite rounds it: halves away from
/// zero; below 2^-32 it is 0. A negative real gives a negative value.
FixedMultiplier quantizeMultiplier(double real);

/// What a quantised output may be: its type's range, cut by the fused activation. `scale` and
/// `zeroPoint` are the output's. Activations that only floats have leave the type's range.
std::pair<std::int32_t, std::int32_t> activationRange(Activation activation, ElementType type,
                                                      float scale, std::int32_t zeroPoint);

/// The same for floats.
mcuprof_range_f32 activationRangeF32(Activation activation);

/// The largest |difference of inputs| that a fixed-point number with `integerBits` can hold after a
/// left shift.
std::int32_t inputRadius(int integerBits, int leftShift);

}  // namespace mcuprof
