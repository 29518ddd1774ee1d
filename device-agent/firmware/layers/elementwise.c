// ADD, SUB, MUL, DIV, MINIMUM, MAXIMUM, PRELU: two operands, broadcast.
#include "device-agent/firmware/layers/layer.h"

static bool is_add(const struct mcuprof_add* p) {
  return p->left_shift >= 0 && p->left_shift <= 31 && mcuprof_is_shift(p->in1_shift) &&
         mcuprof_is_shift(p->in2_shift) && mcuprof_is_shift(p->out_shift);
}

// The operands' and the output's form; every parameter block here begins with the broadcast.
static int32_t check(const struct mcuprof_call* c, uint32_t type, uint32_t parameter_bytes) {
  if (!mcuprof_has_form(c, 2, 2, 1, parameter_bytes)) return MCUPROF_PROGRAM_BAD_LAYER;
  const struct mcuprof_tensor* a = mcuprof_in(c, 0);
  const struct mcuprof_tensor* b = mcuprof_in(c, 1);
  const struct mcuprof_tensor* out = mcuprof_out(c, 0);
  if (!mcuprof_is_type(a, type) || !mcuprof_is_type(b, type) || !mcuprof_is_type(out, type)) {
    return MCUPROF_PROGRAM_BAD_LAYER;
  }
  const struct mcuprof_broadcast* shape = mcuprof_parameters(c);
  return mcuprof_is_broadcast(shape, mcuprof_elements(a), mcuprof_elements(b),
                              mcuprof_elements(out))
             ? MCUPROF_PROGRAM_OK
             : MCUPROF_PROGRAM_BAD_PARAMETERS;
}

static int32_t check_add(const struct mcuprof_call* c, uint32_t type) {
  const int32_t status = check(c, type, sizeof(struct mcuprof_add_layer));
  if (status != MCUPROF_PROGRAM_OK) return status;
  const struct mcuprof_add_layer* l = mcuprof_parameters(c);
  return is_add(&l->add) ? MCUPROF_PROGRAM_OK : MCUPROF_PROGRAM_BAD_PARAMETERS;
}

static int32_t check_mul(const struct mcuprof_call* c, uint32_t type) {
  const int32_t status = check(c, type, sizeof(struct mcuprof_mul_layer));
  if (status != MCUPROF_PROGRAM_OK) return status;
  const struct mcuprof_mul_layer* l = mcuprof_parameters(c);
  return mcuprof_is_shift(l->mul.out_shift) ? MCUPROF_PROGRAM_OK : MCUPROF_PROGRAM_BAD_PARAMETERS;
}

int32_t mcuprof_check_add_s8(const struct mcuprof_call* c) {
  return check_add(c, MCUPROF_S8);
}
int32_t mcuprof_check_add_s16(const struct mcuprof_call* c) {
  return check_add(c, MCUPROF_S16);
}
int32_t mcuprof_check_add_f32(const struct mcuprof_call* c) {
  return check(c, MCUPROF_F32, sizeof(struct mcuprof_add_layer));
}
int32_t mcuprof_check_sub_s8(const struct mcuprof_call* c) {
  return check_add(c, MCUPROF_S8);
}
int32_t mcuprof_check_sub_s16(const struct mcuprof_call* c) {
  return check_add(c, MCUPROF_S16);
}
int32_t mcuprof_check_mul_s8(const struct mcuprof_call* c) {
  return check_mul(c, MCUPROF_S8);
}
int32_t mcuprof_check_mul_s16(const struct mcuprof_call* c) {
  return check_mul(c, MCUPROF_S16);
}
int32_t mcuprof_check_arithmetic_s32(const struct mcuprof_call* c) {
  return check(c, MCUPROF_S32, sizeof(struct mcuprof_arithmetic_layer));
}
int32_t mcuprof_check_prelu_s8(const struct mcuprof_call* c) {
  const int32_t status = check(c, MCUPROF_S8, sizeof(struct mcuprof_prelu_layer));
  if (status != MCUPROF_PROGRAM_OK) return status;
  const struct mcuprof_prelu_layer* l = mcuprof_parameters(c);
  return l->shape.stride1[MCUPROF_MOVE_RANK - 1] == 1 && mcuprof_is_shift(l->prelu.shift) &&
                 mcuprof_is_shift(l->prelu.alpha_shift)
             ? MCUPROF_PROGRAM_OK
             : MCUPROF_PROGRAM_BAD_PARAMETERS;
}

