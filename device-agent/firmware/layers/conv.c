// CONV_2D, DEPTHWISE_CONV_2D, TRANSPOSE_CONV.
#include "device-agent/firmware/kernels/scratch.h"
#include "device-agent/firmware/layers/layer.h"

// Largest left shift with which 64-bit accumulators are scaled; see mcuprof_requantize_s64.
#define MOST_SHIFT_S64 7
#define MOST_SHIFT 30

static int32_t check_conv(const struct mcuprof_call* c, uint32_t type, uint32_t weight_type,
                          uint32_t bias_type, int32_t most_shift) {
  if (!mcuprof_has_form(c, 2, 3, 1, sizeof(struct mcuprof_conv_layer))) {
    return MCUPROF_PROGRAM_BAD_LAYER;
  }
  const struct mcuprof_conv_layer* l = mcuprof_parameters(c);
  const struct mcuprof_conv* p = &l->conv;
  if (!mcuprof_is_shape(mcuprof_in(c, 0), type, p->batches, p->in_h, p->in_w, p->in_c) ||
      !mcuprof_is_shape(mcuprof_in(c, 1), weight_type, p->out_c, p->k_h, p->k_w, p->filter_c) ||
      !mcuprof_is_shape(mcuprof_out(c, 0), type, p->batches, p->out_h, p->out_w, p->out_c)) {
    return MCUPROF_PROGRAM_BAD_LAYER;
  }
  const struct mcuprof_tensor* bias = mcuprof_in(c, 2);
  if (bias && !mcuprof_is_flat(bias, bias_type, p->out_c)) return MCUPROF_PROGRAM_BAD_LAYER;
  if (!mcuprof_is_window(p->in_h, p->out_h, p->k_h, p->stride_h, p->dil_h, p->pad_h) ||
      !mcuprof_is_window(p->in_w, p->out_w, p->k_w, p->stride_w, p->dil_w, p->pad_w)) {
    return MCUPROF_PROGRAM_BAD_PARAMETERS;
  }
  if (p->in_c % p->filter_c != 0 || p->out_c % (p->in_c / p->filter_c) != 0) {
    return MCUPROF_PROGRAM_BAD_PARAMETERS;
  }
  if (most_shift && !mcuprof_are_multipliers(c, l->mult, l->shift, p->out_c, most_shift)) {
    return MCUPROF_PROGRAM_BAD_PARAMETERS;
  }
  return MCUPROF_PROGRAM_OK;
}

static int32_t with_scratch(const struct mcuprof_call* c, int32_t status, int64_t wanted) {
  if (status != MCUPROF_PROGRAM_OK) return status;
  return mcuprof_has_scratch(c, wanted) ? MCUPROF_PROGRAM_OK : MCUPROF_PROGRAM_BAD_SCRATCH;
}

int32_t mcuprof_check_conv_s8(const struct mcuprof_call* c) {
  const int32_t status = check_conv(c, MCUPROF_S8, MCUPROF_S8, MCUPROF_S32, MOST_SHIFT);
  if (status != MCUPROF_PROGRAM_OK) return status;
  const struct mcuprof_conv_layer* l = mcuprof_parameters(c);
  return with_scratch(c, status, mcuprof_scratch_conv_s8(c->program->header->library, &l->conv));
}

int32_t mcuprof_check_conv_s16(const struct mcuprof_call* c) {
  const int32_t status = check_conv(c, MCUPROF_S16, MCUPROF_S8, MCUPROF_S64, MOST_SHIFT_S64);
  if (status != MCUPROF_PROGRAM_OK) return status;
  const struct mcuprof_conv_layer* l = mcuprof_parameters(c);
  return with_scratch(c, status, mcuprof_scratch_conv_s16(c->program->header->library, &l->conv));
}

int32_t mcuprof_check_conv_f32(const struct mcuprof_call* c) {
  return check_conv(c, MCUPROF_F32, MCUPROF_F32, MCUPROF_F32, 0);
}

