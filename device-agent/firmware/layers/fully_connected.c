// FULLY_CONNECTED.
#include "device-agent/firmware/kernels/scratch.h"
#include "device-agent/firmware/layers/layer.h"

static int32_t check(const struct mcuprof_call* c, uint32_t type, uint32_t weight_type,
                     uint32_t bias_type, int32_t most_shift) {
  if (!mcuprof_has_form(c, 2, 3, 1, sizeof(struct mcuprof_fully_connected_layer))) {
    return MCUPROF_PROGRAM_BAD_LAYER;
  }
  const struct mcuprof_fully_connected_layer* l = mcuprof_parameters(c);
  const struct mcuprof_fully_connected* p = &l->fc;
  if (p->rows < 1 || p->in < 1 || p->out < 1) return MCUPROF_PROGRAM_BAD_PARAMETERS;
  if (!mcuprof_is_flat(mcuprof_in(c, 0), type, (int64_t)p->rows * p->in) ||
      !mcuprof_is_flat(mcuprof_in(c, 1), weight_type, (int64_t)p->out * p->in) ||
      !mcuprof_is_flat(mcuprof_out(c, 0), type, (int64_t)p->rows * p->out)) {
    return MCUPROF_PROGRAM_BAD_LAYER;
  }
  const struct mcuprof_tensor* bias = mcuprof_in(c, 2);
  if (bias && !mcuprof_is_flat(bias, bias_type, p->out)) return MCUPROF_PROGRAM_BAD_LAYER;
  if (most_shift &&
      !mcuprof_are_multipliers(c, l->mult, l->shift, p->per_channel ? p->out : 1, most_shift)) {
    return MCUPROF_PROGRAM_BAD_PARAMETERS;
  }
  return MCUPROF_PROGRAM_OK;
}

#define INTEGER(name, type, bias_type, most_shift)                                            \
  int32_t mcuprof_check_fully_connected_##name(const struct mcuprof_call* c) {                \
    const int32_t status = check(c, type, MCUPROF_S8, bias_type, most_shift);                 \
    if (status != MCUPROF_PROGRAM_OK) return status;                                          \
    const struct mcuprof_fully_connected_layer* l = mcuprof_parameters(c);                    \
    const int64_t wanted =                                                                    \
        mcuprof_scratch_fully_connected_##name(c->program->header->library, &l->fc);          \
    return mcuprof_has_scratch(c, wanted) ? MCUPROF_PROGRAM_OK : MCUPROF_PROGRAM_BAD_SCRATCH; \
  }                                                                                           \
  void mcuprof_run_fully_connected_##name(const struct mcuprof_call* c) {                     \
    const struct mcuprof_fully_connected_layer* l = mcuprof_parameters(c);                    \
    mcuprof_fully_connected_##name(&l->fc, mcuprof_in_data(c, 0), mcuprof_in_data(c, 1),      \
                                   mcuprof_in_data(c, 2), mcuprof_constant(c, l->mult),       \
                                   mcuprof_constant(c, l->shift), mcuprof_out_data(c, 0),     \
                                   mcuprof_scratch(c));                                       \
  }

INTEGER(s8, MCUPROF_S8, MCUPROF_S32, 30)
INTEGER(s16, MCUPROF_S16, MCUPROF_S64, 7)

int32_t mcuprof_check_fully_connected_f32(const struct mcuprof_call* c) {
  return check(c, MCUPROF_F32, MCUPROF_F32, MCUPROF_F32, 0);
}

void mcuprof_run_fully_connected_f32(const struct mcuprof_call* c) {
  const struct mcuprof_fully_connected_layer* l = mcuprof_parameters(c);
  mcuprof_fully_connected_f32(&l->fc, &l->act, mcuprof_in_data(c, 0), mcuprof_in_data(c, 1),
                              mcuprof_in_data(c, 2), mcuprof_out_data(c, 0));
}
