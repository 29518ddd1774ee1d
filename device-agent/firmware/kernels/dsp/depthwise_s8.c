/// Four channels at a time: a word of inputs and a word of weights are four products. Channels lie
/// side by side, so nothing needs to be gathered. Where the number of channels is no multiple of 4,
/// the last four overlap those before them and are computed again.
#include "device-agent/firmware/kernels/dsp/products.h"
#include "device-agent/firmware/kernels/dsp/simd.h"
#include "device-agent/firmware/kernels/kernels.h"
#include "device-agent/firmware/kernels/window.h"

/// What all outputs of one pixel share.
struct window {
  const int8_t* in;  ///< first tap inside the input, first channel
  const int8_t* w;   ///< its weight for the first output channel
  struct mcuprof_dsp_patch patch;
  int by_threes;  ///< three taps a row and one step for inputs and weights: a loop of their own
  int empty;      ///< wholly in the padding
};

/// Scaling of the output channels.
struct channels {
  const int32_t* bias;  ///< null: none
  const int32_t* mult;
  const int32_t* shift;
  struct mcuprof_finish finish;
};

static inline void start(const struct channels* channels, int32_t o, int32_t sum[4]) {
  if (channels->bias) {
    __builtin_memcpy(sum, channels->bias + o, 4 * sizeof *sum);
  } else {
    __builtin_memset(sum, 0, 4 * sizeof *sum);
  }
}

static inline int32_t scaled(const struct channels* channels, int32_t sum, int32_t o) {
  const struct mcuprof_scale scale = mcuprof_scale_of(channels->mult[o], channels->shift[o]);
  return mcuprof_scaled(sum, &scale);
}

static inline void store_four(const struct channels* channels, const int32_t sum[4], int32_t o,
                              int8_t* out) {
  const int32_t v0 = scaled(channels, sum[0], o);
  const int32_t v1 = scaled(channels, sum[1], o + 1);
  const int32_t v2 = scaled(channels, sum[2], o + 2);
  const int32_t v3 = scaled(channels, sum[3], o + 3);
  mcuprof_store4(out + o, mcuprof_four_outputs(v0, v1, v2, v3, &channels->finish));
}

static void pixel_by_fours(const struct window* window, const struct channels* all, int32_t in_c,
                           int8_t* out) {
  const struct channels channels = *all;
  const struct mcuprof_dsp_patch* patch = &window->patch;
  for (int32_t c = 0;;) {
    int32_t sum[4];
    start(&channels, c, sum);
    if (window->by_threes) {
      mcuprof_dsp_four_channels_by_threes(sum, patch, window->in + c, window->w + c);
    } else if (!window->empty) {
      mcuprof_dsp_four_channels(sum, patch, window->in + c, window->w + c);
    }
    store_four(&channels, sum, c, out);
    if (c == in_c - 4) return;
    c = c + 8 <= in_c ? c + 4 : in_c - 4;
  }
}

/// The same within the output channels of each input channel.
static void pixel_by_multiples(const struct mcuprof_depthwise* p, const struct window* window,
                               const struct channels* all, int8_t* out) {
  const struct channels channels = *all;
  const int32_t multiplier = p->depth_multiplier;
  const int32_t in_c = p->in_c;
  for (int32_t c = 0; c < in_c; ++c) {
    const int32_t end = (c + 1) * multiplier;
    for (int32_t o = c * multiplier;;) {
      int32_t sum[4];
      start(&channels, o, sum);
      if (!window->empty) {
        mcuprof_dsp_one_channel_by_four(sum, &window->patch, window->in + c, window->w + o);
      }
      store_four(&channels, sum, o, out);
      if (o == end - 4) break;
      o = o + 8 <= end ? o + 4 : end - 4;
    }
  }
}

