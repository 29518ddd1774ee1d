/// Fixed-point scaling as TensorFlow Lite defines it, with its double rounding.
#ifndef MCUPROF_FIRMWARE_KERNELS_REQUANTIZE_H
#define MCUPROF_FIRMWARE_KERNELS_REQUANTIZE_H

#include <stdint.h>

/// The high half of 2*a*b, rounded to nearest, halves up. Only both operands INT32_MIN overflow;
/// that saturates.
static inline int32_t mcuprof_high_mul(int32_t a, int32_t b) {
  if (a == INT32_MIN && b == INT32_MIN) return INT32_MAX;
  const int64_t product = (int64_t)a * b;
  return (int32_t)((product + (INT64_C(1) << 30)) >> 31);
}

/// value / 2^exponent, halves away from zero; 0 <= exponent <= 31.
static inline int32_t mcuprof_rounding_shift(int32_t value, int32_t exponent) {
  const int32_t mask = (int32_t)((UINT32_C(1) << exponent) - 1U);
  const int32_t rest = value & mask;
  const int32_t threshold = (mask >> 1) + (value < 0 ? 1 : 0);
  return (value >> exponent) + (rest > threshold ? 1 : 0);
}

/// value * mult * 2^(shift - 31) with a rounding for each of the two steps. -31 <= shift <= 30,
/// mult >= 0. A left shift that leaves 32 bits wraps, as it does on the devices.
static inline int32_t mcuprof_requantize(int32_t value, int32_t mult, int32_t shift) {
  const int32_t left = shift > 0 ? shift : 0;
  const int32_t right = shift > 0 ? 0 : -shift;
  const int32_t shifted = (int32_t)((uint32_t)value << left);
  const int64_t product = (int64_t)shifted * mult;
  const int32_t high = (int32_t)((product + (INT64_C(1) << 30)) >> 31);
  return mcuprof_rounding_shift(high, right);
}

/// The same for 64-bit accumulators of int16 kernels: the multiplier is rounded to 16 bits and
/// there is one rounding. |value| < 2^47, mult >= 0, -31 <= shift <= 7.
static inline int32_t mcuprof_requantize_s64(int64_t value, int32_t mult, int32_t shift) {
  const int64_t reduced = mult < 0x7FFF0000 ? (mult + (1 << 15)) >> 16 : 0x7FFF;
  const int32_t total = 15 - shift;
  return (int32_t)((value * reduced + (INT64_C(1) << (total - 1))) >> total);
}

static inline int32_t mcuprof_clamp(int32_t value, int32_t min, int32_t max) {
  return value < min ? min : value > max ? max : value;
}

static inline float mcuprof_clamp_f32(float value, float min, float max) {
  value = value < min ? min : value;
  return value > max ? max : value;
}

#endif
