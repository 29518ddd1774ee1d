/// Exponential and reciprocal in 32-bit fixed point, with the polynomials and roundings that
/// TensorFlow Lite's integer kernels prescribe (gemmlowp's fixedpoint.h). A number with i integer
/// bits stands for raw / 2^(31 - i).
#ifndef MCUPROF_FIRMWARE_KERNELS_FIXED_POINT_H
#define MCUPROF_FIRMWARE_KERNELS_FIXED_POINT_H

#include <stdint.h>

#include "device-agent/firmware/kernels/requantize.h"

/// Left by 0..30 bits; what does not fit saturates.
static inline int32_t mcuprof_saturating_left(int32_t value, int32_t bits) {
  const int32_t limit = (int32_t)((UINT32_C(1) << (31 - bits)) - 1U);
  if (value > limit) return INT32_MAX;
  if (value < -limit - 1) return INT32_MIN;
  return (int32_t)((uint32_t)value << bits);
}

/// e^x for -1/4 <= x < 0, both with 0 integer bits: Taylor's series to the fourth power about -1/8.
static inline int32_t mcuprof_exp_quarter(int32_t x) {
  const int32_t centre = 1895147668; /* e^(-1/8) */
  const int32_t third = 715827883;
  const int32_t d = x + (1 << 28);
  const int32_t d2 = mcuprof_high_mul(d, d);
  const int32_t d3 = mcuprof_high_mul(d2, d);
  const int32_t d4 = mcuprof_high_mul(d2, d2);
  const int32_t upper = mcuprof_high_mul(mcuprof_rounding_shift(d4, 2) + d3, third) + d2;
  return centre + mcuprof_high_mul(centre, d + mcuprof_rounding_shift(upper, 1));
}

/// e^x for x <= 0 with `bits` integer bits, 0 <= bits <= 5; the result has none, 1 is INT32_MAX.
static inline int32_t mcuprof_exp_negative(int32_t x, int32_t bits) {
  /* e^-(1/4), e^-(1/2), ... e^-16 */
  static const int32_t kPower[7] = {1672461947, 1302514674, 790015084, 290630308,
                                    39332535,   720401,     242};
  if (x == 0) return INT32_MAX;
  const int32_t quarter = INT32_C(1) << (29 - bits);
  const int32_t rest = (x & (quarter - 1)) - quarter;
  int32_t result = mcuprof_exp_quarter(mcuprof_saturating_left(rest, bits));
  const uint32_t quarters = (uint32_t)rest - (uint32_t)x;
  for (int32_t i = 0; i < bits + 2; ++i) {
    if (quarters & ((uint32_t)quarter << i)) result = mcuprof_high_mul(result, kPower[i]);
  }
  return result;
}

/// (a + 1) / 2 with 0 integer bits, halves away from zero.
static inline int32_t mcuprof_half_of_one_plus(int32_t a) {
  const int64_t sum = (int64_t)a + INT32_MAX;
  return (int32_t)((sum + (sum >= 0 ? 1 : -1)) / 2);
}

/// 2 / (1 + a) for 0 <= a < 1 (0 integer bits), with 2 integer bits: three Newton-Raphson steps.
static inline int32_t mcuprof_two_over_one_plus(int32_t a) {
  const int32_t half = mcuprof_half_of_one_plus(a);
  int32_t x = 1515870810 + mcuprof_high_mul(half, -1010580540); /* 48/17 - 32/17 * half */
  for (int i = 0; i < 3; ++i) {
    const int32_t error = (INT32_C(1) << 29) - mcuprof_high_mul(half, x);
    x += mcuprof_saturating_left(mcuprof_high_mul(x, error), 2);
  }
  return x;
}

/// 1 / (1 + a) for 0 <= a < 1, all with 0 integer bits.
static inline int32_t mcuprof_one_over_one_plus(int32_t a) {
  return mcuprof_saturating_left(mcuprof_two_over_one_plus(a), 1);
}

/// (1 - a) / (1 + a) for 0 <= a < 1, all with 0 integer bits.
static inline int32_t mcuprof_one_minus_over_one_plus(int32_t a) {
  return mcuprof_saturating_left(mcuprof_two_over_one_plus(a) - (INT32_C(1) << 29), 2);
}

/// Leading zero bits; 32 for 0.
static inline int32_t mcuprof_leading_zeros(uint32_t value) {
  return value == 0 ? 32 : __builtin_clz(value);
}

#endif
