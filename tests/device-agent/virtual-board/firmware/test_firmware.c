// Firmware for the tests of the virtual board: waits for commands in RAM and carries them out.

#include <stdint.h>

#include "mailbox.h"

#define REG(address) (*(volatile uint32_t*)(address))
#define REG8(address) (*(volatile uint8_t*)(address))
#ifdef __ARM_ARCH_6M__
#define ARMV6M 1
#else
#define ARMV6M 0
#endif

#define SYST_CSR REG(0xe000e010u)
#define SYST_RVR REG(0xe000e014u)
#define SYST_CVR REG(0xe000e018u)
#define DEMCR REG(0xe000edfcu)
#define DWT_CTRL REG(0xe0001000u)
#define DWT_CYCCNT REG(0xe0001004u)
#define ITM_PORT(n) REG(0xe0000000u + 4 * (n))
#define ICSR REG(0xe000ed04u)
#define CCR REG(0xe000ed14u)

extern uint32_t stack_top, load_data, start_data, end_data, start_bss, end_bss;

volatile struct test_mailbox mailbox __attribute__((section(".mailbox")));
static volatile uint32_t supervisor_calls;
static volatile uint32_t pend_sv_calls;
// In pages that do not share a slot of the emulator's TLB with those of the weights in flash.
static int8_t activations[512] __attribute__((section(".far")));
static const int8_t weights[512] = {1, -2, 3, -4, 5, -6, 7, -8, 9, 10, 11, 12, 13, 14, 15, 16};
uint32_t initialised = 0x12345678;

int main(void);

void reset_handler(void) {
  const uint32_t* from = &load_data;
  for (uint32_t* to = &start_data; to < &end_data;) *to++ = *from++;
  for (uint32_t* to = &start_bss; to < &end_bss;) *to++ = 0;
  main();
  for (;;) {
  }
}

__attribute__((used)) void fault_c(uint32_t* frame) {
  mailbox.faults++;
  mailbox.fault_pc = frame[6];
  // Go on behind the instruction, which is 32 bits wide when its first five bits say so.
  frame[6] += (*(uint16_t*)frame[6] >> 11) >= 0x1d ? 4 : 2;
}
__attribute__((naked)) void fault_handler(void) {
  __asm volatile("mrs r0, msp\n push {r0, lr}\n bl fault_c\n pop {r0, pc}");
}
void supervisor_handler(void) {
  supervisor_calls++;
}
void pend_sv_handler(void) {
  pend_sv_calls++;
}
void tick_handler(void) {
  mailbox.ticks++;
}
void other_handler(void) {
  for (;;) {
  }
}

__attribute__((section(".vectors"), used)) static const void* const vectors[16] = {
    &stack_top,
    (const void*)reset_handler,
    (const void*)other_handler,
    (const void*)fault_handler,
    (const void*)fault_handler,
    (const void*)fault_handler,
    (const void*)fault_handler,
    0,
    0,
    0,
    0,
    (const void*)supervisor_handler,
    (const void*)other_handler,
    0,
    (const void*)pend_sv_handler,
    (const void*)tick_handler};

static uint32_t cycles_now(void) {
#if ARMV6M
  return 0xffffffu - SYST_CVR;
#else
  return DWT_CYCCNT;
#endif
}

static void start_counting(void) {
#if ARMV6M
  SYST_RVR = 0xffffffu;
  SYST_CVR = 0;
  SYST_CSR = 5;
#else
  DEMCR |= 1u << 24;
  DWT_CTRL |= 1;
#endif
}

__attribute__((noinline)) static int32_t kernel(const int8_t* a, const int8_t* b, uint32_t count) {
  int32_t sum = 0;
  for (uint32_t i = 0; i < count; ++i) sum += a[i] * b[i];
  return sum;
}

static void run_kernel(uint32_t repetitions) {
  for (uint32_t i = 0; i < sizeof activations; ++i) activations[i] = (int8_t)(i * 7);
  start_counting();
  uint32_t sum = 0;
  for (uint32_t i = 0; i < repetitions; ++i) {
    const uint32_t start = cycles_now();
    __asm volatile("" ::: "memory");  // the call stays between the two reads
    const int8_t* in = activations;
    __asm volatile("" : "+r"(in));
    int32_t dot = kernel(in, weights, sizeof weights);
    __asm volatile("" : "+r"(dot));
    sum += (uint32_t)dot;
    const uint32_t end = cycles_now();
    if (i < 8) mailbox.cycles[i] = (end - start) & (ARMV6M ? 0xffffffu : 0xffffffffu);
  }
  mailbox.result = sum;
}

