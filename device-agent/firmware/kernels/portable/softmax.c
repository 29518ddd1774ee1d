#include "device-agent/firmware/kernels/fixed_point.h"
#include "device-agent/firmware/kernels/kernels.h"

// Exponentials are added up with 12 integer bits.
#define SUM_BITS 12

struct row {
  int32_t max;
  int32_t reciprocal;  ///< of the sum, scaled to 1/2..1
  int32_t over;        ///< bits of the sum above 1
};

static int32_t exponential(const struct mcuprof_softmax* p, int32_t difference) {
  const int32_t scaled = (int32_t)((uint32_t)difference << p->shift);
  return mcuprof_exp_negative(mcuprof_high_mul(scaled, p->mult), 5);
}

static struct row sum_up(const struct mcuprof_softmax* p, const int8_t* in) {
  struct row row = {INT8_MIN, 0, 0};
  for (int32_t i = 0; i < p->depth; ++i) {
    if (in[i] > row.max) row.max = in[i];
  }
  uint32_t sum = 0;
  for (int32_t i = 0; i < p->depth; ++i) {
    const int32_t difference = in[i] - row.max;
    if (difference < p->diff_min) continue;
    sum += (uint32_t)mcuprof_rounding_shift(exponential(p, difference), SUM_BITS);
  }
  if (sum == 0) sum = 1;
  const int32_t zeros = mcuprof_leading_zeros(sum);
  row.over = SUM_BITS - zeros;
  row.reciprocal = mcuprof_one_over_one_plus((int32_t)((sum << zeros) - (UINT32_C(1) << 31)));
  return row;
}

// One element as a fraction of 2^bits. Sums of more than 2^(bits + 1) leave nothing of a quotient.
static int32_t quotient(const struct mcuprof_softmax* p, const struct row* row, int32_t value,
                        int32_t bits) {
  const int32_t difference = value - row->max;
  const int32_t exponent = row->over + 31 - bits;
  if (difference < p->diff_min || exponent > 31) return 0;
  const int32_t product = mcuprof_high_mul(row->reciprocal, exponential(p, difference));
  return exponent < 0 ? mcuprof_saturating_left(product, -exponent)
                      : mcuprof_rounding_shift(product, exponent);
}

void mcuprof_softmax_s8(const struct mcuprof_softmax* p, const int8_t* in, int8_t* out) {
  for (int32_t r = 0; r < p->rows; ++r, in += p->depth, out += p->depth) {
    const struct row row = sum_up(p, in);
    for (int32_t i = 0; i < p->depth; ++i) {
      out[i] = (int8_t)mcuprof_clamp(quotient(p, &row, in[i], 8) + INT8_MIN, INT8_MIN, INT8_MAX);
    }
  }
}

void mcuprof_softmax_s8_s16(const struct mcuprof_softmax* p, const int8_t* in, int16_t* out) {
  for (int32_t r = 0; r < p->rows; ++r, in += p->depth, out += p->depth) {
    const struct row row = sum_up(p, in);
    for (int32_t i = 0; i < p->depth; ++i) {
      out[i] =
          (int16_t)mcuprof_clamp(quotient(p, &row, in[i], 16) + INT16_MIN, INT16_MIN, INT16_MAX);
    }
  }
}
