/// Sigmoid and hyperbolic tangent of int16 values by interpolation; see struct mcuprof_curve.
#ifndef MCUPROF_FIRMWARE_KERNELS_CURVE_H
#define MCUPROF_FIRMWARE_KERNELS_CURVE_H

#include <stdint.h>

#include "device-agent/firmware/kernels/unary.h"

static inline int32_t mcuprof_curve_position(const struct mcuprof_curve* p, int32_t value) {
  const int32_t rounding = p->shift > 0 ? (int32_t)(UINT32_C(1) << (p->shift - 1)) : 0;
  return (value * p->mult + rounding) >> p->shift;
}

/// The table at `position` in 1/2^bits of an entry; 2^16 - 1 entries' worth beyond its end.
static inline int32_t mcuprof_curve_at(const uint16_t* table, uint32_t position, int32_t bits,
                                       int32_t beyond) {
  const uint32_t entry = position >> bits;
  if (entry >= 255) return beyond << bits;
  const int32_t low = table[entry];
  const int32_t high = table[entry + 1];
  const int32_t part = (int32_t)(position & ((UINT32_C(1) << bits) - 1U));
  return (low << bits) + part * (high - low);
}

static inline uint32_t mcuprof_magnitude(int32_t value) {
  return value < 0 ? 0U - (uint32_t)value : (uint32_t)value;
}

/// 0..32767 for 0..1.
static inline int32_t mcuprof_sigmoid_s16(const struct mcuprof_curve* p, const uint16_t* table,
                                          int32_t value) {
  const int32_t position = mcuprof_curve_position(p, value);
  /* Beyond the table's end the sigmoid is 0x7FFF / 2^15, which is 0xFFFE / 2^16. */
  const int32_t half = mcuprof_curve_at(table, mcuprof_magnitude(position), 9, 0xFFFE);
  return (position >= 0 ? half + (1 << 9) : (1 << 25) - half + (1 << 9) - 1) >> 10;
}

/// -32768..32767 for -1..1.
static inline int32_t mcuprof_hyperbolic_tangent_s16(const struct mcuprof_curve* p,
                                                     const uint16_t* table, int32_t value) {
  const int32_t position = mcuprof_curve_position(p, value);
  const int32_t twice = mcuprof_curve_at(table, mcuprof_magnitude(position), 8, 0xFFFF);
  return (position >= 0 ? twice - (1 << 23) + (1 << 7) : (1 << 23) - twice + (1 << 7) - 1) >> 8;
}

#endif
