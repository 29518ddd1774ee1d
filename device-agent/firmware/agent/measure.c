#include "device-agent/firmware/agent/measure.h"

#include <stddef.h>

#include "device-agent/firmware/agent/agent.h"
#include "device-agent/firmware/agent/board.h"
#include "device-agent/firmware/agent/cycles.h"
#include "device-agent/firmware/agent/fault.h"
#include "device-agent/firmware/agent/report.h"

typedef int32_t (*layer_function)(const struct mcuprof_program*, uint32_t, uint8_t*);

static struct mcuprof_context context;
static uint32_t overhead;

/// One place for what is timed, so that the probe costs the same around anything.
__attribute__((noinline)) static int32_t timed(layer_function function, uint32_t layer,
                                               uint64_t* cycles) {
  mcuprof_cycles_quiet();
  mcuprof_pin_high(&mcuprof_board.layer);
  const uint64_t start = mcuprof_cycles_now();
  const int32_t code = function(&mcuprof_session.program, layer, mcuprof_session.arena);
  const uint64_t end = mcuprof_cycles_now();
  mcuprof_pin_low(&mcuprof_board.layer);
  *cycles = end - start > overhead ? end - start - overhead : 0;
  return code;
}

__attribute__((noinline)) static int32_t nothing(const struct mcuprof_program* program,
                                                 uint32_t layer, uint8_t* arena) {
  (void)program;
  (void)layer;
  (void)arena;
  __asm volatile("");
  return 0;
}

void mcuprof_measure_overhead(void) {
  uint64_t least = UINT32_MAX;
  overhead = 0;
  for (uint32_t i = 0; i < 16; ++i) {
    uint64_t cycles = 0;
    timed(nothing, 0, &cycles);
    if (cycles < least) least = cycles;
  }
  overhead = (uint32_t)least;
}

uint32_t mcuprof_overhead(void) {
  return overhead;
}

enum mcuprof_outcome mcuprof_execute(uint32_t layer, uint64_t* cycles) {
  if (mcuprof_context_save(&context)) {
    mcuprof_pin_low(&mcuprof_board.layer);
    return MCUPROF_FAULTED;
  }
  mcuprof_fault_guard(&context, layer);
  const int32_t code = timed(mcuprof_layer_run, layer, cycles);
  mcuprof_fault_unguard();
  ++mcuprof_mailbox.beat;
  if (code == MCUPROF_PROGRAM_OK) return MCUPROF_RAN;
  mcuprof_report_skipped(layer, code);
  return MCUPROF_REFUSED;
}