void mcuprof_run_conv_s8(const struct mcuprof_call* c) {
  const struct mcuprof_conv_layer* l = mcuprof_parameters(c);
  mcuprof_conv_s8(&l->conv, mcuprof_in_data(c, 0), mcuprof_in_data(c, 1), mcuprof_in_data(c, 2),
                  mcuprof_constant(c, l->mult), mcuprof_constant(c, l->shift),
                  mcuprof_out_data(c, 0), mcuprof_scratch(c));
}

void mcuprof_run_conv_s16(const struct mcuprof_call* c) {
  const struct mcuprof_conv_layer* l = mcuprof_parameters(c);
  mcuprof_conv_s16(&l->conv, mcuprof_in_data(c, 0), mcuprof_in_data(c, 1), mcuprof_in_data(c, 2),
                   mcuprof_constant(c, l->mult), mcuprof_constant(c, l->shift),
                   mcuprof_out_data(c, 0), mcuprof_scratch(c));
}

void mcuprof_run_conv_f32(const struct mcuprof_call* c) {
  const struct mcuprof_conv_layer* l = mcuprof_parameters(c);
  mcuprof_conv_f32(&l->conv, &l->act, mcuprof_in_data(c, 0), mcuprof_in_data(c, 1),
                   mcuprof_in_data(c, 2), mcuprof_out_data(c, 0));
}

static int32_t check_transpose_conv(const struct mcuprof_call* c, int32_t status) {
  if (status != MCUPROF_PROGRAM_OK) return status;
  const struct mcuprof_conv_layer* l = mcuprof_parameters(c);
  const struct mcuprof_conv* p = &l->conv;
  // Strides are over the input here, and pads are added to the output's position.
  if (!mcuprof_is_window(p->out_h, p->in_h, p->k_h, p->stride_h, 1, p->pad_h) ||
      !mcuprof_is_window(p->out_w, p->in_w, p->k_w, p->stride_w, 1, p->pad_w)) {
    return MCUPROF_PROGRAM_BAD_PARAMETERS;
  }
  return p->filter_c == p->in_c ? MCUPROF_PROGRAM_OK : MCUPROF_PROGRAM_BAD_PARAMETERS;
}

int32_t mcuprof_check_transpose_conv_s8(const struct mcuprof_call* c) {
  return check_transpose_conv(c, check_conv(c, MCUPROF_S8, MCUPROF_S8, MCUPROF_S32, MOST_SHIFT));
}

int32_t mcuprof_check_transpose_conv_s16(const struct mcuprof_call* c) {
  return check_transpose_conv(c,
                              check_conv(c, MCUPROF_S16, MCUPROF_S8, MCUPROF_S64, MOST_SHIFT_S64));
}

void mcuprof_run_transpose_conv_s8(const struct mcuprof_call* c) {
  const struct mcuprof_conv_layer* l = mcuprof_parameters(c);
  mcuprof_transpose_conv_s8(&l->conv, mcuprof_in_data(c, 0), mcuprof_in_data(c, 1),
                            mcuprof_in_data(c, 2), mcuprof_constant(c, l->mult),
                            mcuprof_constant(c, l->shift), mcuprof_out_data(c, 0));
}

void mcuprof_run_transpose_conv_s16(const struct mcuprof_call* c) {
  const struct mcuprof_conv_layer* l = mcuprof_parameters(c);
  mcuprof_transpose_conv_s16(&l->conv, mcuprof_in_data(c, 0), mcuprof_in_data(c, 1),
                             mcuprof_in_data(c, 2), mcuprof_constant(c, l->mult),
                             mcuprof_constant(c, l->shift), mcuprof_out_data(c, 0));
}

