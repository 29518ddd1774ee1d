#include "device-agent/firmware/kernels/kernels.h"
#include "device-agent/firmware/kernels/requantize.h"
#include "device-agent/firmware/kernels/window.h"

void mcuprof_max_pool_s8(const struct mcuprof_pool* p, const int8_t* in, int8_t* out) {
  for (int32_t b = 0; b < p->batches; ++b, in += p->in_h * p->in_w * p->channels) {
    for (int32_t y = 0; y < p->out_h; ++y) {
      const struct mcuprof_window wy =
          mcuprof_window_at(y, p->stride_h, p->pad_h, 1, p->k_h, p->in_h);
      for (int32_t x = 0; x < p->out_w; ++x) {
        const struct mcuprof_window wx =
            mcuprof_window_at(x, p->stride_w, p->pad_w, 1, p->k_w, p->in_w);
        for (int32_t c = 0; c < p->channels; ++c) {
          int32_t most = INT8_MIN;
          for (int32_t ky = wy.first; ky < wy.end; ++ky) {
            const int8_t* a = in + ((wy.at + ky) * p->in_w + wx.at + wx.first) * p->channels + c;
            for (int32_t kx = wx.first; kx < wx.end; ++kx, a += p->channels) {
              if (*a > most) most = *a;
            }
          }
          *out++ = (int8_t)mcuprof_clamp(most, p->act_min, p->act_max);
        }
      }
    }
  }
}
