/// The two checksums of layer programs and of the agent's protocol.
#ifndef MCUPROF_FIRMWARE_CHECKSUM_H
#define MCUPROF_FIRMWARE_CHECKSUM_H

#include <stdint.h>

#ifdef __cplusplus
extern "C" {
#endif

/// CRC-32 as in zlib. `crc` is 0 to begin with, then the result for the bytes before.
uint32_t mcuprof_crc32(uint32_t crc, const void* data, uint32_t bytes);

/// FNV-1a of 32 bits. `hash` is MCUPROF_FNV_START to begin with, then the result for the bytes
/// before.
#define MCUPROF_FNV_START 2166136261u
uint32_t mcuprof_fnv1a(uint32_t hash, const void* data, uint32_t bytes);

#ifdef __cplusplus
}
#endif

#endif
