#include "device-agent/firmware/kernels/kernels.h"
#include "device-agent/firmware/kernels/requantize.h"
#include "device-agent/firmware/kernels/window.h"

// Taps lie out_c apart in the filter and in_c apart in the input.
#define DEPTHWISE_WALK(IN, W, ACC, DOT, FINISH)                                     \
  for (int32_t b = 0; b < p->batches; ++b, in += p->in_h * p->in_w * p->in_c) {     \
    for (int32_t y = 0; y < p->out_h; ++y) {                                        \
      const struct mcuprof_window wy =                                              \
          mcuprof_window_at(y, p->stride_h, p->pad_h, p->dil_h, p->k_h, p->in_h);   \
      for (int32_t x = 0; x < p->out_w; ++x) {                                      \
        const struct mcuprof_window wx =                                            \
            mcuprof_window_at(x, p->stride_w, p->pad_w, p->dil_w, p->k_w, p->in_w); \
        int32_t o = 0;                                                              \
        for (int32_t c = 0; c < p->in_c; ++c) {                                     \
          for (int32_t m = 0; m < p->depth_multiplier; ++m, ++o) {                  \
            ACC acc = 0;                                                            \
            for (int32_t ky = wy.first; ky < wy.end; ++ky) {                        \
              const int32_t row = (wy.at + ky * p->dil_h) * p->in_w + wx.at;        \
              const W* f = w + (ky * p->k_w + wx.first) * p->out_c + o;             \
              for (int32_t kx = wx.first; kx < wx.end; ++kx, f += p->out_c) {       \
                const IN a = in[(row + kx * p->dil_w) * p->in_c + c];               \
                acc += DOT;                                                         \
              }                                                                     \
            }                                                                       \
            FINISH;                                                                 \
          }                                                                         \
        }                                                                           \
      }                                                                             \
    }                                                                               \
  }

void mcuprof_depthwise_s16(const struct mcuprof_depthwise* p, const int16_t* in, const int8_t* w,
                           const int64_t* bias, const int32_t* mult, const int32_t* shift,
                           int16_t* out, void* scratch) {
  (void)scratch;
  DEPTHWISE_WALK(int16_t, int8_t, int64_t, *f * a, {
    if (bias) acc += bias[o];
    *out++ = (int16_t)mcuprof_clamp(mcuprof_requantize_s64(acc, mult[o], shift[o]), p->act_min,
                                    p->act_max);
  })
}

void mcuprof_depthwise_f32(const struct mcuprof_depthwise* p, const struct mcuprof_range_f32* act,
                           const float* in, const float* w, const float* bias, float* out) {
  DEPTHWISE_WALK(float, float, float, *f* a, {
    if (bias) acc += bias[o];
    *out++ = mcuprof_clamp_f32(acc, act->min, act->max);
  })
}
