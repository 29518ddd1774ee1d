#include "device-agent/firmware/kernels/dsp/simd.h"
#include "device-agent/firmware/kernels/kernels.h"

void mcuprof_add_s8(const struct mcuprof_add* p, const int8_t* a, int32_t a_step, const int8_t* b,
                    int32_t b_step, int8_t* out, int32_t n) {
  const struct mcuprof_scale scale1 = mcuprof_scale_of(p->in1_mult, p->in1_shift);
  const struct mcuprof_scale scale2 = mcuprof_scale_of(p->in2_mult, p->in2_shift);
  const struct mcuprof_scale scale = mcuprof_scale_of(p->out_mult, p->out_shift);
  const struct mcuprof_finish finish = mcuprof_finish_of(p->out_offset, p->act_min, p->act_max);
  const int32_t offset1 = p->in1_offset;
  const int32_t offset2 = p->in2_offset;
  const int32_t left = p->left_shift;
  for (const int8_t* end = out + n; out != end; ++out) {
    const uint32_t x = (uint32_t)(*a + offset1) << left;
    const uint32_t y = (uint32_t)(*b + offset2) << left;
    const uint32_t sum = (uint32_t)mcuprof_scaled((int32_t)x, &scale1) +
                         (uint32_t)mcuprof_scaled((int32_t)y, &scale2);
    *out = mcuprof_one_output(mcuprof_scaled((int32_t)sum, &scale), &finish);
    a += a_step;
    b += b_step;
  }
}
