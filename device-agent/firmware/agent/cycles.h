/// Time in cycles of the core, 64 bits: DWT_CYCCNT where there is one, SysTick elsewhere.
#ifndef MCUPROF_FIRMWARE_AGENT_CYCLES_H
#define MCUPROF_FIRMWARE_AGENT_CYCLES_H

#include <stdbool.h>
#include <stdint.h>

/// Starts the counters. SysTick interrupts once in 2^27 cycles (2^24 without CYCCNT) to carry into
/// the upper bits.
void mcuprof_cycles_start(void);

/// Whether CYCCNT is used.
bool mcuprof_cycles_exact(void);

/// Whether the DWT's counters of CPI, exceptions, sleep, loads and stores, and folded instructions
/// count: some cores say that they have them and do not.
bool mcuprof_cycles_have_profile(void);

/// Cycles since mcuprof_cycles_start.
uint64_t mcuprof_cycles_now(void);

/// Puts off the carrying interrupt for as long as can be, so that what is shorter is measured
/// without it.
void mcuprof_cycles_quiet(void);

/// Sleeps for so many cycles of the core, woken by SysTick alone, then starts the counters anew: a
/// count of cycles may stand still in sleep. Less than 1024 cycles are none.
void mcuprof_sleep(uint32_t cycles);

/// The handler of SysTick.
void mcuprof_cycles_carry(void);

#endif
