/// Four rows of weights with one row of inputs: each loaded and unpacked word of inputs serves four
/// sums.
#include "device-agent/firmware/kernels/dsp/products.h"
#include "device-agent/firmware/kernels/dsp/simd.h"
#include "device-agent/firmware/kernels/kernels.h"

/// What the weights' zero point adds to every sum of a row; TFLite has it 0 for int8.
static int32_t filter_share(const struct mcuprof_fully_connected* p, const int8_t* in) {
  if (p->filter_offset == 0) return 0;
  uint32_t sum = 0;
  for (int32_t i = 0; i < p->in; ++i) sum += (uint32_t)(in[i] + p->in_offset);
  return (int32_t)(sum * (uint32_t)p->filter_offset);
}

void mcuprof_fully_connected_s8(const struct mcuprof_fully_connected* p, const int8_t* in,
                                const int8_t* w, const int32_t* bias, const int32_t* mult,
                                const int32_t* shift, int8_t* out, void* scratch) {
  (void)scratch;
  const int32_t length = p->in;
  const uint32_t offset = mcuprof_both_halves(p->in_offset);
  const int32_t step = p->per_channel ? 1 : 0;
  const struct mcuprof_finish finish = mcuprof_finish_of(p->out_offset, p->act_min, p->act_max);
  for (int32_t r = 0; r < p->rows; ++r, in += length) {
    const int8_t* f = w;
    const int32_t* b = bias;
    const int32_t* m = mult;
    const int32_t* s = shift;
    const int32_t start = filter_share(p, in);
    int32_t left = p->out;
    for (; left >= 4; left -= 4, f += 4 * length) {
      int32_t sum[4] = {start, start, start, start};
      if (b) {
        sum[0] += b[0];
        sum[1] += b[1];
        sum[2] += b[2];
        sum[3] += b[3];
        b += 4;
      }
      mcuprof_dsp_four_rows(sum, f, length, in, offset);
      struct mcuprof_scale scale = mcuprof_scale_of(*m, *s);
      const int32_t v0 = mcuprof_scaled(sum[0], &scale);
      if (step) scale = mcuprof_scale_of(m[1], s[1]);
      const int32_t v1 = mcuprof_scaled(sum[1], &scale);
      if (step) scale = mcuprof_scale_of(m[2], s[2]);
      const int32_t v2 = mcuprof_scaled(sum[2], &scale);
      if (step) scale = mcuprof_scale_of(m[3], s[3]);
      const int32_t v3 = mcuprof_scaled(sum[3], &scale);
      mcuprof_store4(out, mcuprof_four_outputs(v0, v1, v2, v3, &finish));
      out += 4;
      m += 4 * step;
      s += 4 * step;
    }
    for (; left > 0; --left, f += length, m += step, s += step) {
      int32_t sum = start;
      if (b) sum += *b++;
      mcuprof_dsp_one_row(&sum, f, length, in, offset);
      const struct mcuprof_scale scale = mcuprof_scale_of(*m, *s);
      *out++ = mcuprof_one_output(mcuprof_scaled(sum, &scale), &finish);
    }
  }
}
