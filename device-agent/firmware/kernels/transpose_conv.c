#include "device-agent/firmware/kernels/transpose_conv.h"

#include "device-agent/firmware/kernels/requantize.h"

// Tap k joins output y with input (y + pad - k) / stride where that has no rest and lies inside.
static int32_t first_tap(int32_t position, int32_t stride, int32_t extent) {
  const int32_t beyond = position - (extent - 1) * stride;
  return beyond > 0 ? beyond : position % stride;
}

#define TRANSPOSE_WALK(IN, ACC, DOT, FINISH)                                                    \
  const int32_t filter_row = p->k_w * p->in_c;                                                  \
  for (int32_t b = 0; b < p->batches; ++b, in += p->in_h * p->in_w * p->in_c) {                 \
    for (int32_t y = 0; y < p->out_h; ++y) {                                                    \
      const int32_t ay = y + p->pad_h;                                                          \
      const int32_t ky0 = first_tap(ay, p->stride_h, p->in_h);                                  \
      for (int32_t x = 0; x < p->out_w; ++x) {                                                  \
        const int32_t ax = x + p->pad_w;                                                        \
        const int32_t kx0 = first_tap(ax, p->stride_w, p->in_w);                                \
        const int8_t* filter = w;                                                               \
        for (int32_t o = 0; o < p->out_c; ++o, filter += p->k_h * filter_row) {                 \
          ACC acc = 0;                                                                          \
          for (int32_t ky = ky0; ky < p->k_h && ky <= ay; ky += p->stride_h) {                  \
            for (int32_t kx = kx0; kx < p->k_w && kx <= ax; kx += p->stride_w) {                \
              const IN* a =                                                                     \
                  in + ((ay - ky) / p->stride_h * p->in_w + (ax - kx) / p->stride_w) * p->in_c; \
              const int8_t* f = filter + ky * filter_row + kx * p->in_c;                        \
              for (int32_t i = 0; i < p->in_c; ++i) acc += DOT;                                 \
            }                                                                                   \
          }                                                                                     \
          FINISH;                                                                               \
        }                                                                                       \
      }                                                                                         \
    }                                                                                           \
  }

void mcuprof_transpose_conv_s8(const struct mcuprof_conv* p, const int8_t* in, const int8_t* w,
                               const int32_t* bias, const int32_t* mult, const int32_t* shift,
                               int8_t* out) {
  TRANSPOSE_WALK(int8_t, int32_t, f[i] * (a[i] + p->in_offset), {
    if (bias) acc += bias[o];
    acc = mcuprof_requantize(acc, mult[o], shift[o]) + p->out_offset;
    *out++ = (int8_t)mcuprof_clamp(acc, p->act_min, p->act_max);
  })
}

void mcuprof_transpose_conv_s16(const struct mcuprof_conv* p, const int16_t* in, const int8_t* w,
                                const int64_t* bias, const int32_t* mult, const int32_t* shift,
                                int16_t* out) {
  TRANSPOSE_WALK(int16_t, int64_t, f[i] * a[i], {
    if (bias) acc += bias[o];
    *out++ = (int16_t)mcuprof_clamp(mcuprof_requantize_s64(acc, mult[o], shift[o]), p->act_min,
                                    p->act_max);
  })
}
