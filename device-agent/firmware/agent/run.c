#include <stddef.h>

#include "device-agent/firmware/agent/agent.h"
#include "device-agent/firmware/agent/board.h"
#include "device-agent/firmware/agent/cycles.h"
#include "device-agent/firmware/agent/fault.h"
#include "device-agent/firmware/agent/machine.h"
#include "device-agent/firmware/agent/measure.h"
#include "device-agent/firmware/agent/registers.h"
#include "device-agent/firmware/agent/report.h"
#include "device-agent/firmware/checksum.h"

/// Times in rising order.
struct samples {
  uint32_t count;
  uint64_t cycles[MCUPROF_MAX_REPEATS];
};

struct summary {
  uint64_t minimum, median, maximum;
};

static struct mcuprof_context pass_context;

static void add_sample(struct samples* samples, uint64_t cycles) {
  uint32_t at = samples->count++;
  for (; at > 0 && samples->cycles[at - 1] > cycles; --at) {
    samples->cycles[at] = samples->cycles[at - 1];
  }
  samples->cycles[at] = cycles;
}

static struct summary summary_of(const struct samples* samples) {
  if (samples->count == 0) return (struct summary){0, 0, 0};
  return (struct summary){samples->cycles[0], samples->cycles[(samples->count - 1) / 2],
                          samples->cycles[samples->count - 1]};
}

static bool stopped(void) {
  return mcuprof_mailbox.stop != 0;
}

static void hash_outputs(uint32_t number) {
  const struct mcuprof_program* const program = &mcuprof_session.program;
  const struct mcuprof_layer* const layer = &program->layers[number];
  for (uint32_t i = 0; i < layer->output_count; ++i) {
    const struct mcuprof_tensor* const tensor = mcuprof_layer_output(program, layer, i);
    const void* const data = mcuprof_tensor_data(program, tensor, mcuprof_session.arena);
    const uint32_t hash = mcuprof_fnv1a(MCUPROF_FNV_START, data, tensor->bytes);
    struct mcuprof_output* const output = &mcuprof_report_payload()->output;
    output->layer = (uint16_t)number;
    output->output = (uint16_t)i;
    output->bytes = tensor->bytes;
    output->fnv1a = hash;
    mcuprof_report_send(MCUPROF_FRAME_OUTPUT, sizeof *output);
  }
}

/// One more execution with the DWT's counters on; they count, and send their overflows, only then.
static enum mcuprof_outcome count_events(uint32_t number) {
#if __ARM_ARCH_ISA_THUMB >= 2
  if (!mcuprof_cycles_have_profile()) return MCUPROF_RAN;
  uint64_t cycles = 0;
  DWT_CPICNT = 0;
  DWT_EXCCNT = 0;
  DWT_SLEEPCNT = 0;
  DWT_LSUCNT = 0;
  DWT_FOLDCNT = 0;
  DWT_CTRL |= DWT_COUNTER_EVENTS;
  const enum mcuprof_outcome outcome = mcuprof_execute(number, &cycles);
  DWT_CTRL &= ~DWT_COUNTER_EVENTS;
  if (outcome != MCUPROF_RAN) return outcome;
  struct mcuprof_counters* const counters = &mcuprof_report_payload()->counters;
  counters->layer = (uint16_t)number;
  counters->cpi = (uint8_t)DWT_CPICNT;
  counters->exc = (uint8_t)DWT_EXCCNT;
  counters->sleep = (uint8_t)DWT_SLEEPCNT;
  counters->lsu = (uint8_t)DWT_LSUCNT;
  counters->fold = (uint8_t)DWT_FOLDCNT;
  counters->cycles = mcuprof_words_of(cycles);
  mcuprof_report_send(MCUPROF_FRAME_COUNTERS, sizeof *counters);
#else
  (void)number;
#endif
  return MCUPROF_RAN;
}

/// Returns false when the layer was refused or faulted, or `stop` came first.
static bool run_layer(uint32_t number, uint32_t warm_up, uint32_t repeats, uint32_t flags) {
  struct samples samples = {.count = 0};
  for (uint32_t i = 0; i < warm_up + repeats; ++i) {
    if (stopped()) return false;
    uint64_t cycles = 0;
    if (mcuprof_execute(number, &cycles) != MCUPROF_RAN) return false;
    if (i == 0 && (flags & MCUPROF_RUN_HASH) != 0) hash_outputs(number);
    if (i >= warm_up) add_sample(&samples, cycles);
  }
  const struct summary summary = summary_of(&samples);
  struct mcuprof_layer_report* const report = &mcuprof_report_payload()->layer;
  report->layer = (uint16_t)number;
  report->runs = (uint16_t)repeats;
  report->minimum = mcuprof_words_of(summary.minimum);
  report->median = mcuprof_words_of(summary.median);
  report->maximum = mcuprof_words_of(summary.maximum);
  mcuprof_report_send(MCUPROF_FRAME_LAYER, sizeof *report);
  if ((flags & MCUPROF_RUN_COUNTERS) == 0) return true;
  return count_events(number) == MCUPROF_RAN;
}