// Calls RUN for every run of the innermost extent: `a` and `b` at its start, `out` follows.
#define WALK(T, RUN)                                                                    \
  const struct mcuprof_broadcast* s = &l->shape;                                        \
  const int32_t* e = s->extent;                                                         \
  const int32_t a_step = s->stride1[5];                                                 \
  const int32_t b_step = s->stride2[5];                                                 \
  const int32_t n = e[5];                                                               \
  T* out = mcuprof_out_data(c, 0);                                                      \
  (void)a_step;                                                                         \
  for (int32_t i0 = 0; i0 < e[0]; ++i0)                                                 \
    for (int32_t i1 = 0; i1 < e[1]; ++i1)                                               \
      for (int32_t i2 = 0; i2 < e[2]; ++i2)                                             \
        for (int32_t i3 = 0; i3 < e[3]; ++i3)                                           \
          for (int32_t i4 = 0; i4 < e[4]; ++i4, out += n) {                             \
            const T* a = (const T*)mcuprof_in_data(c, 0) + i0 * s->stride1[0] +         \
                         i1 * s->stride1[1] + i2 * s->stride1[2] + i3 * s->stride1[3] + \
                         i4 * s->stride1[4];                                            \
            const T* b = (const T*)mcuprof_in_data(c, 1) + i0 * s->stride2[0] +         \
                         i1 * s->stride2[1] + i2 * s->stride2[2] + i3 * s->stride2[3] + \
                         i4 * s->stride2[4];                                            \
            RUN;                                                                        \
          }

#define RUN_ADD(name, T)                                           \
  void mcuprof_run_##name(const struct mcuprof_call* c) {          \
    const struct mcuprof_add_layer* l = mcuprof_parameters(c);     \
    WALK(T, mcuprof_##name(&l->add, a, a_step, b, b_step, out, n)) \
  }

RUN_ADD(add_s8, int8_t)
RUN_ADD(add_s16, int16_t)
RUN_ADD(sub_s8, int8_t)
RUN_ADD(sub_s16, int16_t)

void mcuprof_run_add_f32(const struct mcuprof_call* c) {
  const struct mcuprof_add_layer* l = mcuprof_parameters(c);
  WALK(float, mcuprof_add_f32(&l->act, a, a_step, b, b_step, out, n))
}

void mcuprof_run_mul_s8(const struct mcuprof_call* c) {
  const struct mcuprof_mul_layer* l = mcuprof_parameters(c);
  WALK(int8_t, mcuprof_mul_s8(&l->mul, a, a_step, b, b_step, out, n))
}

void mcuprof_run_mul_s16(const struct mcuprof_call* c) {
  const struct mcuprof_mul_layer* l = mcuprof_parameters(c);
  WALK(int16_t, mcuprof_mul_s16(&l->mul, a, a_step, b, b_step, out, n))
}

void mcuprof_run_arithmetic_s32(const struct mcuprof_call* c) {
  const struct mcuprof_arithmetic_layer* l = mcuprof_parameters(c);
  WALK(int32_t, mcuprof_arithmetic_s32(&l->arithmetic, a, a_step, b, b_step, out, n))
}

void mcuprof_run_prelu_s8(const struct mcuprof_call* c) {
  const struct mcuprof_prelu_layer* l = mcuprof_parameters(c);
  WALK(int8_t, mcuprof_prelu_s8(&l->prelu, a, b, b_step, out, n))
}
