#include "device-agent/firmware/kernels/kernels.h"
#include "device-agent/firmware/kernels/requantize.h"
#include "device-agent/firmware/kernels/window.h"

// The three types walk the same way: output position, then output channel, then the taps inside
// the input, whose channels lie side by side in input and filter.
#define CONV_WALK(IN, W, ACC, DOT, FINISH)                                          \
  const int32_t groups = p->in_c / p->filter_c;                                     \
  const int32_t per_group = p->out_c / groups;                                      \
  const int32_t filter_row = p->k_w * p->filter_c;                                  \
  for (int32_t b = 0; b < p->batches; ++b, in += p->in_h * p->in_w * p->in_c) {     \
    for (int32_t y = 0; y < p->out_h; ++y) {                                        \
      const struct mcuprof_window wy =                                              \
          mcuprof_window_at(y, p->stride_h, p->pad_h, p->dil_h, p->k_h, p->in_h);   \
      for (int32_t x = 0; x < p->out_w; ++x) {                                      \
        const struct mcuprof_window wx =                                            \
            mcuprof_window_at(x, p->stride_w, p->pad_w, p->dil_w, p->k_w, p->in_w); \
        const W* filter = w;                                                        \
        for (int32_t o = 0; o < p->out_c; ++o, filter += p->k_h * filter_row) {     \
          const int32_t channel = o / per_group * p->filter_c;                      \
          ACC acc = 0;                                                              \
          for (int32_t ky = wy.first; ky < wy.end; ++ky) {                          \
            const int32_t row = (wy.at + ky * p->dil_h) * p->in_w;                  \
            for (int32_t kx = wx.first; kx < wx.end; ++kx) {                        \
              const IN* a = in + (row + wx.at + kx * p->dil_w) * p->in_c + channel; \
              const W* f = filter + ky * filter_row + kx * p->filter_c;             \
              for (int32_t i = 0; i < p->filter_c; ++i) acc += DOT;                 \
            }                                                                       \
          }                                                                         \
          FINISH;                                                                   \
        }                                                                           \
      }                                                                             \
    }                                                                               \
  }

void mcuprof_conv_s16(const struct mcuprof_conv* p, const int16_t* in, const int8_t* w,
                      const int64_t* bias, const int32_t* mult, const int32_t* shift, int16_t* out,
                      void* scratch) {
  (void)scratch;
  CONV_WALK(int16_t, int8_t, int64_t, f[i] * a[i], {
    if (bias) acc += bias[o];
    *out++ = (int16_t)mcuprof_clamp(mcuprof_requantize_s64(acc, mult[o], shift[o]), p->act_min,
                                    p->act_max);
  })
}

void mcuprof_conv_f32(const struct mcuprof_conv* p, const struct mcuprof_range_f32* act,
                      const float* in, const float* w, const float* bias, float* out) {
  CONV_WALK(float, float, float, f[i] * a[i], {
    if (bias) acc += bias[o];
    *out++ = mcuprof_clamp_f32(acc, act->min, act->max);
  })
}
