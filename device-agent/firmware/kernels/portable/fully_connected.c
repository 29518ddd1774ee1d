#include "device-agent/firmware/kernels/kernels.h"
#include "device-agent/firmware/kernels/requantize.h"

void mcuprof_fully_connected_s16(const struct mcuprof_fully_connected* p, const int16_t* in,
                                 const int8_t* w, const int64_t* bias, const int32_t* mult,
                                 const int32_t* shift, int16_t* out, void* scratch) {
  (void)scratch;
  for (int32_t r = 0; r < p->rows; ++r, in += p->in) {
    const int8_t* f = w;
    for (int32_t o = 0; o < p->out; ++o, f += p->in) {
      int64_t acc = bias ? bias[o] : 0;
      for (int32_t i = 0; i < p->in; ++i) acc += (f[i] + p->filter_offset) * in[i];
      const int32_t q = p->per_channel ? o : 0;
      *out++ = (int16_t)mcuprof_clamp(mcuprof_requantize_s64(acc, mult[q], shift[q]), p->act_min,
                                      p->act_max);
    }
  }
}

void mcuprof_fully_connected_f32(const struct mcuprof_fully_connected* p,
                                 const struct mcuprof_range_f32* act, const float* in,
                                 const float* w, const float* bias, float* out) {
  for (int32_t r = 0; r < p->rows; ++r, in += p->in) {
    const float* f = w;
    for (int32_t o = 0; o < p->out; ++o, f += p->in) {
      float acc = 0;
      for (int32_t i = 0; i < p->in; ++i) acc += f[i] * in[i];
      if (bias) acc += bias[o];
      *out++ = mcuprof_clamp_f32(acc, act->min, act->max);
    }
  }
}
