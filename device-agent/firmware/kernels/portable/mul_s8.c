#include "device-agent/firmware/kernels/sum.h"

void mcuprof_mul_s8(const struct mcuprof_mul* p, const int8_t* a, int32_t a_step, const int8_t* b,
                    int32_t b_step, int8_t* out, int32_t n) {
  for (int32_t i = 0; i < n; ++i, a += a_step, b += b_step)
    out[i] = (int8_t)mcuprof_product(p, *a, *b);
}
