#include "device-agent/firmware/agent/machine.h"

#include <stdbool.h>

#include "device-agent/firmware/agent/board.h"
#include "device-agent/firmware/agent/cycles.h"
#include "device-agent/firmware/agent/layout.h"
#include "device-agent/firmware/agent/measure.h"
#include "device-agent/firmware/agent/registers.h"

// 32 periods of the LSI, about 1 ms; looks enough for four times that at 216 MHz.
#define SLOW_TICKS 4u
#define SLOW_LOOKS 400000u

static uint32_t measured_hz;

/// Cycles of the core in SLOW_TICKS ticks of the slow clock; 0 when it does not tick.
static uint32_t measure_slow_clock(void) {
  uint64_t start = 0;
  for (uint32_t tick = 0; tick <= SLOW_TICKS + 1; ++tick) {
    uint32_t looks = SLOW_LOOKS;
    while (!mcuprof_board.slow_clock_ticked()) {
      if (--looks == 0) return 0;
    }
    // The first tick may have been waiting since before; count from the second.
    if (tick == 1) start = mcuprof_cycles_now();
  }
  return (uint32_t)(mcuprof_cycles_now() - start);
}

#if defined(__ARM_FEATURE_DSP) && __ARM_ARCH_ISA_THUMB >= 2 && defined(MCUPROF_CORE_M7)

static inline void synchronise(void) {
  __asm volatile("dsb\n isb" ::: "memory");
}

/// Does one operation on every line of the data cache, by set and way.
static void for_each_line(volatile uint32_t* operation) {
  SCB_CSSELR = 0;
  synchronise();
  const uint32_t size = SCB_CCSIDR;
  const uint32_t sets = (size >> 13 & 0x7FFFu) + 1;
  const uint32_t ways = (size >> 3 & 0x3FFu) + 1;
  const uint32_t line_bits = (size & 7u) + 4;
  const uint32_t way_shift = ways > 1 ? (uint32_t)__builtin_clz(ways - 1) : 0;
  for (uint32_t set = 0; set < sets; ++set) {
    for (uint32_t way = 0; way < ways; ++way) *operation = set << line_bits | way << way_shift;
  }
  synchronise();
}

static void start_caches(void) {
  synchronise();
  SCB_ICIALLU = 0;
  for_each_line(&SCB_DCISW);
  SCB_CCR |= CCR_INSTRUCTION_CACHE | CCR_DATA_CACHE;
  synchronise();
}

void mcuprof_machine_empty_cache(void) {
  for_each_line(&SCB_DCCISW);
}

#else

static void start_caches(void) {}
void mcuprof_machine_empty_cache(void) {}

#endif

static void start_fpu(void) {
#if defined(__ARM_FP)
  SCB_CPACR |= 0xFu << 20;
  // Handlers use no floating point: no frame need hold its registers.
  FPU_FPCCR = 0;
  __asm volatile("dsb\n isb" ::: "memory");
#endif
}

void mcuprof_machine_start(void) {
  start_fpu();
  mcuprof_cycles_start();
  mcuprof_board.start_slow_clock();
  const uint32_t before = measure_slow_clock();
  mcuprof_board.set_clock(MCUPROF_VALUE(mcuprof_core_hz), MCUPROF_VALUE(mcuprof_flash_wait_states));
  const uint32_t after = before != 0 ? measure_slow_clock() : 0;
  if (after != 0) measured_hz = (uint32_t)((uint64_t)mcuprof_board.internal_hz * after / before);
  start_caches();
  mcuprof_board.set_pins();
  mcuprof_measure_overhead();
}

void mcuprof_machine_read(struct mcuprof_machine* machine) {
  mcuprof_board.read_machine(machine);
  machine->core_hz_measured = measured_hz;
  machine->overhead = mcuprof_overhead();
  machine->stack_bytes = MCUPROF_VALUE(mcuprof_stack_bytes);
#if __ARM_ARCH_ISA_THUMB >= 2
  machine->features |= MCUPROF_ITM;
  machine->scb_ccr = SCB_CCR;
  machine->dwt_ctrl = DWT_CTRL;
  if ((machine->scb_ccr & CCR_INSTRUCTION_CACHE) != 0) machine->features |= MCUPROF_L1_INSTRUCTIONS;
  if ((machine->scb_ccr & CCR_DATA_CACHE) != 0) machine->features |= MCUPROF_L1_DATA;
  if ((machine->dwt_ctrl & DWT_NO_CYCLE_COUNTER) == 0) machine->features |= MCUPROF_CYCLE_COUNTER;
  if (mcuprof_cycles_have_profile()) machine->features |= MCUPROF_PROFILE_COUNTERS;
#endif
#if defined(__ARM_FP)
  if ((SCB_CPACR >> 20 & 0xFu) == 0xFu) machine->features |= MCUPROF_FPU;
#endif
}
