#include "device-agent/firmware/kernels/unary.h"

#include "device-agent/firmware/kernels/curve.h"
#include "device-agent/firmware/kernels/requantize.h"

static int32_t rescaled(const struct mcuprof_rescale* p, int32_t value) {
  const int32_t scaled = mcuprof_requantize(value + p->in_offset, p->mult, p->shift);
  return mcuprof_clamp(scaled + p->out_offset, p->act_min, p->act_max);
}

void mcuprof_rescale_s8(const struct mcuprof_rescale* p, const int8_t* in, int8_t* out, int32_t n) {
  for (int32_t i = 0; i < n; ++i) out[i] = (int8_t)rescaled(p, in[i]);
}

void mcuprof_rescale_s16(const struct mcuprof_rescale* p, const int16_t* in, int16_t* out,
                         int32_t n) {
  for (int32_t i = 0; i < n; ++i) out[i] = (int16_t)rescaled(p, in[i]);
}

void mcuprof_requantize_any(const struct mcuprof_rescale* p, int32_t in_bytes, int32_t out_bytes,
                            const void* in, void* out, int32_t n) {
  for (int32_t i = 0; i < n; ++i) {
    const int32_t value = in_bytes == 1   ? ((const int8_t*)in)[i]
                          : in_bytes == 2 ? ((const int16_t*)in)[i]
                                          : ((const int32_t*)in)[i];
    const int32_t result = rescaled(p, value);
    if (out_bytes == 1) {
      ((int8_t*)out)[i] = (int8_t)result;
    } else if (out_bytes == 2) {
      ((int16_t*)out)[i] = (int16_t)result;
    } else {
      ((int32_t*)out)[i] = result;
    }
  }
}

static int32_t leaked(const struct mcuprof_leaky_relu* p, int32_t value, int32_t min, int32_t max) {
  const int32_t centred = value + p->in_offset;
  int32_t scaled;
  if (centred >= 0) {
    scaled = mcuprof_requantize(centred, p->mult, p->shift);
  } else if (p->alpha_mult >= 0) {
    scaled = mcuprof_requantize(centred, p->alpha_mult, p->alpha_shift);
  } else {
    scaled = -mcuprof_requantize(centred, -p->alpha_mult, p->alpha_shift);
  }
  return mcuprof_clamp(scaled + p->out_offset, min, max);
}

void mcuprof_leaky_relu_s8(const struct mcuprof_leaky_relu* p, const int8_t* in, int8_t* out,
                           int32_t n) {
  for (int32_t i = 0; i < n; ++i) out[i] = (int8_t)leaked(p, in[i], INT8_MIN, INT8_MAX);
}

void mcuprof_leaky_relu_s16(const struct mcuprof_leaky_relu* p, const int16_t* in, int16_t* out,
                            int32_t n) {
  for (int32_t i = 0; i < n; ++i) out[i] = (int16_t)leaked(p, in[i], INT16_MIN, INT16_MAX);
}

void mcuprof_prelu_s8(const struct mcuprof_prelu* p, const int8_t* in, const int8_t* alpha,
                      int32_t alpha_step, int8_t* out, int32_t n) {
  for (int32_t i = 0; i < n; ++i, alpha += alpha_step) {
    const int32_t centred = in[i] + p->in_offset;
    const int32_t scaled = centred >= 0 ? mcuprof_requantize(centred, p->mult, p->shift)
                                        : mcuprof_requantize(centred * (*alpha + p->alpha_offset),
                                                             p->alpha_mult, p->alpha_shift);
    out[i] = (int8_t)mcuprof_clamp(scaled + p->out_offset, INT8_MIN, INT8_MAX);
  }
}

void mcuprof_table_s8(const int8_t* table, const int8_t* in, int8_t* out, int32_t n) {
  for (int32_t i = 0; i < n; ++i) out[i] = table[in[i] + 128];
}

void mcuprof_logistic_s16(const struct mcuprof_curve* p, const uint16_t* table, const int16_t* in,
                          int16_t* out, int32_t n) {
  for (int32_t i = 0; i < n; ++i) out[i] = (int16_t)mcuprof_sigmoid_s16(p, table, in[i]);
}

void mcuprof_tanh_s16(const struct mcuprof_curve* p, const uint16_t* table, const int16_t* in,
                      int16_t* out, int32_t n) {
  for (int32_t i = 0; i < n; ++i) {
    out[i] = (int16_t)mcuprof_hyperbolic_tangent_s16(p, table, in[i]);
  }
}

// To the nearest integer, halves away from zero; without a C library. What is not a number gives 0.
static int32_t rounded(float value) {
  if (value >= 1073741824.0F) return 1073741824;
  if (value <= -1073741824.0F) return -1073741824;
  if (!(value > -1073741824.0F)) return 0;
  const int32_t whole = (int32_t)value;
  const float rest = value - (float)whole;
  return whole + (rest >= 0.5F ? 1 : 0) - (rest <= -0.5F ? 1 : 0);
}

void mcuprof_quantize_f32_s8(float scale, int32_t zero_point, const float* in, int8_t* out,
                             int32_t n) {
  for (int32_t i = 0; i < n; ++i) {
    out[i] = (int8_t)mcuprof_clamp(rounded(in[i] / scale) + zero_point, INT8_MIN, INT8_MAX);
  }
}

void mcuprof_quantize_f32_s16(float scale, int32_t zero_point, const float* in, int16_t* out,
                              int32_t n) {
  for (int32_t i = 0; i < n; ++i) {
    out[i] = (int16_t)mcuprof_clamp(rounded(in[i] / scale) + zero_point, INT16_MIN, INT16_MAX);
  }
}

void mcuprof_dequantize_s8(float scale, int32_t zero_point, const int8_t* in, float* out,
                           int32_t n) {
  for (int32_t i = 0; i < n; ++i) out[i] = scale * (float)(in[i] - zero_point);
}

void mcuprof_dequantize_s16(float scale, int32_t zero_point, const int16_t* in, float* out,
                            int32_t n) {
  for (int32_t i = 0; i < n; ++i) out[i] = scale * (float)(in[i] - zero_point);
}
