// Input fill, output hash and checksum, the same on both sides of the wire.
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

uint32_t mcuprof_fnv1a(uint32_t hash, const void* data, uint32_t bytes) {
  const uint8_t* from = data;
  for (uint32_t i = 0; i < bytes; ++i) hash = (hash ^ from[i]) * 16777619U;
  return hash;
}

uint32_t mcuprof_crc32(uint32_t crc, const void* data, uint32_t bytes) {
  // Four bits at a time, so that the table takes 64 bytes of flash.
  static const uint32_t kNibble[16] = {0x00000000, 0x1DB71064, 0x3B6E20C8, 0x26D930AC,
                                       0x76DC4190, 0x6B6B51F4, 0x4DB26158, 0x5005713C,
                                       0xEDB88320, 0xF00F9344, 0xD6D6A3E8, 0xCB61B38C,
                                       0x9B64C2B0, 0x86D3D2D4, 0xA00AE278, 0xBDBDF21C};
  const uint8_t* from = data;
  crc = ~crc;
  for (uint32_t i = 0; i < bytes; ++i) {
    crc ^= from[i];
    crc = (crc >> 4) ^ kNibble[crc & 15];
    crc = (crc >> 4) ^ kNibble[crc & 15];
  }
  return ~crc;
}