static void send_trace(uint32_t words, int wait) {
  for (uint32_t i = 0; i < words; ++i) {
    while (wait && ITM_PORT(1) == 0) {
    }
    ITM_PORT(1) = i;
  }
  mailbox.result = words;
}

static void wait_ticks(uint32_t count) {
  mailbox.ticks = 0;
  SYST_RVR = 999;
  SYST_CVR = 0;
  SYST_CSR = 7;
  while (mailbox.ticks < count) __asm volatile("wfi");
  SYST_CSR = 0;
  mailbox.result = mailbox.ticks;
}

static void pend_behind_mask(void) {
  pend_sv_calls = 0;
  __asm volatile("cpsid i" ::: "memory");
  ICSR = 1u << 28;
  __asm volatile("dsb\n isb" ::: "memory");
  const uint32_t masked = pend_sv_calls;
  __asm volatile("cpsie i\n isb" ::: "memory");
  mailbox.result = masked * 16 + pend_sv_calls;
}

static void full_speed(void) {
#if defined(FAMILY_F7)
  REG(0x40023c00u) = 7 | 1u << 8 | 1u << 9;
  REG(0xe000ef50u) = 0;
  CCR |= 1u << 17 | 1u << 16;
#elif defined(FAMILY_F4)
  REG(0x40023c00u) = 5 | 7u << 8;
#elif defined(FAMILY_F2)
  REG(0x40023c00u) = 3 | 7u << 8;
#else
  REG(0x40022000u) = 1 | 1u << 4;
#endif
  __asm volatile("dsb\n isb" ::: "memory");
}

static void ram_code(void) {
  static uint16_t code[2] __attribute__((aligned(4)));
  uint32_t (*function)(uint32_t) = (uint32_t(*)(uint32_t))((uintptr_t)code | 1);
  uint32_t value = 0;
  code[0] = 0x3001;  // adds r0, #1
  code[1] = 0x4770;  // bx lr
  __asm volatile("dsb\n isb" ::: "memory");
  for (int i = 0; i < 10; ++i) value = function(value);
  code[0] = 0x3010;  // adds r0, #16
  __asm volatile("dsb\n isb" ::: "memory");
  for (int i = 0; i < 10; ++i) value = function(value);
  mailbox.result = value;
}

static void read_flash(uint32_t words) {
  start_counting();
  const volatile uint32_t* at = (const volatile uint32_t*)&vectors;
  uint32_t sum = 0;
  const uint32_t start = cycles_now();
  for (uint32_t i = 0; i < words; ++i) sum += at[16 * i];
  mailbox.cycles[0] = (cycles_now() - start) & (ARMV6M ? 0xffffffu : 0xffffffffu);
  mailbox.result = sum;
}

static void carry_out(uint32_t command, uint32_t argument) {
  switch (command) {
    case TEST_KERNEL:
      run_kernel(argument);
      break;
    case TEST_TRACE:
      send_trace(argument, 1);
      break;
    case TEST_FLOOD:
      send_trace(argument, 0);
      break;
    case TEST_SUPERVISOR:
      supervisor_calls = 0;
      for (uint32_t i = 0; i < argument; ++i) __asm volatile("svc #0");
      mailbox.result = supervisor_calls;
      break;
    case TEST_TICKS:
      wait_ticks(argument);
      break;
    case TEST_UNDEFINED:
      __asm volatile("udf #1");
      break;
    case TEST_BAD_ADDRESS:
      mailbox.result = REG(0x90000000u);
      break;
    case TEST_FULL_SPEED:
      full_speed();
      break;
    case TEST_PENDING:
      pend_behind_mask();
      break;
    case TEST_RAM_CODE:
      ram_code();
      break;
    case TEST_READ_FLASH:
      read_flash(argument);
      break;
    default:
      break;
  }
}

int main(void) {
  mailbox.command = TEST_NOTHING;
  mailbox.done = 0;
  mailbox.faults = 0;
  mailbox.result = initialised;
  mailbox.ready = TEST_READY;
  for (;;) {
    const uint32_t command = mailbox.command;
    if (command == TEST_NOTHING) continue;
    carry_out(command, mailbox.argument);
    mailbox.command = TEST_NOTHING;
    mailbox.done++;
  }
}
