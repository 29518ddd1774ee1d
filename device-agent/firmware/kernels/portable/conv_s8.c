#include "device-agent/firmware/kernels/kernels.h"
#include "device-agent/firmware/kernels/requantize.h"
#include "device-agent/firmware/kernels/window.h"

void mcuprof_conv_s8(const struct mcuprof_conv* p, const int8_t* in, const int8_t* w,
                     const int32_t* bias, const int32_t* mult, const int32_t* shift, int8_t* out,
                     void* scratch) {
  (void)scratch;
  const int32_t per_group = p->out_c / (p->in_c / p->filter_c);
  const int32_t filter_row = p->k_w * p->filter_c;
  for (int32_t b = 0; b < p->batches; ++b, in += p->in_h * p->in_w * p->in_c) {
    for (int32_t y = 0; y < p->out_h; ++y) {
      const struct mcuprof_window wy =
          mcuprof_window_at(y, p->stride_h, p->pad_h, p->dil_h, p->k_h, p->in_h);
      for (int32_t x = 0; x < p->out_w; ++x) {
        const struct mcuprof_window wx =
            mcuprof_window_at(x, p->stride_w, p->pad_w, p->dil_w, p->k_w, p->in_w);
        const int8_t* filter = w;
        for (int32_t o = 0; o < p->out_c; ++o, filter += p->k_h * filter_row) {
          const int32_t channel = o / per_group * p->filter_c;
          int32_t acc = bias ? bias[o] : 0;
          for (int32_t ky = wy.first; ky < wy.end; ++ky) {
            const int32_t row = (wy.at + ky * p->dil_h) * p->in_w;
            for (int32_t kx = wx.first; kx < wx.end; ++kx) {
              const int8_t* a = in + (row + wx.at + kx * p->dil_w) * p->in_c + channel;
              const int8_t* f = filter + ky * filter_row + kx * p->filter_c;
              for (int32_t i = 0; i < p->filter_c; ++i) acc += f[i] * (a[i] + p->in_offset);
            }
          }
          acc = mcuprof_requantize(acc, mult[o], shift[o]) + p->out_offset;
          *out++ = (int8_t)mcuprof_clamp(acc, p->act_min, p->act_max);
        }
      }
    }
  }
}
