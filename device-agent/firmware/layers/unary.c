// One input, element by element: RELU, LEAKY_RELU, tables, QUANTIZE, DEQUANTIZE, CAST; and MEAN.
#include <string.h>

#include "device-agent/firmware/layers/layer.h"

static bool is_form(const struct mcuprof_call* c, uint32_t in, uint32_t out,
                    uint32_t parameter_bytes) {
  return mcuprof_has_form(c, 1, 1, 1, parameter_bytes) && mcuprof_is_type(mcuprof_in(c, 0), in) &&
         mcuprof_is_flat(mcuprof_out(c, 0), out, mcuprof_elements(mcuprof_in(c, 0)));
}

static int32_t count(const struct mcuprof_call* c) {
  return mcuprof_elements(mcuprof_out(c, 0));
}

static int32_t check_rescale(const struct mcuprof_call* c, uint32_t type) {
  if (!is_form(c, type, type, sizeof(struct mcuprof_rescale))) return MCUPROF_PROGRAM_BAD_LAYER;
  const struct mcuprof_rescale* p = mcuprof_parameters(c);
  return mcuprof_is_shift(p->shift) ? MCUPROF_PROGRAM_OK : MCUPROF_PROGRAM_BAD_PARAMETERS;
}

int32_t mcuprof_check_relu_s8(const struct mcuprof_call* c) {
  return check_rescale(c, MCUPROF_S8);
}
int32_t mcuprof_check_relu_s16(const struct mcuprof_call* c) {
  return check_rescale(c, MCUPROF_S16);
}

void mcuprof_run_relu_s8(const struct mcuprof_call* c) {
  mcuprof_rescale_s8(mcuprof_parameters(c), mcuprof_in_data(c, 0), mcuprof_out_data(c, 0),
                     count(c));
}

void mcuprof_run_relu_s16(const struct mcuprof_call* c) {
  mcuprof_rescale_s16(mcuprof_parameters(c), mcuprof_in_data(c, 0), mcuprof_out_data(c, 0),
                      count(c));
}

static bool is_signed(uint32_t type) {
  return type == MCUPROF_S8 || type == MCUPROF_S16 || type == MCUPROF_S32;
}

int32_t mcuprof_check_requantize(const struct mcuprof_call* c) {
  if (!mcuprof_has_form(c, 1, 1, 1, sizeof(struct mcuprof_rescale))) {
    return MCUPROF_PROGRAM_BAD_LAYER;
  }
  const struct mcuprof_tensor* in = mcuprof_in(c, 0);
  const struct mcuprof_tensor* out = mcuprof_out(c, 0);
  if (!is_signed(in->type) || !is_signed(out->type) ||
      mcuprof_elements(in) != mcuprof_elements(out)) {
    return MCUPROF_PROGRAM_BAD_LAYER;
  }
  const struct mcuprof_rescale* p = mcuprof_parameters(c);
  return mcuprof_is_shift(p->shift) ? MCUPROF_PROGRAM_OK : MCUPROF_PROGRAM_BAD_PARAMETERS;
}

void mcuprof_run_requantize(const struct mcuprof_call* c) {
  mcuprof_requantize_any(mcuprof_parameters(c), (int32_t)mcuprof_type_bytes(mcuprof_in(c, 0)->type),
                         (int32_t)mcuprof_type_bytes(mcuprof_out(c, 0)->type),
                         mcuprof_in_data(c, 0), mcuprof_out_data(c, 0), count(c));
}

static int32_t check_leaky(const struct mcuprof_call* c, uint32_t type) {
  if (!is_form(c, type, type, sizeof(struct mcuprof_leaky_relu))) return MCUPROF_PROGRAM_BAD_LAYER;
  const struct mcuprof_leaky_relu* p = mcuprof_parameters(c);
  return mcuprof_is_shift(p->shift) && mcuprof_is_shift(p->alpha_shift)
             ? MCUPROF_PROGRAM_OK
             : MCUPROF_PROGRAM_BAD_PARAMETERS;
}

int32_t mcuprof_check_leaky_relu_s8(const struct mcuprof_call* c) {
  return check_leaky(c, MCUPROF_S8);
}
int32_t mcuprof_check_leaky_relu_s16(const struct mcuprof_call* c) {
  return check_leaky(c, MCUPROF_S16);
}

