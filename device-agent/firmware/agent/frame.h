/// Frames into words, and words into the ring. No hardware is touched here.
#ifndef MCUPROF_FIRMWARE_AGENT_FRAME_H
#define MCUPROF_FIRMWARE_AGENT_FRAME_H

#include <stdbool.h>
#include <stdint.h>

#include "device-agent/firmware/agent/protocol.h"

#ifdef __cplusplus
extern "C" {
#endif

/// Words of the longest frame: two ahead of the payload, one behind it.
#define MCUPROF_FRAME_WORDS (MCUPROF_FRAME_MAX_WORDS + 3u)

/// Puts header and checksum around a payload of `words` words, at most MCUPROF_FRAME_MAX_WORDS,
/// that is already at `frame` + 2. Returns the words of the whole frame.
uint32_t mcuprof_frame_finish(uint32_t* frame, uint8_t type, uint32_t words, uint32_t sequence);

/// Makes an empty ring.
void mcuprof_ring_clear(volatile struct mcuprof_ring* ring);

/// Whether `words` words can be written without overwriting what the host has not read.
bool mcuprof_ring_has_room(const volatile struct mcuprof_ring* ring, uint32_t words);

/// Writes `words` words, over the oldest ones where there is no room, then moves `head` over them.
void mcuprof_ring_write(volatile struct mcuprof_ring* ring, const uint32_t* data, uint32_t words);

#ifdef __cplusplus
}
#endif

#endif
