#include "device-agent/firmware/kernels/sum.h"

void mcuprof_add_s16(const struct mcuprof_add* p, const int16_t* a, int32_t a_step,
                     const int16_t* b, int32_t b_step, int16_t* out, int32_t n) {
  for (int32_t i = 0; i < n; ++i, a += a_step, b += b_step)
    out[i] = (int16_t)mcuprof_sum(p, *a, *b);
}

void mcuprof_add_f32(const struct mcuprof_range_f32* act, const float* a, int32_t a_step,
                     const float* b, int32_t b_step, float* out, int32_t n) {
  for (int32_t i = 0; i < n; ++i, a += a_step, b += b_step) {
    out[i] = mcuprof_clamp_f32(*a + *b, act->min, act->max);
  }
}

void mcuprof_mul_s16(const struct mcuprof_mul* p, const int16_t* a, int32_t a_step,
                     const int16_t* b, int32_t b_step, int16_t* out, int32_t n) {
  for (int32_t i = 0; i < n; ++i, a += a_step, b += b_step)
    out[i] = (int16_t)mcuprof_product(p, *a, *b);
}
