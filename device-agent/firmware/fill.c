#include <string.h>

#include "device-agent/firmware/program.h"

uint32_t mcuprof_fill_xorshift(const struct mcuprof_tensor* tensor, uint8_t* arena, uint32_t x) {
  uint8_t* to = arena + tensor->offset;
  if (tensor->type == MCUPROF_F32) {
    for (uint32_t i = 0; i < tensor->bytes; i += 4) {
      x = mcuprof_xorshift(x);
      const float value = (float)((int32_t)(x & 0xFF) - 128) / 128.0F;
      memcpy(to + i, &value, 4);
    }
    return x;
  }
  for (uint32_t i = 0; i < tensor->bytes; ++i) {
    x = mcuprof_xorshift(x);
    to[i] = (uint8_t)x;
  }
  return x;
}
