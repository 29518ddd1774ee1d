#include <string.h>

#include "device-agent/firmware/kernels/requantize.h"
#include "device-agent/firmware/kernels/sequence.h"

// Every row of the state moves on by one value, its newest is the feature of this step; a unit is
// the sum over its rank rows of their products with the time weights.
#define SVDF(T, MIN, MAX)                                                                   \
  const int32_t rows = p->units * p->rank;                                                  \
  memmove(state, state + 1, ((uint32_t)(p->batches * rows * p->memory) - 1U) * sizeof(T));  \
  for (int32_t b = 0; b < p->batches; ++b, in += p->inputs) {                               \
    const int8_t* f = w_feature;                                                            \
    const T* t = w_time;                                                                    \
    for (int32_t u = 0; u < p->units; ++u) {                                                \
      int32_t sum = bias ? bias[u] : 0;                                                     \
      for (int32_t r = 0; r < p->rank; ++r, f += p->inputs) {                               \
        int32_t feature = 0;                                                                \
        for (int32_t i = 0; i < p->inputs; ++i) feature += f[i] * (in[i] + p->in_offset);   \
        feature = mcuprof_requantize(feature, p->feature_mult, p->feature_shift);           \
        state[p->memory - 1] = (T)(mcuprof_clamp(feature, MIN, MAX) + p->state_offset);     \
        for (int32_t m = 0; m < p->memory; ++m) sum += *t++ * (*state++ - p->state_offset); \
      }                                                                                     \
      sum = mcuprof_requantize(sum, p->out_mult, p->out_shift) + p->out_offset;             \
      *out++ = (int8_t)mcuprof_clamp(sum, INT8_MIN, INT8_MAX);                              \
    }                                                                                       \
  }

void mcuprof_svdf_s8(const struct mcuprof_svdf* p, const int8_t* in, const int8_t* w_feature,
                     const int8_t* w_time, const int32_t* bias, int8_t* state, int8_t* out) {
  SVDF(int8_t, INT8_MIN, INT8_MAX)
}

void mcuprof_svdf_s8_s16(const struct mcuprof_svdf* p, const int8_t* in, const int8_t* w_feature,
                         const int16_t* w_time, const int32_t* bias, int16_t* state, int8_t* out) {
  SVDF(int16_t, INT16_MIN, INT16_MAX)
}
