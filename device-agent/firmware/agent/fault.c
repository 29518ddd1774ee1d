#include "device-agent/firmware/agent/fault.h"

#include <stddef.h>

#include "device-agent/firmware/agent/agent.h"
#include "device-agent/firmware/agent/layout.h"
#include "device-agent/firmware/agent/registers.h"
#include "device-agent/firmware/agent/report.h"

#define STACK_PATTERN 0xC5C5C5C5u
#define STACK_FRAME_BYTES 32u
// A stack pointer this near to the stack's end means that the fault is the stack's: whoever pushes
// nine registers there, or is interrupted, runs over.
#define STACK_NEAR_END 128u
#define CFSR_STACKING (1u << 4 | 1u << 12)
#define THUMB_STATE 0x01000000u

enum { EXCEPTION_NMI = 2, EXCEPTION_HARD = 3, EXCEPTION_MEMORY, EXCEPTION_BUS, EXCEPTION_USAGE };

static const struct mcuprof_context* volatile guarded;
static volatile uint32_t guarded_layer;

__attribute__((naked)) bool mcuprof_context_save(struct mcuprof_context* context) {
  (void)context;
  __asm volatile(
      "stmia r0!, {r4-r7}\n"
      "mov r2, r8\n mov r3, r9\n stmia r0!, {r2, r3}\n"
      "mov r2, r10\n mov r3, r11\n stmia r0!, {r2, r3}\n"
      "mov r2, sp\n mov r3, lr\n stmia r0!, {r2, r3}\n"
      "movs r0, #0\n bx lr\n");
}

// Entered by the return from a fault, with the context in r0.
__attribute__((naked)) static void resume(void) {
  __asm volatile(
      "cpsie i\n"
      "ldmia r0!, {r4-r7}\n"
      "ldmia r0!, {r2, r3}\n mov r8, r2\n mov r9, r3\n"
      "ldmia r0!, {r2, r3}\n mov r10, r2\n mov r11, r3\n"
      "ldmia r0!, {r2, r3}\n mov sp, r2\n"
      "movs r0, #1\n bx r3\n");
}

void mcuprof_fault_guard(const struct mcuprof_context* context, uint32_t layer) {
  guarded_layer = layer;
  mcuprof_mailbox.layer = layer;
  guarded = context;
}

void mcuprof_fault_unguard(void) {
  guarded = NULL;
}

void mcuprof_fault_enable(void) {
#if __ARM_ARCH_ISA_THUMB >= 2
  SCB_SHCSR |= SHCSR_FAULTS;
  SCB_CCR |= CCR_DIVIDE_TRAP;
#endif
}

static bool from_kernels(uint32_t exc_return) {
  return (exc_return & 15u) == 13u;
}

static bool stack_ran_over(uint32_t psp, const struct mcuprof_fault* fault) {
  const uint32_t base = MCUPROF_VALUE(mcuprof_stack_base);
  if (psp < base + STACK_NEAR_END) return true;
  if ((fault->cfsr & CFSR_BFAR_VALID) == 0) return false;
  return fault->bfar < base && base - fault->bfar <= 4096;
}

static uint8_t kind_of(uint32_t exception, uint32_t psp, const struct mcuprof_fault* fault) {
  if (exception == EXCEPTION_NMI) return MCUPROF_FAULT_ABORTED;
  if (exception > EXCEPTION_USAGE) return MCUPROF_FAULT_INTERRUPT;
  if (stack_ran_over(psp, fault)) return MCUPROF_FAULT_STACK;
  switch (exception) {
    case EXCEPTION_MEMORY:
      return MCUPROF_FAULT_MEMORY;
    case EXCEPTION_BUS:
      return MCUPROF_FAULT_BUS;
    case EXCEPTION_USAGE:
      return MCUPROF_FAULT_USAGE;
    default:
      return MCUPROF_FAULT_HARD;
  }
}

