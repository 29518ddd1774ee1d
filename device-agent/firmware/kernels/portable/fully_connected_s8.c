#include "device-agent/firmware/kernels/kernels.h"
#include "device-agent/firmware/kernels/requantize.h"

void mcuprof_fully_connected_s8(const struct mcuprof_fully_connected* p, const int8_t* in,
                                const int8_t* w, const int32_t* bias, const int32_t* mult,
                                const int32_t* shift, int8_t* out, void* scratch) {
  (void)scratch;
  for (int32_t r = 0; r < p->rows; ++r, in += p->in) {
    const int8_t* f = w;
    for (int32_t o = 0; o < p->out; ++o, f += p->in) {
      int32_t acc = bias ? bias[o] : 0;
      for (int32_t i = 0; i < p->in; ++i) {
        acc += (f[i] + p->filter_offset) * (in[i] + p->in_offset);
      }
      const int32_t q = p->per_channel ? o : 0;
      acc = mcuprof_requantize(acc, mult[q], shift[q]) + p->out_offset;
      *out++ = (int8_t)mcuprof_clamp(acc, p->act_min, p->act_max);
    }
  }
}
