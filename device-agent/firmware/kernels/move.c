#include "device-agent/firmware/kernels/move.h"

#include <string.h>

#define VIEW_WALK(T)                                                                               \
  for (int32_t i0 = 0; i0 < e[0]; ++i0)                                                            \
    for (int32_t i1 = 0; i1 < e[1]; ++i1)                                                          \
      for (int32_t i2 = 0; i2 < e[2]; ++i2)                                                        \
        for (int32_t i3 = 0; i3 < e[3]; ++i3)                                                      \
          for (int32_t i4 = 0; i4 < e[4]; ++i4) {                                                  \
            const T* a = (const T*)in + p->start + i0 * s[0] + i1 * s[1] + i2 * s[2] + i3 * s[3] + \
                         i4 * s[4];                                                                \
            for (int32_t i5 = 0; i5 < e[5]; ++i5) *to++ = a[i5 * s[5]];                            \
          }

void mcuprof_move_view(const struct mcuprof_view* p, const void* in, void* out) {
  const int32_t* e = p->extent;
  const int32_t* s = p->stride;
  switch (p->element_bytes) {
    case 1: {
      uint8_t* to = out;
      VIEW_WALK(uint8_t)
      break;
    }
    case 2: {
      uint16_t* to = out;
      VIEW_WALK(uint16_t)
      break;
    }
    case 4: {
      uint32_t* to = out;
      VIEW_WALK(uint32_t)
      break;
    }
    default: {
      uint64_t* to = out;
      VIEW_WALK(uint64_t)
      break;
    }
  }
}

static uint8_t* fill(uint8_t* to, int32_t count, const struct mcuprof_pad* p) {
  const uint8_t* value = (const uint8_t*)p->value;
  if (p->element_bytes == 1) {
    memset(to, value[0], (uint32_t)count);
    return to + count;
  }
  for (int32_t i = 0; i < count; ++i, to += p->element_bytes) {
    memcpy(to, value, (uint32_t)p->element_bytes);
  }
  return to;
}

void mcuprof_move_pad(const struct mcuprof_pad* p, const void* in, void* out) {
  const uint8_t* from = in;
  uint8_t* to = out;
  const int32_t row_bytes = p->in[5] * p->element_bytes;
  int32_t i[5];
  for (i[0] = 0; i[0] < p->out[0]; ++i[0]) {
    for (i[1] = 0; i[1] < p->out[1]; ++i[1]) {
      for (i[2] = 0; i[2] < p->out[2]; ++i[2]) {
        for (i[3] = 0; i[3] < p->out[3]; ++i[3]) {
          for (i[4] = 0; i[4] < p->out[4]; ++i[4]) {
            int inside = 1;
            for (int d = 0; d < 5; ++d) {
              const int32_t at = i[d] - p->before[d];
              if (at < 0 || at >= p->in[d]) inside = 0;
            }
            if (!inside) {
              to = fill(to, p->out[5], p);
              continue;
            }
            to = fill(to, p->before[5], p);
            memcpy(to, from, (uint32_t)row_bytes);
            to += row_bytes;
            from += row_bytes;
            to = fill(to, p->out[5] - p->before[5] - p->in[5], p);
          }
        }
      }
    }
  }
}

void mcuprof_move_rows(const void* in, void* out, int32_t rows, int32_t row_bytes,
                       int32_t out_bytes) {
  const uint8_t* from = in;
  uint8_t* to = out;
  for (int32_t r = 0; r < rows; ++r, from += row_bytes, to += out_bytes) {
    memcpy(to, from, (uint32_t)row_bytes);
  }
}