static void read_fault_registers(struct mcuprof_fault* fault) {
#if __ARM_ARCH_ISA_THUMB >= 2
  fault->cfsr = SCB_CFSR;
  fault->hfsr = SCB_HFSR;
  fault->mmfar = SCB_MMFAR;
  fault->bfar = SCB_BFAR;
  SCB_CFSR = fault->cfsr;  // bits are cleared by writing them
  SCB_HFSR = fault->hfsr;
#else
  (void)fault;
#endif
}

static void read_stacked(struct mcuprof_fault* fault, const uint32_t* stacked) {
  fault->r0 = stacked[0];
  fault->r1 = stacked[1];
  fault->r2 = stacked[2];
  fault->r3 = stacked[3];
  fault->r12 = stacked[4];
  fault->lr = stacked[5];
  fault->pc = stacked[6];
  fault->xpsr = stacked[7];
}

/// Returns the process stack pointer to return with, or 0 to return as if nothing had been.
__attribute__((used)) static uint32_t handle_fault(uint32_t psp, uint32_t exc_return,
                                                   uint32_t exception) {
  const struct mcuprof_context* const context = from_kernels(exc_return) ? guarded : NULL;
  if (exception == EXCEPTION_NMI && context == NULL) return 0;  // nothing there to abort
  struct mcuprof_fault* const fault = &mcuprof_report_payload()->fault;
  read_fault_registers(fault);
  fault->layer = context != NULL ? (uint16_t)guarded_layer : 0xFFFFu;
  fault->kind = kind_of(exception, psp, fault);
  fault->sp = psp;
  fault->exc_return = exc_return;
  const bool in_stack = psp >= MCUPROF_VALUE(mcuprof_stack_base) &&
                        psp <= MCUPROF_VALUE(mcuprof_stack_end) - STACK_FRAME_BYTES;
  if (in_stack && from_kernels(exc_return) && (fault->cfsr & CFSR_STACKING) == 0) {
    fault->frame_valid = 1;
    read_stacked(fault, (const uint32_t*)psp);
    fault->sp = psp + STACK_FRAME_BYTES;
  }
  mcuprof_report_send(MCUPROF_FRAME_FAULT, sizeof *fault);
  if (context == NULL || exception > EXCEPTION_USAGE) {
    mcuprof_mailbox.state = MCUPROF_DEAD;
    for (;;) {
    }
  }
  guarded = NULL;
  uint32_t* const stacked = (uint32_t*)(context->words[8] - STACK_FRAME_BYTES);
  for (uint32_t i = 1; i < 6; ++i) stacked[i] = 0;
  stacked[0] = (uint32_t)context;
  stacked[6] = (uint32_t)resume & ~1u;
  stacked[7] = THUMB_STATE;
  return (uint32_t)stacked;
}

__attribute__((naked)) void mcuprof_fault_entry(void) {
  __asm volatile(
      "mrs r0, psp\n"
      "mov r1, lr\n"
      "mrs r2, ipsr\n"
      "push {r1, r2}\n"
      "bl handle_fault\n"
      "pop {r1, r2}\n"
      "cmp r0, #0\n"
      "beq 1f\n"
      "msr psp, r0\n"
      "1: bx r1\n");
}

void mcuprof_stack_paint(void) {
  const uint32_t in_use = (uint32_t)__builtin_frame_address(0) - 64;
  for (uint32_t* at = (uint32_t*)mcuprof_stack_base; (uint32_t)at < in_use; ++at) {
    *(volatile uint32_t*)at = STACK_PATTERN;
  }
}

uint32_t mcuprof_stack_used(void) {
  const uint32_t* at = (const uint32_t*)mcuprof_stack_base;
  while ((const uint8_t*)at < mcuprof_stack_end && *(const volatile uint32_t*)at == STACK_PATTERN) {
    ++at;
  }
  return MCUPROF_VALUE(mcuprof_stack_end) - (uint32_t)at;
}