void mcuprof_run_leaky_relu_s8(const struct mcuprof_call* c) {
  mcuprof_leaky_relu_s8(mcuprof_parameters(c), mcuprof_in_data(c, 0), mcuprof_out_data(c, 0),
                        count(c));
}

void mcuprof_run_leaky_relu_s16(const struct mcuprof_call* c) {
  mcuprof_leaky_relu_s16(mcuprof_parameters(c), mcuprof_in_data(c, 0), mcuprof_out_data(c, 0),
                         count(c));
}

int32_t mcuprof_check_table_s8(const struct mcuprof_call* c) {
  if (!is_form(c, MCUPROF_S8, MCUPROF_S8, sizeof(struct mcuprof_table_layer))) {
    return MCUPROF_PROGRAM_BAD_LAYER;
  }
  const struct mcuprof_table_layer* l = mcuprof_parameters(c);
  return mcuprof_is_constant(c, l->table, 256) ? MCUPROF_PROGRAM_OK
                                               : MCUPROF_PROGRAM_BAD_PARAMETERS;
}

void mcuprof_run_table_s8(const struct mcuprof_call* c) {
  const struct mcuprof_table_layer* l = mcuprof_parameters(c);
  mcuprof_table_s8(mcuprof_constant(c, l->table), mcuprof_in_data(c, 0), mcuprof_out_data(c, 0),
                   count(c));
}

int32_t mcuprof_check_table_s16(const struct mcuprof_call* c) {
  if (!is_form(c, MCUPROF_S16, MCUPROF_S16, sizeof(struct mcuprof_table_layer))) {
    return MCUPROF_PROGRAM_BAD_LAYER;
  }
  const struct mcuprof_table_layer* l = mcuprof_parameters(c);
  return mcuprof_is_constant(c, l->table, 512) && mcuprof_is_curve(&l->curve)
             ? MCUPROF_PROGRAM_OK
             : MCUPROF_PROGRAM_BAD_PARAMETERS;
}

void mcuprof_run_table_s16(const struct mcuprof_call* c) {
  const struct mcuprof_table_layer* l = mcuprof_parameters(c);
  const uint16_t* table = mcuprof_constant(c, l->table);
  if (l->is_tanh) {
    mcuprof_tanh_s16(&l->curve, table, mcuprof_in_data(c, 0), mcuprof_out_data(c, 0), count(c));
  } else {
    mcuprof_logistic_s16(&l->curve, table, mcuprof_in_data(c, 0), mcuprof_out_data(c, 0), count(c));
  }
}

int32_t mcuprof_check_quantize_f32(const struct mcuprof_call* c) {
  return is_form(c, MCUPROF_F32, MCUPROF_S8, sizeof(struct mcuprof_scale_layer)) ||
                 is_form(c, MCUPROF_F32, MCUPROF_S16, sizeof(struct mcuprof_scale_layer))
             ? MCUPROF_PROGRAM_OK
             : MCUPROF_PROGRAM_BAD_LAYER;
}

void mcuprof_run_quantize_f32(const struct mcuprof_call* c) {
  const struct mcuprof_scale_layer* l = mcuprof_parameters(c);
  if (mcuprof_is_type(mcuprof_out(c, 0), MCUPROF_S8)) {
    mcuprof_quantize_f32_s8(l->scale, l->zero_point, mcuprof_in_data(c, 0), mcuprof_out_data(c, 0),
                            count(c));
  } else {
    mcuprof_quantize_f32_s16(l->scale, l->zero_point, mcuprof_in_data(c, 0), mcuprof_out_data(c, 0),
                             count(c));
  }
}

int32_t mcuprof_check_dequantize(const struct mcuprof_call* c) {
  return is_form(c, MCUPROF_S8, MCUPROF_F32, sizeof(struct mcuprof_scale_layer)) ||
                 is_form(c, MCUPROF_S16, MCUPROF_F32, sizeof(struct mcuprof_scale_layer))
             ? MCUPROF_PROGRAM_OK
             : MCUPROF_PROGRAM_BAD_LAYER;
}

void mcuprof_run_dequantize(const struct mcuprof_call* c) {
  const struct mcuprof_scale_layer* l = mcuprof_parameters(c);
  if (mcuprof_is_type(mcuprof_in(c, 0), MCUPROF_S8)) {
    mcuprof_dequantize_s8(l->scale, l->zero_point, mcuprof_in_data(c, 0), mcuprof_out_data(c, 0),
                          count(c));
  } else {
    mcuprof_dequantize_s16(l->scale, l->zero_point, mcuprof_in_data(c, 0), mcuprof_out_data(c, 0),
                           count(c));
  }
}