static bool counts_are_good(uint32_t warm_up, uint32_t repeats) {
  return warm_up <= MCUPROF_MAX_WARM_UP && repeats >= 1 && repeats <= MCUPROF_MAX_REPEATS;
}

int32_t mcuprof_run_layers(const uint32_t* argument) {
  const uint32_t first = argument[0];
  const uint32_t last = argument[1];
  if (!mcuprof_session.ready) return MCUPROF_NO_PROGRAM;
  if (first > last || last >= mcuprof_session.program.header->layer_count ||
      !counts_are_good(argument[2], argument[3])) {
    return MCUPROF_BAD_ARGUMENT;
  }
  int32_t status = MCUPROF_OK;
  for (uint32_t number = first; number <= last; ++number) {
    if (!run_layer(number, argument[2], argument[3], argument[4])) status = MCUPROF_INCOMPLETE;
    if (stopped()) return MCUPROF_STOPPED;
  }
  return status;
}

/// A pass with something between the layers: hashes or times. Layers that fail are passed over.
/// *total is the sum of the layers' times.
static bool probed_pass(uint32_t pass, bool hash, bool times, uint64_t* total) {
  bool complete = true;
  *total = 0;
  const uint64_t start = mcuprof_cycles_now();
  for (uint32_t number = 0; number < mcuprof_session.program.header->layer_count; ++number) {
    if (stopped()) return false;
    uint64_t cycles = 0;
    const uint64_t begin = mcuprof_cycles_now();
    if (mcuprof_execute(number, &cycles) != MCUPROF_RAN) {
      complete = false;
      continue;
    }
    *total += cycles;
    if (hash) hash_outputs(number);
    if (!times) continue;
    struct mcuprof_layer_time* const time = &mcuprof_report_payload()->time;
    time->layer = (uint16_t)number;
    time->pass = (uint16_t)pass;
    time->start = mcuprof_words_of(begin - start);
    time->cycles = mcuprof_words_of(cycles);
    mcuprof_report_send(MCUPROF_FRAME_LAYER_TIME, sizeof *time);
  }
  return complete;
}

/// A pass of layers and nothing else. Returns false when one failed; it ends the pass.
static bool plain_pass(uint64_t* total) {
  const struct mcuprof_program* const program = &mcuprof_session.program;
  const uint32_t layers = program->header->layer_count;
  if (mcuprof_context_save(&pass_context)) return false;
  uint32_t number = 0;
  int32_t code = MCUPROF_PROGRAM_OK;
  mcuprof_cycles_quiet();
  const uint64_t start = mcuprof_cycles_now();
  for (; number < layers && code == MCUPROF_PROGRAM_OK; ++number) {
    mcuprof_fault_guard(&pass_context, number);
    if (stopped()) break;
    code = mcuprof_layer_run(program, number, mcuprof_session.arena);
    ++mcuprof_mailbox.beat;
  }
  const uint64_t cycles = mcuprof_cycles_now() - start;
  mcuprof_fault_unguard();
  *total = cycles > mcuprof_overhead() ? cycles - mcuprof_overhead() : 0;
  if (code == MCUPROF_PROGRAM_OK) return number == layers;
  mcuprof_report_skipped(number - 1, code);
  return false;
}

static bool run_pass(uint32_t pass, bool hash, bool times, uint64_t* total) {
  mcuprof_set_input();
  mcuprof_pin_high(&mcuprof_board.inference);
  const bool complete = hash || times ? probed_pass(pass, hash, times, total) : plain_pass(total);
  mcuprof_pin_low(&mcuprof_board.inference);
  return complete;
}

int32_t mcuprof_run_inference(const uint32_t* argument) {
  const uint32_t warm_up = argument[0];
  const uint32_t repeats = argument[1];
  const bool times = (argument[2] & MCUPROF_RUN_TIMES) != 0;
  if (!mcuprof_session.ready) return MCUPROF_NO_PROGRAM;
  if (!counts_are_good(warm_up, repeats)) return MCUPROF_BAD_ARGUMENT;
  struct samples samples = {.count = 0};
  uint64_t total = 0;
  bool complete = true;
  if ((argument[2] & MCUPROF_RUN_HASH) != 0) complete = run_pass(0, true, false, &total);
  for (uint32_t i = 0; complete && i < warm_up + repeats; ++i) {
    const bool timed = i >= warm_up;
    complete = run_pass(timed ? i - warm_up : 0, false, timed && times, &total);
    if (complete && timed) add_sample(&samples, total);
  }
  if (stopped()) return MCUPROF_STOPPED;
  const struct summary summary = summary_of(&samples);
  struct mcuprof_inference* const report = &mcuprof_report_payload()->inference;
  report->layers = (uint16_t)mcuprof_session.program.header->layer_count;
  report->runs = (uint16_t)samples.count;
  report->minimum = mcuprof_words_of(summary.minimum);
  report->median = mcuprof_words_of(summary.median);
  report->maximum = mcuprof_words_of(summary.maximum);
  mcuprof_report_send(MCUPROF_FRAME_INFERENCE, sizeof *report);
  return complete ? MCUPROF_OK : MCUPROF_INCOMPLETE;
}
