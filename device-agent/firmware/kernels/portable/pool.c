#include "device-agent/firmware/kernels/kernels.h"
#include "device-agent/firmware/kernels/requantize.h"
#include "device-agent/firmware/kernels/window.h"

#define POOL_WALK(T, ACC, START, STEP, FINISH)                                               \
  for (int32_t b = 0; b < p->batches; ++b, in += p->in_h * p->in_w * p->channels) {          \
    for (int32_t y = 0; y < p->out_h; ++y) {                                                 \
      const struct mcuprof_window wy =                                                       \
          mcuprof_window_at(y, p->stride_h, p->pad_h, 1, p->k_h, p->in_h);                   \
      for (int32_t x = 0; x < p->out_w; ++x) {                                               \
        const struct mcuprof_window wx =                                                     \
            mcuprof_window_at(x, p->stride_w, p->pad_w, 1, p->k_w, p->in_w);                 \
        const int32_t count = (wy.end - wy.first) * (wx.end - wx.first);                     \
        for (int32_t c = 0; c < p->channels; ++c) {                                          \
          ACC acc = START;                                                                   \
          for (int32_t ky = wy.first; ky < wy.end; ++ky) {                                   \
            const T* a = in + ((wy.at + ky) * p->in_w + wx.at + wx.first) * p->channels + c; \
            for (int32_t kx = wx.first; kx < wx.end; ++kx, a += p->channels) STEP;           \
          }                                                                                  \
          (void)count;                                                                       \
          FINISH;                                                                            \
        }                                                                                    \
      }                                                                                      \
    }                                                                                        \
  }

static int32_t average(int32_t sum, int32_t count) {
  return sum > 0 ? (sum + count / 2) / count : (sum - count / 2) / count;
}

void mcuprof_average_pool_s16(const struct mcuprof_pool* p, const int16_t* in, int16_t* out,
                              void* scratch) {
  (void)scratch;
  POOL_WALK(int16_t, int32_t, 0, acc += *a,
            *out++ = (int16_t)mcuprof_clamp(average(acc, count), p->act_min, p->act_max))
}

void mcuprof_average_pool_f32(const struct mcuprof_pool* p, const struct mcuprof_range_f32* act,
                              const float* in, float* out) {
  POOL_WALK(float, float, 0, acc += *a,
            *out++ = mcuprof_clamp_f32(acc / (float)count, act->min, act->max))
}

void mcuprof_max_pool_s16(const struct mcuprof_pool* p, const int16_t* in, int16_t* out) {
  POOL_WALK(int16_t, int32_t, INT16_MIN, acc = *a > acc ? *a : acc,
            *out++ = (int16_t)mcuprof_clamp(acc, p->act_min, p->act_max))
}

void mcuprof_max_pool_f32(const struct mcuprof_pool* p, const struct mcuprof_range_f32* act,
                          const float* in, float* out) {
  POOL_WALK(float, float, -3.4028234663852886e+38F, acc = *a > acc ? *a : acc,
            *out++ = mcuprof_clamp_f32(acc, act->min, act->max))
}
