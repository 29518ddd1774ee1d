#include "device-agent/firmware/kernels/arithmetic.h"
#include "device-agent/firmware/kernels/fixed_point.h"

// Tables have 512 intervals of 128 positions; a position is -32768..32767.
static int32_t look_up(const int16_t* table, int32_t position) {
  position = mcuprof_clamp(position, INT16_MIN, INT16_MAX);
  const int32_t entry = 256 + (position >> 7);
  const int32_t low = table[entry];
  const int32_t slope = (int16_t)(table[entry + 1] - low);
  return (int16_t)(low + ((slope * (position & 0x7F) + 64) >> 7));
}

void mcuprof_softmax_s16(const struct mcuprof_softmax* p, const int16_t* exponential,
                         const int16_t* reciprocal, const int16_t* in, int16_t* out) {
  for (int32_t r = 0; r < p->rows; ++r, in += p->depth, out += p->depth) {
    int32_t max = INT16_MIN;
    for (int32_t i = 0; i < p->depth; ++i) {
      if (in[i] > max) max = in[i];
    }
    uint32_t sum = 0;
    for (int32_t i = 0; i < p->depth; ++i) {
      const int32_t scaled = mcuprof_requantize(in[i] - max, p->mult, p->shift);
      out[i] = (int16_t)look_up(exponential, scaled + INT16_MAX);
      const uint32_t value = (uint32_t)(int32_t)out[i];
      sum += value;
    }
    /* The sum is 1..2 times 2^(31 - zeros) in 1/2^15; a sum below one unit cannot come from real
       tables, and is taken for one. */
    if (sum < 2 || sum > INT32_MAX) sum = 2;
    const int32_t zeros = mcuprof_leading_zeros(sum);
    const int32_t mantissa =
        (int32_t)((((int64_t)sum << (zeros - 1)) + (1 << 13)) >> 14) - (1 << 16) - (1 << 15);
    const int64_t one_over = look_up(reciprocal, mantissa);
    const int32_t right = 31 - zeros;
    for (int32_t i = 0; i < p->depth; ++i) {
      const int32_t value = (int32_t)((out[i] * one_over + (INT64_C(1) << (right - 1))) >> right);
      out[i] = (int16_t)mcuprof_clamp(value, 0, INT16_MAX);
    }
  }
}
