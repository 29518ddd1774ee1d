#include "device-agent/firmware/agent/frame.h"

#include "device-agent/firmware/checksum.h"

uint32_t mcuprof_frame_finish(uint32_t* frame, uint8_t type, uint32_t words, uint32_t sequence) {
  frame[0] = MCUPROF_FRAME_SYNC | (uint32_t)type << 16 | words << 24;
  frame[1] = sequence;
  frame[words + 2] = mcuprof_crc32(0, frame, (words + 2) * 4);
  return words + 3;
}

void mcuprof_ring_clear(volatile struct mcuprof_ring* ring) {
  ring->bytes = MCUPROF_RING_BYTES;
  ring->head = 0;
  ring->tail = 0;
  ring->magic = MCUPROF_RING_MAGIC;
}

bool mcuprof_ring_has_room(const volatile struct mcuprof_ring* ring, uint32_t words) {
  return ring->head - ring->tail + words * 4 <= MCUPROF_RING_BYTES;
}

void mcuprof_ring_write(volatile struct mcuprof_ring* ring, const uint32_t* data, uint32_t words) {
  uint32_t at = ring->head / 4;
  for (uint32_t i = 0; i < words; ++i) ring->data[at++ % (MCUPROF_RING_BYTES / 4)] = data[i];
  // The host may look at any time: what `head` has passed must be there. Volatile keeps the order
  // of the stores, and a single core's stores to one memory are seen by its debug port in order.
  ring->head += words * 4;
}
