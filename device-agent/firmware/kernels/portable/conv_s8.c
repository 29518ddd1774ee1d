#include "device-agent/firmware/kernels/kernels.h"
#include "device-agent/firmware/kernels/portable/dot.h"
#include "device-agent/firmware/kernels/requantize.h"
#include "device-agent/firmware/kernels/window.h"

/// The part of one output pixel's window that lies inside the input, as runs of bytes that lie side
/// by side in input and weights: whole rows, or single taps where dilation or groups part them.
struct runs {
  const int8_t* in;
  int32_t rows, count, length;  ///< `count` runs a row, each of `length` bytes
  int32_t in_step, w_step;      ///< from run to run
  int32_t in_row, w_row;        ///< from row to row
};

static void several(int32_t acc[MCUPROF_DOT_ROWS], const struct runs* runs, const int8_t* in,
                    const int8_t* w, int32_t filter, int32_t offset) {
  for (int32_t y = runs->rows; y > 0; --y, in += runs->in_row, w += runs->w_row) {
    const int8_t* a = in;
    const int8_t* f = w;
    for (int32_t i = runs->count; i > 0; --i, a += runs->in_step, f += runs->w_step)
      mcuprof_dot_rows(acc, a, f, filter, runs->length, offset);
  }
}

static int32_t single(int32_t acc, const struct runs* runs, const int8_t* in, const int8_t* w,
                      int32_t offset) {
  for (int32_t y = runs->rows; y > 0; --y, in += runs->in_row, w += runs->w_row) {
    const int8_t* a = in;
    const int8_t* f = w;
    for (int32_t i = runs->count; i > 0; --i, a += runs->in_step, f += runs->w_step)
      acc = mcuprof_dot(acc, a, f, runs->length, offset);
  }
  return acc;
}

void mcuprof_conv_s8(const struct mcuprof_conv* p, const int8_t* in, const int8_t* w,
                     const int32_t* bias, const int32_t* mult, const int32_t* shift, int8_t* out,
                     void* scratch) {
  (void)scratch;
  const int32_t groups = p->in_c / p->filter_c;
  const int32_t per_group = p->out_c / groups;
  const int32_t filter = p->k_h * p->k_w * p->filter_c;
  // Copies, for what is stored through int8_t* might be *p, for all C knows.
  const int32_t offset = p->in_offset;
  const int32_t out_offset = p->out_offset;
  const int32_t min = p->act_min;
  const int32_t max = p->act_max;
  const int whole_rows = groups == 1 && p->dil_w == 1;
  struct runs runs;
  runs.in_step = p->dil_w * p->in_c;
  runs.w_step = p->filter_c;
  runs.in_row = p->dil_h * p->in_w * p->in_c;
  runs.w_row = p->k_w * p->filter_c;
  for (int32_t b = 0; b < p->batches; ++b, in += p->in_h * p->in_w * p->in_c) {
    for (int32_t y = 0; y < p->out_h; ++y) {
      const struct mcuprof_window wy =
          mcuprof_window_at(y, p->stride_h, p->pad_h, p->dil_h, p->k_h, p->in_h);
      runs.rows = wy.end - wy.first;
      for (int32_t x = 0; x < p->out_w; ++x) {
        const struct mcuprof_window wx =
            mcuprof_window_at(x, p->stride_w, p->pad_w, p->dil_w, p->k_w, p->in_w);
        runs.count = whole_rows ? 1 : wx.end - wx.first;
        runs.length = whole_rows ? (wx.end - wx.first) * p->in_c : p->filter_c;
        const int8_t* a =
            in + ((wy.at + wy.first * p->dil_h) * p->in_w + wx.at + wx.first * p->dil_w) * p->in_c;
        const int8_t* f = w + (wy.first * p->k_w + wx.first) * p->filter_c;
        int32_t o = 0;
        for (int32_t end = per_group; o < p->out_c; end += per_group, a += p->filter_c) {
          for (; o + MCUPROF_DOT_ROWS <= end; f += MCUPROF_DOT_ROWS * filter) {
            int32_t acc[MCUPROF_DOT_ROWS];
            for (int32_t i = 0; i < MCUPROF_DOT_ROWS; ++i) acc[i] = bias ? bias[o + i] : 0;
            several(acc, &runs, a, f, filter, offset);
            for (int32_t i = 0; i < MCUPROF_DOT_ROWS; ++i, ++o) {
              const int32_t value = mcuprof_requantize(acc[i], mult[o], shift[o]) + out_offset;
              *out++ = (int8_t)mcuprof_clamp(value, min, max);
            }
          }
          for (; o < end; ++o, f += filter) {
            const int32_t acc = single(bias ? bias[o] : 0, &runs, a, f, offset);
            const int32_t value = mcuprof_requantize(acc, mult[o], shift[o]) + out_offset;
            *out++ = (int8_t)mcuprof_clamp(value, min, max);
          }
        }
      }
    }
  }
}
