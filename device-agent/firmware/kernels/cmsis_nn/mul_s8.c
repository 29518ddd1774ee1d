#include "device-agent/firmware/kernels/cmsis_nn/adapter.h"
#include "device-agent/firmware/kernels/sum.h"

// CMSIS-NN multiplies whole vectors; an operand that is repeated is multiplied here.
void mcuprof_mul_s8(const struct mcuprof_mul* p, const int8_t* a, int32_t a_step, const int8_t* b,
                    int32_t b_step, int8_t* out, int32_t n) {
  if (a_step == 1 && b_step == 1) {
    mcuprof_want(arm_elementwise_mul_s8(a, b, p->in1_offset, p->in2_offset, out, p->out_offset,
                                        p->out_mult, p->out_shift, p->act_min, p->act_max, n));
    return;
  }
  for (int32_t i = 0; i < n; ++i, a += a_step, b += b_step) {
    out[i] = (int8_t)mcuprof_product(p, *a, *b);
  }
}
