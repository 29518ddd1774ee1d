// RUN_ENERGY: what a power meter is to see. Blocks of executions under a raised pin, with sleep
// between them, so that they stand out in the trace of a meter that has no pin as well.
#include <stddef.h>

#include "device-agent/firmware/agent/agent.h"
#include "device-agent/firmware/agent/board.h"
#include "device-agent/firmware/agent/cycles.h"
#include "device-agent/firmware/agent/fault.h"
#include "device-agent/firmware/agent/measure.h"
#include "device-agent/firmware/agent/report.h"

#define WHOLE 0xFFFFFFFFu

/// Where a command stands in time; the counters start anew at each sleep.
struct track {
  uint32_t gap;    ///< cycles of sleep before each block
  uint64_t since;  ///< when the block before ended
};

static struct mcuprof_context block_context;

static bool stopped(void) {
  return mcuprof_mailbox.stop != 0;
}

static void set_parity(uint32_t number) {
  if ((number & 1u) != 0) {
    mcuprof_pin_high(&mcuprof_board.layer);
  } else {
    mcuprof_pin_low(&mcuprof_board.layer);
  }
}

/// All layers in their order, or one of them. Returns false when the kernels refuse.
static bool execute_all(uint32_t first, uint32_t last, bool marks) {
  for (uint32_t number = first; number <= last; ++number) {
    mcuprof_fault_guard(&block_context, number);
    if (marks) set_parity(number);
    if (mcuprof_layer_run(&mcuprof_session.program, number, mcuprof_session.arena) !=
        MCUPROF_PROGRAM_OK) {
      return false;
    }
    ++mcuprof_mailbox.beat;
  }
  return true;
}

/// Executes each layer once, reporting those that cannot be. *cycles is the time of all.
static bool warm_up(uint32_t first, uint32_t last, uint64_t* cycles) {
  *cycles = 0;
  for (uint32_t number = first; number <= last; ++number) {
    uint64_t once = 0;
    if (stopped() || mcuprof_execute(number, &once) != MCUPROF_RAN) return false;
    *cycles += once;
  }
  return true;
}

static uint32_t executions_for(uint32_t target, uint64_t once) {
  if (once >= target) return 1;
  // What a loop takes besides, so that a layer of nothing does not ask for ever.
  const uint32_t each = (uint32_t)once + 16;
  return target / each + 1;
}

/// Returns false when a layer failed or `stop` came; the pins are low then too.
static bool run_block(struct track* track, uint32_t layer, uint32_t first, uint32_t last,
                      uint32_t target) {
  uint64_t once = 0;
  if (!warm_up(first, last, &once)) return false;
  const uint32_t executions = executions_for(target, once);
  const uint64_t awake = mcuprof_cycles_now() - track->since;
  mcuprof_sleep(track->gap);
  const uint64_t woken = mcuprof_cycles_now();
  if (mcuprof_context_save(&block_context)) {
    mcuprof_pin_low(&mcuprof_board.inference);
    mcuprof_pin_low(&mcuprof_board.layer);
    return false;
  }
  bool complete = true;
  set_parity(first);
  mcuprof_pin_high(&mcuprof_board.inference);
  const uint64_t start = mcuprof_cycles_now();
  for (uint32_t i = 0; i < executions && complete; ++i) {
    complete = !stopped() && execute_all(first, last, layer == WHOLE);
  }
  const uint64_t end = mcuprof_cycles_now();
  mcuprof_pin_low(&mcuprof_board.inference);
  mcuprof_fault_unguard();
  mcuprof_pin_low(&mcuprof_board.layer);
  track->since = end;
  if (!complete) return false;
  struct mcuprof_block* const block = &mcuprof_report_payload()->block;
  block->layer = (uint16_t)layer;
  block->executions = executions;
  block->awake = mcuprof_words_of(awake + (start - woken));
  block->cycles = mcuprof_words_of(end - start);
  mcuprof_report_send(MCUPROF_FRAME_BLOCK, sizeof *block);
  return true;
}

int32_t mcuprof_run_energy(const uint32_t* argument) {
  const uint32_t first = argument[0];
  const uint32_t last = argument[1];
  const uint32_t layer_target = argument[2];
  const uint32_t whole_target = argument[3];
  const uint32_t lead = argument[5];
  struct track track = {.gap = argument[4]};
  if (!mcuprof_session.ready) return MCUPROF_NO_PROGRAM;
  const uint32_t layers = mcuprof_session.program.header->layer_count;
  if (first > last || last >= layers || track.gap < 1024 || lead < 1024) {
    return MCUPROF_BAD_ARGUMENT;
  }
  int32_t status = MCUPROF_OK;
  mcuprof_set_input();
  mcuprof_sleep(lead);
  track.since = mcuprof_cycles_now();
  if (whole_target != 0 && !run_block(&track, WHOLE, 0, layers - 1, whole_target)) {
    status = MCUPROF_INCOMPLETE;
  }
  for (uint32_t number = first; number <= last && layer_target != 0 && !stopped(); ++number) {
    if (!run_block(&track, number, number, number, layer_target)) status = MCUPROF_INCOMPLETE;
  }
  if (stopped()) return MCUPROF_STOPPED;
  mcuprof_sleep(lead);
  return status;
}
