#include "device-agent/firmware/checksum.h"

// Four bits at a time: 64 bytes of table, where a byte at a time would take 1 KiB of flash.
static const uint32_t crc_table[16] = {
    0x00000000, 0x1DB71064, 0x3B6E20C8, 0x26D930AC, 0x76DC4190, 0x6B6B51F4, 0x4DB26158, 0x5005713C,
    0xEDB88320, 0xF00F9344, 0xD6D6A3E8, 0xCB61B38C, 0x9B64C2B0, 0x86D3D2D4, 0xA00AE278, 0xBDBDF21C,
};

uint32_t mcuprof_crc32(uint32_t crc, const void* data, uint32_t bytes) {
  const uint8_t* p = data;
  crc = ~crc;
  for (; bytes != 0; --bytes) {
    crc ^= *p++;
    crc = (crc >> 4) ^ crc_table[crc & 15u];
    crc = (crc >> 4) ^ crc_table[crc & 15u];
  }
  return ~crc;
}

uint32_t mcuprof_fnv1a(uint32_t hash, const void* data, uint32_t bytes) {
  const uint8_t* p = data;
  for (; bytes != 0; --bytes) hash = (hash ^ *p++) * 16777619u;
  return hash;
}
