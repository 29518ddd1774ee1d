#include "device-agent/firmware/kernels/reduce.h"

#include "device-agent/firmware/kernels/requantize.h"

#define MEAN_WALK(T, MIN, MAX)                                                             \
  const int32_t* k = p->kept;                                                              \
  const int32_t* r = p->reduced;                                                           \
  for (int32_t k0 = 0; k0 < k[0]; ++k0)                                                    \
    for (int32_t k1 = 0; k1 < k[1]; ++k1)                                                  \
      for (int32_t k2 = 0; k2 < k[2]; ++k2) {                                              \
        const T* first =                                                                   \
            in + k0 * p->kept_stride[0] + k1 * p->kept_stride[1] + k2 * p->kept_stride[2]; \
        int32_t sum = 0;                                                                   \
        for (int32_t r0 = 0; r0 < r[0]; ++r0)                                              \
          for (int32_t r1 = 0; r1 < r[1]; ++r1) {                                          \
            const T* a = first + r0 * p->reduced_stride[0] + r1 * p->reduced_stride[1];    \
            for (int32_t r2 = 0; r2 < r[2]; ++r2, a += p->reduced_stride[2]) sum += *a;    \
          }                                                                                \
        const int32_t mean = mcuprof_requantize(sum - p->offset, p->mult, p->shift);       \
        *out++ = (T)mcuprof_clamp(mean + p->out_offset, MIN, MAX);                         \
      }

void mcuprof_mean_s8(const struct mcuprof_mean* p, const int8_t* in, int8_t* out) {
  MEAN_WALK(int8_t, INT8_MIN, INT8_MAX)
}

void mcuprof_mean_s16(const struct mcuprof_mean* p, const int16_t* in, int16_t* out) {
  MEAN_WALK(int16_t, INT16_MIN, INT16_MAX)
}
