#include "device-agent/firmware/kernels/cmsis_nn/adapter.h"

void mcuprof_softmax_s8(const struct mcuprof_softmax* p, const int8_t* in, int8_t* out) {
  arm_softmax_s8(in, p->rows, p->depth, p->mult, p->shift, p->diff_min, out);
}

void mcuprof_softmax_s8_s16(const struct mcuprof_softmax* p, const int8_t* in, int16_t* out) {
  arm_softmax_s8_s16(in, p->rows, p->depth, p->mult, p->shift, p->diff_min, out);
}
