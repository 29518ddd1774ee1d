#include "device-agent/firmware/kernels/kernels.h"
#include "device-agent/firmware/kernels/requantize.h"
#include "device-agent/firmware/kernels/window.h"

/// The part of one output pixel's window that lies inside the input.
struct taps {
  int32_t rows, count;      ///< taps a row
  int32_t in_step, w_step;  ///< from tap to tap
  int32_t in_skip, w_skip;  ///< from behind a row's last tap to the next row's first
};

/// Four channels side by side.
static void four(int32_t acc[4], const struct taps* taps, const int8_t* a, const int8_t* f,
                 int32_t offset) {
  int32_t acc0 = acc[0];
  int32_t acc1 = acc[1];
  int32_t acc2 = acc[2];
  int32_t acc3 = acc[3];
  for (int32_t y = taps->rows; y > 0; --y, a += taps->in_skip, f += taps->w_skip) {
    for (int32_t i = taps->count; i > 0; --i, a += taps->in_step, f += taps->w_step) {
      acc0 += f[0] * (a[0] + offset);
      acc1 += f[1] * (a[1] + offset);
      acc2 += f[2] * (a[2] + offset);
      acc3 += f[3] * (a[3] + offset);
    }
  }
  acc[0] = acc0;
  acc[1] = acc1;
  acc[2] = acc2;
  acc[3] = acc3;
}

/// One channel with four sets of weights side by side.
static void four_of_one(int32_t acc[4], const struct taps* taps, const int8_t* a, const int8_t* f,
                        int32_t offset) {
  int32_t acc0 = acc[0];
  int32_t acc1 = acc[1];
  int32_t acc2 = acc[2];
  int32_t acc3 = acc[3];
  for (int32_t y = taps->rows; y > 0; --y, a += taps->in_skip, f += taps->w_skip) {
    for (int32_t i = taps->count; i > 0; --i, a += taps->in_step, f += taps->w_step) {
      const int32_t x = *a + offset;
      acc0 += f[0] * x;
      acc1 += f[1] * x;
      acc2 += f[2] * x;
      acc3 += f[3] * x;
    }
  }
  acc[0] = acc0;
  acc[1] = acc1;
  acc[2] = acc2;
  acc[3] = acc3;
}

static int32_t one(int32_t acc, const struct taps* taps, const int8_t* a, const int8_t* f,
                   int32_t offset) {
  for (int32_t y = taps->rows; y > 0; --y, a += taps->in_skip, f += taps->w_skip) {
    for (int32_t i = taps->count; i > 0; --i, a += taps->in_step, f += taps->w_step)
      acc += *f * (*a + offset);
  }
  return acc;
}

void mcuprof_depthwise_s8(const struct mcuprof_depthwise* p, const int8_t* in, const int8_t* w,
                          const int32_t* bias, const int32_t* mult, const int32_t* shift,
                          int8_t* out, void* scratch) {
  (void)scratch;
  const int32_t multiplier = p->depth_multiplier;
  // Copies, for what is stored through int8_t* might be *p, for all C knows.
  const int32_t in_offset = p->in_offset;
  const int32_t out_offset = p->out_offset;
  const int32_t min = p->act_min;
  const int32_t max = p->act_max;
  struct taps taps;
  taps.in_step = p->dil_w * p->in_c;
  taps.w_step = p->out_c;
  for (int32_t b = 0; b < p->batches; ++b, in += p->in_h * p->in_w * p->in_c) {
    for (int32_t y = 0; y < p->out_h; ++y) {
      const struct mcuprof_window wy =
          mcuprof_window_at(y, p->stride_h, p->pad_h, p->dil_h, p->k_h, p->in_h);
      for (int32_t x = 0; x < p->out_w; ++x) {
        const struct mcuprof_window wx =
            mcuprof_window_at(x, p->stride_w, p->pad_w, p->dil_w, p->k_w, p->in_w);
        taps.count = wx.end - wx.first;
        taps.rows = wy.end - wy.first;
        taps.in_skip = (p->dil_h * p->in_w - taps.count * p->dil_w) * p->in_c;
        taps.w_skip = (p->k_w - taps.count) * p->out_c;
        const int8_t* a =
            in + ((wy.at + wy.first * p->dil_h) * p->in_w + wx.at + wx.first * p->dil_w) * p->in_c;
        const int8_t* f = w + (wy.first * p->k_w + wx.first) * p->out_c;
        int32_t left = multiplier;  // outputs of the input channel at `a`
        for (int32_t o = 0; o < p->out_c;) {
          int32_t acc[4];
          const int32_t room = multiplier == 1 ? p->out_c - o : left;
          const int32_t count = room >= 4 ? 4 : 1;
          for (int32_t i = 0; i < count; ++i) acc[i] = bias ? bias[o + i] : 0;
          if (count == 1) {
            acc[0] = one(acc[0], &taps, a, f + o, in_offset);
          } else if (multiplier == 1) {
            four(acc, &taps, a, f + o, in_offset);
            a += 3;
            left = 4;
          } else {
            four_of_one(acc, &taps, a, f + o, in_offset);
          }
          left -= count;
          if (left == 0) {
            left = multiplier;
            ++a;
          }
          for (int32_t i = 0; i < count; ++i, ++o) {
            const int32_t value = mcuprof_requantize(acc[i], mult[o], shift[o]) + out_offset;
            *out++ = (int8_t)mcuprof_clamp(value, min, max);
          }
        }
      }
    }
  }
}
