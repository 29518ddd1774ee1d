#include "device-agent/firmware/kernels/kernels.h"
#include "device-agent/firmware/kernels/requantize.h"
#include "device-agent/firmware/kernels/window.h"

void mcuprof_depthwise_s8(const struct mcuprof_depthwise* p, const int8_t* in, const int8_t* w,
                          const int32_t* bias, const int32_t* mult, const int32_t* shift,
                          int8_t* out, void* scratch) {
  (void)scratch;
  for (int32_t b = 0; b < p->batches; ++b, in += p->in_h * p->in_w * p->in_c) {
    for (int32_t y = 0; y < p->out_h; ++y) {
      const struct mcuprof_window wy =
          mcuprof_window_at(y, p->stride_h, p->pad_h, p->dil_h, p->k_h, p->in_h);
      for (int32_t x = 0; x < p->out_w; ++x) {
        const struct mcuprof_window wx =
            mcuprof_window_at(x, p->stride_w, p->pad_w, p->dil_w, p->k_w, p->in_w);
        int32_t o = 0;
        for (int32_t c = 0; c < p->in_c; ++c) {
          for (int32_t m = 0; m < p->depth_multiplier; ++m, ++o) {
            int32_t acc = bias ? bias[o] : 0;
            for (int32_t ky = wy.first; ky < wy.end; ++ky) {
              const int32_t row = (wy.at + ky * p->dil_h) * p->in_w + wx.at;
              const int8_t* f = w + (ky * p->k_w + wx.first) * p->out_c + o;
              for (int32_t kx = wx.first; kx < wx.end; ++kx, f += p->out_c) {
                const int8_t a = in[(row + kx * p->dil_w) * p->in_c + c];
                acc += *f * (a + p->in_offset);
              }
            }
            acc = mcuprof_requantize(acc, mult[o], shift[o]) + p->out_offset;
            *out++ = (int8_t)mcuprof_clamp(acc, p->act_min, p->act_max);
          }
        }
      }
    }
  }
}
