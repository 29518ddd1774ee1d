// SOFTMAX.
#include "device-agent/firmware/layers/layer.h"

static int32_t check(const struct mcuprof_call* c, uint32_t in, uint32_t out) {
  if (!mcuprof_has_form(c, 1, 1, 1, sizeof(struct mcuprof_softmax_layer))) {
    return MCUPROF_PROGRAM_BAD_LAYER;
  }
  const struct mcuprof_softmax_layer* l = mcuprof_parameters(c);
  const struct mcuprof_softmax* p = &l->softmax;
  if (p->rows < 1 || p->depth < 1) return MCUPROF_PROGRAM_BAD_PARAMETERS;
  const int64_t elements = (int64_t)p->rows * p->depth;
  return mcuprof_is_flat(mcuprof_in(c, 0), in, elements) &&
                 mcuprof_is_flat(mcuprof_out(c, 0), out, elements)
             ? MCUPROF_PROGRAM_OK
             : MCUPROF_PROGRAM_BAD_LAYER;
}

static int32_t check_s8(const struct mcuprof_call* c, uint32_t out) {
  const int32_t status = check(c, MCUPROF_S8, out);
  if (status != MCUPROF_PROGRAM_OK) return status;
  const struct mcuprof_softmax_layer* l = mcuprof_parameters(c);
  return l->softmax.shift >= 0 && l->softmax.shift <= 31 ? MCUPROF_PROGRAM_OK
                                                         : MCUPROF_PROGRAM_BAD_PARAMETERS;
}

int32_t mcuprof_check_softmax_s8(const struct mcuprof_call* c) {
  return check_s8(c, MCUPROF_S8);
}

int32_t mcuprof_check_softmax_s8_s16(const struct mcuprof_call* c) {
  return check_s8(c, MCUPROF_S16);
}

int32_t mcuprof_check_softmax_s16(const struct mcuprof_call* c) {
  const int32_t status = check(c, MCUPROF_S16, MCUPROF_S16);
  if (status != MCUPROF_PROGRAM_OK) return status;
  const struct mcuprof_softmax_layer* l = mcuprof_parameters(c);
  return mcuprof_is_shift(l->softmax.shift) && mcuprof_is_constant(c, l->exponential, 513 * 2) &&
                 mcuprof_is_constant(c, l->reciprocal, 513 * 2)
             ? MCUPROF_PROGRAM_OK
             : MCUPROF_PROGRAM_BAD_PARAMETERS;
}

void mcuprof_run_softmax_s8(const struct mcuprof_call* c) {
  const struct mcuprof_softmax_layer* l = mcuprof_parameters(c);
  mcuprof_softmax_s8(&l->softmax, mcuprof_in_data(c, 0), mcuprof_out_data(c, 0));
}

void mcuprof_run_softmax_s8_s16(const struct mcuprof_call* c) {
  const struct mcuprof_softmax_layer* l = mcuprof_parameters(c);
  mcuprof_softmax_s8_s16(&l->softmax, mcuprof_in_data(c, 0), mcuprof_out_data(c, 0));
}

void mcuprof_run_softmax_s16(const struct mcuprof_call* c) {
  const struct mcuprof_softmax_layer* l = mcuprof_parameters(c);
  mcuprof_softmax_s16(&l->softmax, mcuprof_constant(c, l->exponential),
                      mcuprof_constant(c, l->reciprocal), mcuprof_in_data(c, 0),
                      mcuprof_out_data(c, 0));
}
