#include "device-agent/firmware/agent/cycles.h"

#include "device-agent/firmware/agent/registers.h"

#define SYST_PERIOD 0x1000000u

static volatile uint32_t upper;  // wraps of the counter
static volatile uint32_t last;   // CYCCNT when it was last looked at
static volatile bool woken;      // by SysTick, since it was cleared

static inline void mask_interrupts(void) {
  __asm volatile("cpsid i" ::: "memory");
}
static inline void unmask_interrupts(void) {
  __asm volatile("cpsie i" ::: "memory");
}

#if __ARM_ARCH_ISA_THUMB >= 2

void mcuprof_cycles_start(void) {
  DEMCR |= DEMCR_TRACE;
  DWT_LAR = DWT_UNLOCK;  // the Cortex-M7 locks its DWT; elsewhere this register does nothing
  DWT_CYCCNT = 0;
  DWT_CTRL |= DWT_CYCLE_COUNTER;
  upper = 0;
  last = 0;
  // An eighth of the core's clock (the STM32's external reference): long before CYCCNT wraps.
  SYST_RVR = SYST_PERIOD - 1;
  SYST_CVR = 0;
  SYST_CSR = SYST_ENABLE | SYST_TICKINT;
}

bool mcuprof_cycles_exact(void) {
  return true;
}

bool mcuprof_cycles_have_profile(void) {
  if ((DWT_CTRL & DWT_NO_PROFILE_COUNTERS) != 0) return false;
  DWT_LSUCNT = 0;
  DWT_CPICNT = 0;
  DWT_CTRL |= DWT_COUNTER_EVENTS;
  // Loads of registers take more than a cycle each, and few enough not to wrap.
  for (uint32_t i = 0; i < 8; ++i) (void)SCB_CPUID;
  const bool counted = (DWT_LSUCNT & 255u) != 0 || (DWT_CPICNT & 255u) != 0;
  DWT_CTRL &= ~DWT_COUNTER_EVENTS;
  return counted;
}

// Call with interrupts masked, or from the handler: nothing may come between look and store.
static inline uint32_t look(void) {
  const uint32_t count = DWT_CYCCNT;
  if (count < last) ++upper;
  last = count;
  return count;
}

uint64_t mcuprof_cycles_now(void) {
  mask_interrupts();
  const uint32_t count = look();
  const uint32_t high = upper;
  unmask_interrupts();
  return (uint64_t)high << 32 | count;
}

void mcuprof_cycles_quiet(void) {
  SYST_CVR = 0;
}

void mcuprof_cycles_carry(void) {
  look();
  woken = true;
}

#else

void mcuprof_cycles_start(void) {
  upper = 0;
  SYST_RVR = SYST_PERIOD - 1;
  SYST_CVR = 0;
  SYST_CSR = SYST_ENABLE | SYST_TICKINT | SYST_CORE_CLOCK;
}

bool mcuprof_cycles_exact(void) {
  return false;
}

// The counter goes down; its step from 1 to 0 pends the interrupt. So 0 is the first value of a
// period, and 2^24 - value, modulo 2^24, the time within it.
uint64_t mcuprof_cycles_now(void) {
  mask_interrupts();
  uint32_t value = SYST_CVR;
  uint32_t periods = upper;
  if ((SCB_ICSR & ICSR_SYSTICK_PENDING) != 0) {
    value = SYST_CVR;
    ++periods;
  }
  unmask_interrupts();
  return (uint64_t)periods << 24 | ((SYST_PERIOD - value) & (SYST_PERIOD - 1));
}

bool mcuprof_cycles_have_profile(void) {
  return false;
}

void mcuprof_cycles_quiet(void) {}

void mcuprof_cycles_carry(void) {
  ++upper;
  woken = true;
}

#endif

void mcuprof_sleep(uint32_t cycles) {
  if (cycles < 1024) return;
  const uint32_t periods = cycles / SYST_PERIOD + 1;
  SYST_CSR = 0;
  SYST_RVR = cycles / periods - 1;
  SYST_CVR = 0;
  woken = false;
  SYST_CSR = SYST_ENABLE | SYST_TICKINT | SYST_CORE_CLOCK;
  for (uint32_t i = 0; i < periods; ++i) {
    // An interrupt that pends behind the mask ends the sleep, so none is slept through.
    mask_interrupts();
    while (!woken) {
      __asm volatile("dsb\n wfi" ::: "memory");
      unmask_interrupts();
      __asm volatile("isb" ::: "memory");
      mask_interrupts();
    }
    woken = false;
    unmask_interrupts();
  }
  SYST_CSR = 0;
  mcuprof_cycles_start();
}