/// What does not fill four channels: one output at a time.
static void channels_alone(const struct mcuprof_depthwise* p, const struct channels* all,
                           const int8_t* in, const int8_t* w, int8_t* out) {
  const struct channels channels = *all;
  const int32_t in_offset = p->in_offset;
  const int32_t multiplier = p->depth_multiplier;
  const int32_t in_step = p->dil_w * p->in_c;
  const int32_t w_step = p->out_c;
  const int32_t in_row = p->dil_h * p->in_w * p->in_c;
  const int32_t w_row = p->k_w * w_step;
  // Up to here a window that begins inside also ends inside.
  const int32_t last_whole = p->in_w - 1 - (p->k_w - 1) * p->dil_w;
  for (int32_t y = 0; y < p->out_h; ++y) {
    const struct mcuprof_window wy =
        mcuprof_window_at(y, p->stride_h, p->pad_h, p->dil_h, p->k_h, p->in_h);
    const int8_t* in_rows = in + (wy.at + wy.first * p->dil_h) * p->in_w * p->in_c;
    const int8_t* w_rows = w + wy.first * w_row;
    const int32_t rows = wy.end - wy.first;
    int32_t at = -p->pad_w;
    for (int32_t x = p->out_w; x > 0; --x, at += p->stride_w) {
      const int8_t* a = in_rows + at * p->in_c;
      const int8_t* f = w_rows;
      int32_t taps = p->k_w;
      if (at < 0 || at > last_whole) {
        const struct mcuprof_window wx = mcuprof_window_at(at, 1, 0, p->dil_w, taps, p->in_w);
        taps = wx.end - wx.first;
        a += wx.first * in_step;
        f += wx.first * w_step;
      }
      const int32_t in_skip = in_row - taps * in_step;
      const int32_t w_skip = w_row - taps * w_step;
      const int32_t* bias = channels.bias;
      const int32_t* mult = channels.mult;
      const int32_t* shift = channels.shift;
      for (const int8_t* a_end = a + p->in_c; a != a_end; ++a) {
        for (int32_t m = multiplier; m > 0; --m, ++f) {
          int32_t sum = bias ? *bias++ : 0;
          const int8_t* ai = a;
          const int8_t* fi = f;
          if (taps == 3) {
            for (int32_t row = rows; row > 0; --row) {
              sum += fi[0] * (ai[0] + in_offset);
              sum += fi[w_step] * (ai[in_step] + in_offset);
              sum += fi[2 * w_step] * (ai[2 * in_step] + in_offset);
              ai += in_row;
              fi += w_row;
            }
          } else if (taps < 3) {
            for (int32_t row = taps > 0 ? rows : 0; row > 0; --row) {
              sum += fi[0] * (ai[0] + in_offset);
              if (taps > 1) sum += fi[w_step] * (ai[in_step] + in_offset);
              ai += in_row;
              fi += w_row;
            }
          } else {
            for (int32_t row = rows; row > 0; --row) {
              int32_t n = taps;
              do {
                sum += *fi * (*ai + in_offset);
                ai += in_step;
                fi += w_step;
              } while (--n > 0);
              ai += in_skip;
              fi += w_skip;
            }
          }
          const struct mcuprof_scale scale = mcuprof_scale_of(*mult++, *shift++);
          *out++ = mcuprof_one_output(mcuprof_scaled(sum, &scale), &channels.finish);
        }
      }
    }
  }
}

/// All pixels, four output channels at a time.
static void channels_by_fours(const struct mcuprof_depthwise* p, const struct channels* channels,
                              const int8_t* in, const int8_t* w, int8_t* out) {
  const int by_multiples = p->depth_multiplier != 1;
  const int32_t in_row = p->dil_h * p->in_w * p->in_c;
  const int32_t w_row = p->k_w * p->out_c;
  struct window window;
  struct mcuprof_dsp_patch* patch = &window.patch;
  patch->in_step = p->dil_w * p->in_c;
  patch->w_step = p->out_c;
  patch->offset = by_multiples ? (uint32_t)p->in_offset : mcuprof_both_halves(p->in_offset);
  for (int32_t y = 0; y < p->out_h; ++y) {
    const struct mcuprof_window wy =
        mcuprof_window_at(y, p->stride_h, p->pad_h, p->dil_h, p->k_h, p->in_h);
    const int32_t top = wy.at + wy.first * p->dil_h;
    patch->rows = wy.end - wy.first;
    for (int32_t x = 0; x < p->out_w; ++x) {
      const struct mcuprof_window wx =
          mcuprof_window_at(x, p->stride_w, p->pad_w, p->dil_w, p->k_w, p->in_w);
      const int32_t taps = wx.end - wx.first;
      patch->taps = taps;
      window.empty = patch->rows == 0 || taps == 0;
      window.by_threes =
          !window.empty && taps == 3 && patch->in_step == patch->w_step && !by_multiples;
      patch->in_skip = window.by_threes ? in_row : in_row - taps * patch->in_step;
      patch->w_skip = window.by_threes ? w_row : w_row - taps * patch->w_step;
      window.in = in + (top * p->in_w + wx.at + wx.first * p->dil_w) * p->in_c;
      window.w = w + (wy.first * p->k_w + wx.first) * p->out_c;
      if (by_multiples) {
        pixel_by_multiples(p, &window, channels, out);
      } else {
        pixel_by_fours(&window, channels, p->in_c, out);
      }
      out += p->out_c;
    }
  }
}

void mcuprof_depthwise_s8(const struct mcuprof_depthwise* p, const int8_t* in, const int8_t* w,
                          const int32_t* bias, const int32_t* mult, const int32_t* shift,
                          int8_t* out, void* scratch) {
  (void)scratch;
  const struct channels channels = {bias, mult, shift,
                                    mcuprof_finish_of(p->out_offset, p->act_min, p->act_max)};
  const int by_fours = p->depth_multiplier >= 4 || (p->depth_multiplier == 1 && p->in_c >= 4);
  for (int32_t b = 0; b < p->batches; ++b) {
    if (by_fours) {
      channels_by_fours(p, &channels, in, w, out);
    } else {
      channels_alone(p, &channels, in, w, out);
    }
    in += p->in_h * p->in_w * p->in_c;
    out += p->out_h * p->out_w * p->out_c;
  }
}
