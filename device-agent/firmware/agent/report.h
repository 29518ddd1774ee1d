/// Frames to the host: payloads are written where the frame is built, then sent.
#ifndef MCUPROF_FIRMWARE_AGENT_REPORT_H
#define MCUPROF_FIRMWARE_AGENT_REPORT_H

#include "device-agent/firmware/agent/frame.h"

union mcuprof_payload {
  uint32_t words[MCUPROF_FRAME_MAX_WORDS];
  struct mcuprof_hello hello;
  struct mcuprof_machine machine;
  struct mcuprof_program_report program;
  struct mcuprof_layer_report layer;
  struct mcuprof_layer_time time;
  struct mcuprof_output output;
  struct mcuprof_inference inference;
  struct mcuprof_counters counters;
  struct mcuprof_skipped skipped;
  struct mcuprof_fault fault;
  struct mcuprof_memory memory;
  struct mcuprof_done done;
  struct mcuprof_block block;
};

/// The payload of the next frame, all zeros.
union mcuprof_payload* mcuprof_report_payload(void);

/// Sends the payload as a frame: into the ring, waiting for room where the mailbox asks for it, and
/// to the ITM where the host has enabled it.
void mcuprof_report_send(uint8_t type, uint32_t payload_bytes);

/// Says that the kernels refused a layer.
void mcuprof_report_skipped(uint32_t layer, int32_t code);

/// Frames since the last call of this function.
uint32_t mcuprof_report_count(void);

static inline struct mcuprof_u64 mcuprof_words_of(uint64_t value) {
  return (struct mcuprof_u64){(uint32_t)value, (uint32_t)(value >> 32)};
}

#endif
