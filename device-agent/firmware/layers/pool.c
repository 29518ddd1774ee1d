// AVERAGE_POOL_2D, MAX_POOL_2D.
#include "device-agent/firmware/kernels/scratch.h"
#include "device-agent/firmware/layers/layer.h"

static int32_t check(const struct mcuprof_call* c, uint32_t type) {
  if (!mcuprof_has_form(c, 1, 1, 1, sizeof(struct mcuprof_pool_layer))) {
    return MCUPROF_PROGRAM_BAD_LAYER;
  }
  const struct mcuprof_pool_layer* l = mcuprof_parameters(c);
  const struct mcuprof_pool* p = &l->pool;
  if (!mcuprof_is_shape(mcuprof_in(c, 0), type, p->batches, p->in_h, p->in_w, p->channels) ||
      !mcuprof_is_shape(mcuprof_out(c, 0), type, p->batches, p->out_h, p->out_w, p->channels)) {
    return MCUPROF_PROGRAM_BAD_LAYER;
  }
  if (!mcuprof_is_window(p->in_h, p->out_h, p->k_h, p->stride_h, 1, p->pad_h) ||
      !mcuprof_is_window(p->in_w, p->out_w, p->k_w, p->stride_w, 1, p->pad_w)) {
    return MCUPROF_PROGRAM_BAD_PARAMETERS;
  }
  // No window lies in the padding alone, so an average never divides by zero.
  if (p->pad_h >= p->k_h || p->pad_w >= p->k_w ||
      (int64_t)(p->out_h - 1) * p->stride_h - p->pad_h >= p->in_h ||
      (int64_t)(p->out_w - 1) * p->stride_w - p->pad_w >= p->in_w) {
    return MCUPROF_PROGRAM_BAD_PARAMETERS;
  }
  return MCUPROF_PROGRAM_OK;
}

#define AVERAGE(name, type, T)                                                                \
  int32_t mcuprof_check_average_pool_##name(const struct mcuprof_call* c) {                   \
    const int32_t status = check(c, type);                                                    \
    if (status != MCUPROF_PROGRAM_OK) return status;                                          \
    const struct mcuprof_pool_layer* l = mcuprof_parameters(c);                               \
    const int64_t wanted =                                                                    \
        mcuprof_scratch_average_pool_##name(c->program->header->library, &l->pool);           \
    return mcuprof_has_scratch(c, wanted) ? MCUPROF_PROGRAM_OK : MCUPROF_PROGRAM_BAD_SCRATCH; \
  }                                                                                           \
  void mcuprof_run_average_pool_##name(const struct mcuprof_call* c) {                        \
    const struct mcuprof_pool_layer* l = mcuprof_parameters(c);                               \
    mcuprof_average_pool_##name(&l->pool, mcuprof_in_data(c, 0), mcuprof_out_data(c, 0),      \
                                mcuprof_scratch(c));                                          \
  }

AVERAGE(s8, MCUPROF_S8, int8_t)
AVERAGE(s16, MCUPROF_S16, int16_t)

int32_t mcuprof_check_average_pool_f32(const struct mcuprof_call* c) {
  return check(c, MCUPROF_F32);
}

void mcuprof_run_average_pool_f32(const struct mcuprof_call* c) {
  const struct mcuprof_pool_layer* l = mcuprof_parameters(c);
  mcuprof_average_pool_f32(&l->pool, &l->act, mcuprof_in_data(c, 0), mcuprof_out_data(c, 0));
}

int32_t mcuprof_check_max_pool_s8(const struct mcuprof_call* c) {
  return check(c, MCUPROF_S8);
}

int32_t mcuprof_check_max_pool_s16(const struct mcuprof_call* c) {
  return check(c, MCUPROF_S16);
}

int32_t mcuprof_check_max_pool_f32(const struct mcuprof_call* c) {
  return check(c, MCUPROF_F32);
}

void mcuprof_run_max_pool_s8(const struct mcuprof_call* c) {
  const struct mcuprof_pool_layer* l = mcuprof_parameters(c);
  mcuprof_max_pool_s8(&l->pool, mcuprof_in_data(c, 0), mcuprof_out_data(c, 0));
}

void mcuprof_run_max_pool_s16(const struct mcuprof_call* c) {
  const struct mcuprof_pool_layer* l = mcuprof_parameters(c);
  mcuprof_max_pool_s16(&l->pool, mcuprof_in_data(c, 0), mcuprof_out_data(c, 0));
}

void mcuprof_run_max_pool_f32(const struct mcuprof_call* c) {
  const struct mcuprof_pool_layer* l = mcuprof_parameters(c);
  mcuprof_max_pool_f32(&l->pool, &l->act, mcuprof_in_data(c, 0), mcuprof_out_data(c, 0));
}