static int32_t check_mean(const struct mcuprof_call* c, uint32_t type) {
  if (!mcuprof_has_form(c, 1, 1, 1, sizeof(struct mcuprof_mean)) ||
      !mcuprof_is_type(mcuprof_in(c, 0), type)) {
    return MCUPROF_PROGRAM_BAD_LAYER;
  }
  const struct mcuprof_mean* p = mcuprof_parameters(c);
  const int64_t in = mcuprof_elements(mcuprof_in(c, 0));
  int64_t kept = 1;
  int64_t all = 1;
  int64_t last = 0;
  for (int i = 0; i < MCUPROF_REDUCE_RANK; ++i) {
    if (p->kept[i] < 1 || p->reduced[i] < 1 || p->kept_stride[i] < 0 || p->reduced_stride[i] < 0) {
      return MCUPROF_PROGRAM_BAD_PARAMETERS;
    }
    kept *= p->kept[i];
    all *= p->kept[i];
    if (all > in) return MCUPROF_PROGRAM_BAD_PARAMETERS;
    all *= p->reduced[i];
    if (all > in) return MCUPROF_PROGRAM_BAD_PARAMETERS;
    last += (int64_t)(p->kept[i] - 1) * p->kept_stride[i] +
            (int64_t)(p->reduced[i] - 1) * p->reduced_stride[i];
  }
  if (last >= in || !mcuprof_is_shift(p->shift)) return MCUPROF_PROGRAM_BAD_PARAMETERS;
  return mcuprof_is_flat(mcuprof_out(c, 0), type, kept) ? MCUPROF_PROGRAM_OK
                                                        : MCUPROF_PROGRAM_BAD_LAYER;
}

int32_t mcuprof_check_mean_s8(const struct mcuprof_call* c) {
  return check_mean(c, MCUPROF_S8);
}
int32_t mcuprof_check_mean_s16(const struct mcuprof_call* c) {
  return check_mean(c, MCUPROF_S16);
}

void mcuprof_run_mean_s8(const struct mcuprof_call* c) {
  mcuprof_mean_s8(mcuprof_parameters(c), mcuprof_in_data(c, 0), mcuprof_out_data(c, 0));
}

void mcuprof_run_mean_s16(const struct mcuprof_call* c) {
  mcuprof_mean_s16(mcuprof_parameters(c), mcuprof_in_data(c, 0), mcuprof_out_data(c, 0));
}

static bool is_integer(uint32_t type) {
  return is_signed(type) || type == MCUPROF_U8 || type == MCUPROF_U16 || type == MCUPROF_U32 ||
         type == MCUPROF_S64 || type == MCUPROF_U64;
}

int32_t mcuprof_check_cast(const struct mcuprof_call* c) {
  return mcuprof_has_form(c, 1, 1, 1, 0) && is_integer(mcuprof_in(c, 0)->type) &&
                 is_integer(mcuprof_out(c, 0)->type) &&
                 mcuprof_elements(mcuprof_in(c, 0)) == mcuprof_elements(mcuprof_out(c, 0))
             ? MCUPROF_PROGRAM_OK
             : MCUPROF_PROGRAM_BAD_LAYER;
}

// Integers to integers: the low bytes stay, new ones repeat the sign.
void mcuprof_run_cast(const struct mcuprof_call* c) {
  const uint32_t type = mcuprof_in(c, 0)->type;
  const uint32_t from = mcuprof_type_bytes(type);
  const uint32_t to = mcuprof_type_bytes(mcuprof_out(c, 0)->type);
  const bool is_unsigned = !is_signed(type) && type != MCUPROF_S64;
  const uint8_t* in = mcuprof_in_data(c, 0);
  uint8_t* out = mcuprof_out_data(c, 0);
  for (int32_t i = 0; i < count(c); ++i, in += from, out += to) {
    const uint8_t sign = !is_unsigned && (in[from - 1] & 0x80) ? 0xFF : 0;
    for (uint32_t b = 0; b < to; ++b) out[b] = b < from ? in[b] : sign;
  }
}
