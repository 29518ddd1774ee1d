/// Faults end the layer that runs; the agent goes on behind it.
#ifndef MCUPROF_FIRMWARE_AGENT_FAULT_H
#define MCUPROF_FIRMWARE_AGENT_FAULT_H

#include <stdbool.h>
#include <stdint.h>

/// What a function must find again: r4 to r11, sp, lr.
struct mcuprof_context {
  uint32_t words[10];
};

/// Returns false, and true once more for each fault between mcuprof_fault_guard and
/// mcuprof_fault_unguard. The caller must still be running by then.
bool mcuprof_context_save(struct mcuprof_context* context) __attribute__((returns_twice));

/// From here on a fault is reported with this layer and resumes `context`.
void mcuprof_fault_guard(const struct mcuprof_context* context, uint32_t layer);
void mcuprof_fault_unguard(void);

/// Lets faults come as what they are instead of as HardFaults, and divisions by zero as faults.
void mcuprof_fault_enable(void);

/// Fills the kernels' stack with a pattern, below what is in use.
void mcuprof_stack_paint(void);

/// Bytes of the kernels' stack that were used since it was painted.
uint32_t mcuprof_stack_used(void);

/// Vector of the NMI, of faults, and of interrupts that nobody enabled.
void mcuprof_fault_entry(void);

#endif
