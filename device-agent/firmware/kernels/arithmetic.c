#include "device-agent/firmware/kernels/arithmetic.h"

#include "device-agent/firmware/kernels/requantize.h"

static int32_t scaled(int32_t value, int32_t left_shift, int32_t mult, int32_t shift) {
  return mcuprof_requantize((int32_t)((uint32_t)value << left_shift), mult, shift);
}

static int32_t subtracted(const struct mcuprof_add* p, int32_t a, int32_t b) {
  const int32_t difference = scaled(a + p->in1_offset, p->left_shift, p->in1_mult, p->in1_shift) -
                             scaled(b + p->in2_offset, p->left_shift, p->in2_mult, p->in2_shift);
  return mcuprof_clamp(mcuprof_requantize(difference, p->out_mult, p->out_shift) + p->out_offset,
                       p->act_min, p->act_max);
}

void mcuprof_sub_s8(const struct mcuprof_add* p, const int8_t* a, int32_t a_step, const int8_t* b,
                    int32_t b_step, int8_t* out, int32_t n) {
  for (int32_t i = 0; i < n; ++i, a += a_step, b += b_step) out[i] = (int8_t)subtracted(p, *a, *b);
}

void mcuprof_sub_s16(const struct mcuprof_add* p, const int16_t* a, int32_t a_step,
                     const int16_t* b, int32_t b_step, int16_t* out, int32_t n) {
  for (int32_t i = 0; i < n; ++i, a += a_step, b += b_step) out[i] = (int16_t)subtracted(p, *a, *b);
}

static int32_t quotient(int32_t a, int32_t b) {
  if (b == 0) return 0;
  return b == -1 ? (int32_t)(0U - (uint32_t)a) : a / b;
}

static int32_t computed(int32_t operation, int32_t a, int32_t b) {
  switch (operation) {
    case MCUPROF_OPERATION_ADD:
      return (int32_t)((uint32_t)a + (uint32_t)b);
    case MCUPROF_OPERATION_SUB:
      return (int32_t)((uint32_t)a - (uint32_t)b);
    case MCUPROF_OPERATION_MUL:
      return (int32_t)((uint32_t)a * (uint32_t)b);
    case MCUPROF_OPERATION_DIV:
      return quotient(a, b);
    case MCUPROF_OPERATION_MIN:
      return a < b ? a : b;
    default:
      return a > b ? a : b;
  }
}

void mcuprof_arithmetic_s32(const struct mcuprof_plain* p, const int32_t* a, int32_t a_step,
                            const int32_t* b, int32_t b_step, int32_t* out, int32_t n) {
  for (int32_t i = 0; i < n; ++i, a += a_step, b += b_step) {
    out[i] = mcuprof_clamp(computed(p->operation, *a, *b), p->act_min, p->act_max);
  }
}
