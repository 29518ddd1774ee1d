/// One element of ADD and of MUL.
#ifndef MCUPROF_FIRMWARE_KERNELS_SUM_H
#define MCUPROF_FIRMWARE_KERNELS_SUM_H

#include "device-agent/firmware/kernels/kernels.h"
#include "device-agent/firmware/kernels/requantize.h"

static inline int32_t mcuprof_operand(int32_t value, int32_t left_shift, int32_t mult,
                                      int32_t shift) {
  return mcuprof_requantize((int32_t)((uint32_t)value << left_shift), mult, shift);
}

static inline int32_t mcuprof_sum(const struct mcuprof_add* p, int32_t a, int32_t b) {
  const int32_t sum = mcuprof_operand(a + p->in1_offset, p->left_shift, p->in1_mult, p->in1_shift) +
                      mcuprof_operand(b + p->in2_offset, p->left_shift, p->in2_mult, p->in2_shift);
  return mcuprof_clamp(mcuprof_requantize(sum, p->out_mult, p->out_shift) + p->out_offset,
                       p->act_min, p->act_max);
}

static inline int32_t mcuprof_product(const struct mcuprof_mul* p, int32_t a, int32_t b) {
  const int32_t product = (a + p->in1_offset) * (b + p->in2_offset);
  return mcuprof_clamp(mcuprof_requantize(product, p->out_mult, p->out_shift) + p->out_offset,
                       p->act_min, p->act_max);
}

#endif
