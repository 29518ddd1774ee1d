#include "device-agent/firmware/kernels/kernels.h"
#include "device-agent/firmware/kernels/portable/dot.h"
#include "device-agent/firmware/kernels/requantize.h"

/// What the weights' zero point adds to every sum of a row; TFLite has it 0 for int8.
static int32_t filter_share(const struct mcuprof_fully_connected* p, const int8_t* in) {
  if (p->filter_offset == 0) return 0;
  int32_t sum = 0;
  for (int32_t i = 0; i < p->in; ++i) sum += in[i] + p->in_offset;
  return sum * p->filter_offset;
}

void mcuprof_fully_connected_s8(const struct mcuprof_fully_connected* p, const int8_t* in,
                                const int8_t* w, const int32_t* bias, const int32_t* mult,
                                const int32_t* shift, int8_t* out, void* scratch) {
  (void)scratch;
  const int32_t n = p->in;
  // Copies, for what is stored through int8_t* might be *p, for all C knows.
  const int32_t out_offset = p->out_offset;
  const int32_t min = p->act_min;
  const int32_t max = p->act_max;
  for (int32_t r = 0; r < p->rows; ++r, in += n) {
    const int32_t share = filter_share(p, in);
    const int8_t* f = w;
    int32_t o = 0;
    while (o < p->out) {
      int32_t acc[MCUPROF_DOT_ROWS];
      int32_t rows = p->out - o < MCUPROF_DOT_ROWS ? 1 : MCUPROF_DOT_ROWS;
      for (int32_t i = 0; i < rows; ++i) acc[i] = share + (bias ? bias[o + i] : 0);
      if (rows == 1) {
        acc[0] = mcuprof_dot(acc[0], in, f, n, p->in_offset);
      } else {
        mcuprof_dot_rows(acc, in, f, n, n, p->in_offset);
      }
      f += rows * n;
      for (int32_t i = 0; i < rows; ++i, ++o) {
        const int32_t q = p->per_channel ? o : 0;
        const int32_t value = mcuprof_requantize(acc[i], mult[q], shift[q]) + out_offset;
        *out++ = (int8_t)mcuprof_clamp(value, min, max);
      }
    }
  }
}
