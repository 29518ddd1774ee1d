/// Four channels at a time, as long as their sums fit into half a word each.
#include "device-agent/firmware/kernels/dsp/simd.h"
#include "device-agent/firmware/kernels/kernels.h"
#include "device-agent/firmware/kernels/window.h"

/// Taps whose bytes cannot overflow 16 bits.
#define TAPS_IN_A_HALF 255

/// sum / count, halves away from zero.
static inline int32_t average(int32_t sum, int32_t count) {
  const int32_t sign = sum >> 31;
  return (sum + (((count >> 1) ^ sign) - sign)) / count;
}

struct window {
  const int8_t* in;    ///< first tap, first channel
  int32_t rows, taps;  ///< taps a row
  int32_t step, skip;  ///< from tap to tap; from behind a row to the next
};

static inline void sum_four(const struct window* window, int32_t c, uint32_t* even, uint32_t* odd) {
  const int8_t* in = window->in + c;
  uint32_t e = 0;
  uint32_t o = 0;
  for (int32_t row = window->rows; row > 0; --row, in += window->skip) {
    for (int32_t n = window->taps; n > 0; --n, in += window->step) {
      const uint32_t word = mcuprof_load4(in);
      e = mcuprof_even_bytes(e, word);
      o = mcuprof_odd_bytes(o, word);
    }
  }
  *even = e;
  *odd = o;
}

static inline int32_t sum_one(const struct window* window, int32_t c) {
  const int8_t* in = window->in + c;
  int32_t sum = 0;
  for (int32_t row = window->rows; row > 0; --row, in += window->skip) {
    for (int32_t n = window->taps; n > 0; --n, in += window->step) sum += *in;
  }
  return sum;
}

static void pixel(const struct window* from, int32_t channels, const struct mcuprof_finish* all,
                  int8_t* out) {
  const struct window window = *from;
  const struct mcuprof_finish finish = *all;
  const int32_t count = window.rows * window.taps;
  if (channels < 4 || count > TAPS_IN_A_HALF) {
    for (int32_t c = 0; c < channels; ++c)
      out[c] = mcuprof_one_output(average(sum_one(&window, c), count), &finish);
    return;
  }
  for (int32_t c = 0;;) {
    uint32_t even;
    uint32_t odd;
    sum_four(&window, c, &even, &odd);
    mcuprof_store4(out + c,
                   mcuprof_four_outputs(average((int16_t)even, count), average((int16_t)odd, count),
                                        average((int32_t)even >> 16, count),
                                        average((int32_t)odd >> 16, count), &finish));
    if (c == channels - 4) return;
    c = c + 8 <= channels ? c + 4 : channels - 4;
  }
}

void mcuprof_average_pool_s8(const struct mcuprof_pool* p, const int8_t* in, int8_t* out,
                             void* scratch) {
  (void)scratch;
  const struct mcuprof_finish finish = mcuprof_finish_of(0, p->act_min, p->act_max);
  struct window window;
  window.step = p->channels;
  for (int32_t b = 0; b < p->batches; ++b, in += p->in_h * p->in_w * p->channels) {
    for (int32_t y = 0; y < p->out_h; ++y) {
      const struct mcuprof_window wy =
          mcuprof_window_at(y, p->stride_h, p->pad_h, 1, p->k_h, p->in_h);
      window.rows = wy.end - wy.first;
      for (int32_t x = 0; x < p->out_w; ++x, out += p->channels) {
        const struct mcuprof_window wx =
            mcuprof_window_at(x, p->stride_w, p->pad_w, 1, p->k_w, p->in_w);
        window.taps = wx.end - wx.first;
        window.skip = (p->in_w - window.taps) * p->channels;
        window.in = in + ((wy.at + wy.first) * p->in_w + wx.at + wx.first) * p->channels;
        pixel(&window, p->channels, &finish, out);
      }
    }
  }
}
