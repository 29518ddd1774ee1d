// What the tests and their firmware say to each other, at the start of RAM.
#pragma once

#include <stdint.h>

enum {
  TEST_READY = 0x5eed0001u,

  TEST_NOTHING = 0,
  TEST_KERNEL = 1,       // argument: repetitions; cycles of each of the first 8, result: checksum
  TEST_TRACE = 2,        // argument: words to send on stimulus port 1, counting up
  TEST_SUPERVISOR = 3,   // argument: calls; result: calls counted by the handler
  TEST_TICKS = 4,        // argument: SysTick interrupts to wait for, asleep
  TEST_UNDEFINED = 5,    // a fault
  TEST_BAD_ADDRESS = 6,  // a fault
  TEST_FULL_SPEED = 7,   // rated wait states, accelerator and caches on
  TEST_FLOOD = 8,        // as TEST_TRACE without waiting for room
  TEST_PENDING = 9,      // an exception that pends behind PRIMASK; result: order of events
  TEST_RAM_CODE = 10,    // code written to RAM, run, rewritten, run
  TEST_READ_FLASH = 11,  // argument: words read from flash; cycles[0]
};

struct test_mailbox {
  uint32_t ready;
  uint32_t command;
  uint32_t argument;
  uint32_t done;  // commands carried out
  uint32_t result;
  uint32_t faults;
  uint32_t fault_pc;
  uint32_t ticks;
  uint32_t cycles[8];
};
