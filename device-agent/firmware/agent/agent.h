/// What the agent's parts share. All state is static: nothing is allocated.
#ifndef MCUPROF_FIRMWARE_AGENT_AGENT_H
#define MCUPROF_FIRMWARE_AGENT_AGENT_H

#include <stdbool.h>
#include <stdint.h>

#include "device-agent/firmware/agent/protocol.h"
#include "device-agent/firmware/program.h"

#define MCUPROF_AGENT_VERSION 0x000100u  // 0.1.0

extern volatile struct mcuprof_mailbox mcuprof_mailbox;
extern volatile struct mcuprof_ring mcuprof_ring;

/// Outside of the core's memory model: the debug port must see what was stored before.
static inline void mcuprof_barrier(void) {
  __asm volatile("dmb" ::: "memory");
}

/// The program that CHECK_PROGRAM accepted, and its arena.
struct mcuprof_session {
  struct mcuprof_program program;
  uint8_t* arena;
  bool ready;
  uint32_t input_kind;  ///< enum mcuprof_input
  uint32_t input_seed;
};

extern struct mcuprof_session mcuprof_session;

/// Sets state tensors and inputs as SET_INPUT asked for.
void mcuprof_set_input(void);

/// RUN_LAYERS, RUN_INFERENCE and RUN_ENERGY with their arguments. Return an enum mcuprof_status.
int32_t mcuprof_run_layers(const uint32_t* argument);
int32_t mcuprof_run_inference(const uint32_t* argument);
int32_t mcuprof_run_energy(const uint32_t* argument);

/// The command loop; does not return.
void mcuprof_agent_main(void) __attribute__((noreturn));

#endif