static int32_t check_depthwise(const struct mcuprof_call* c, uint32_t type, uint32_t weight_type,
                               uint32_t bias_type, int32_t most_shift) {
  if (!mcuprof_has_form(c, 2, 3, 1, sizeof(struct mcuprof_depthwise_layer))) {
    return MCUPROF_PROGRAM_BAD_LAYER;
  }
  const struct mcuprof_depthwise_layer* l = mcuprof_parameters(c);
  const struct mcuprof_depthwise* p = &l->conv;
  if (!mcuprof_is_shape(mcuprof_in(c, 0), type, p->batches, p->in_h, p->in_w, p->in_c) ||
      !mcuprof_is_shape(mcuprof_in(c, 1), weight_type, 1, p->k_h, p->k_w, p->out_c) ||
      !mcuprof_is_shape(mcuprof_out(c, 0), type, p->batches, p->out_h, p->out_w, p->out_c)) {
    return MCUPROF_PROGRAM_BAD_LAYER;
  }
  const struct mcuprof_tensor* bias = mcuprof_in(c, 2);
  if (bias && !mcuprof_is_flat(bias, bias_type, p->out_c)) return MCUPROF_PROGRAM_BAD_LAYER;
  if (!mcuprof_is_window(p->in_h, p->out_h, p->k_h, p->stride_h, p->dil_h, p->pad_h) ||
      !mcuprof_is_window(p->in_w, p->out_w, p->k_w, p->stride_w, p->dil_w, p->pad_w) ||
      (int64_t)p->in_c * p->depth_multiplier != p->out_c) {
    return MCUPROF_PROGRAM_BAD_PARAMETERS;
  }
  if (most_shift && !mcuprof_are_multipliers(c, l->mult, l->shift, p->out_c, most_shift)) {
    return MCUPROF_PROGRAM_BAD_PARAMETERS;
  }
  return MCUPROF_PROGRAM_OK;
}

int32_t mcuprof_check_depthwise_s8(const struct mcuprof_call* c) {
  const int32_t status = check_depthwise(c, MCUPROF_S8, MCUPROF_S8, MCUPROF_S32, MOST_SHIFT);
  if (status != MCUPROF_PROGRAM_OK) return status;
  const struct mcuprof_depthwise_layer* l = mcuprof_parameters(c);
  return with_scratch(c, status,
                      mcuprof_scratch_depthwise_s8(c->program->header->library, &l->conv));
}

int32_t mcuprof_check_depthwise_s16(const struct mcuprof_call* c) {
  const int32_t status = check_depthwise(c, MCUPROF_S16, MCUPROF_S8, MCUPROF_S64, MOST_SHIFT_S64);
  if (status != MCUPROF_PROGRAM_OK) return status;
  const struct mcuprof_depthwise_layer* l = mcuprof_parameters(c);
  return with_scratch(c, status,
                      mcuprof_scratch_depthwise_s16(c->program->header->library, &l->conv));
}

int32_t mcuprof_check_depthwise_f32(const struct mcuprof_call* c) {
  return check_depthwise(c, MCUPROF_F32, MCUPROF_F32, MCUPROF_F32, 0);
}

void mcuprof_run_depthwise_s8(const struct mcuprof_call* c) {
  const struct mcuprof_depthwise_layer* l = mcuprof_parameters(c);
  mcuprof_depthwise_s8(&l->conv, mcuprof_in_data(c, 0), mcuprof_in_data(c, 1),
                       mcuprof_in_data(c, 2), mcuprof_constant(c, l->mult),
                       mcuprof_constant(c, l->shift), mcuprof_out_data(c, 0), mcuprof_scratch(c));
}

void mcuprof_run_depthwise_s16(const struct mcuprof_call* c) {
  const struct mcuprof_depthwise_layer* l = mcuprof_parameters(c);
  mcuprof_depthwise_s16(&l->conv, mcuprof_in_data(c, 0), mcuprof_in_data(c, 1),
                        mcuprof_in_data(c, 2), mcuprof_constant(c, l->mult),
                        mcuprof_constant(c, l->shift), mcuprof_out_data(c, 0), mcuprof_scratch(c));
}

void mcuprof_run_depthwise_f32(const struct mcuprof_call* c) {
  const struct mcuprof_depthwise_layer* l = mcuprof_parameters(c);
  mcuprof_depthwise_f32(&l->conv, &l->act, mcuprof_in_data(c, 0), mcuprof_in_data(c, 1),
                        mcuprof_in_data(c, 2), mcuprof_out_data(c, 0));
}
