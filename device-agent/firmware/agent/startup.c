#include "device-agent/firmware/agent/agent.h"
#include "device-agent/firmware/agent/cycles.h"
#include "device-agent/firmware/agent/fault.h"
#include "device-agent/firmware/agent/layout.h"
#include "device-agent/firmware/agent/registers.h"

#define EXTERNAL_INTERRUPTS 112

#define SCB_VTOR MCUPROF_REGISTER(0xE000ED08u)

void mcuprof_reset(void) __attribute__((naked));

typedef void (*handler)(void);

/// The handlers' stack, the entry, and one handler for whatever else there is but SysTick.
__attribute__((section(".mcuprof.vectors"), used)) static const struct {
  uint8_t* stack;
  handler handlers[15 + EXTERNAL_INTERRUPTS];
} vectors = {
    .stack = mcuprof_handler_stack_end,
    .handlers = {[0] = mcuprof_reset,
                 [1 ... 13] = mcuprof_fault_entry,
                 [14] = mcuprof_cycles_carry,
                 [15 ... 14 + EXTERNAL_INTERRUPTS] = mcuprof_fault_entry},
};

__attribute__((used, noreturn)) static void start(void) {
  const uint32_t* from = (const uint32_t*)mcuprof_data_load;
  for (uint32_t* to = (uint32_t*)mcuprof_data_base; to < (uint32_t*)mcuprof_data_end; ++to) {
    *to = *from++;
  }
  for (uint32_t* to = (uint32_t*)mcuprof_bss_base; to < (uint32_t*)mcuprof_bss_end; ++to) *to = 0;
#if __ARM_ARCH_ISA_THUMB >= 2
  SCB_VTOR = (uint32_t)&vectors;
#endif
  mcuprof_stack_paint();
  mcuprof_agent_main();
}

// Thread mode gets a stack of its own, so that handlers can run after it has run over.
void mcuprof_reset(void) {
  __asm volatile(
      "ldr r0, =mcuprof_stack_end\n"
      "msr psp, r0\n"
      "movs r0, #2\n"
      "msr control, r0\n"
      "isb\n"
      "bl start\n");
}
