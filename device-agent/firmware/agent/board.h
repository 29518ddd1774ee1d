/// What the agent asks of a board. Each board defines `mcuprof_board`; what is in the board's file
/// in targets/ comes as symbols of the linker script (layout.h).
#ifndef MCUPROF_FIRMWARE_AGENT_BOARD_H
#define MCUPROF_FIRMWARE_AGENT_BOARD_H

#include <stdbool.h>
#include <stdint.h>

#include "device-agent/firmware/agent/protocol.h"

/// A pin that is raised around what is measured, for a power meter's logic inputs.
struct mcuprof_pin {
  volatile uint32_t* set_reset;  ///< GPIOx_BSRR: bit n sets, bit n + 16 clears
  uint32_t number;
};

struct mcuprof_board {
  /// Core clock from the oscillator that the board has, with the wait states and accelerators that
  /// go with it. Runs on the chip's internal oscillator after reset, and still does afterwards when
  /// the clock cannot be had; `read_machine` tells.
  void (*set_clock)(uint32_t core_hz, uint32_t wait_states);
  /// Fills what is read from clock, flash and power registers; leaves the core's own to the caller.
  void (*read_machine)(struct mcuprof_machine* machine);
  /// Makes the pins below outputs, low, and gives the trace pin to the trace port where there is
  /// one.
  void (*set_pins)(void);
  /// Prepares a timer that sees the low-speed internal oscillator (LSI).
  void (*start_slow_clock)(void);
  /// Whether eight periods of the LSI have ended since the last time this was true.
  bool (*slow_clock_ticked)(void);
  uint32_t internal_hz;                  ///< of the oscillator the core starts on (HSI)
  const volatile uint32_t* idcode;       ///< DBGMCU_IDCODE
  const volatile uint32_t* reset_cause;  ///< RCC_CSR
  struct mcuprof_pin inference;
  struct mcuprof_pin layer;
};

extern const struct mcuprof_board mcuprof_board;

static inline void mcuprof_pin_high(const struct mcuprof_pin* pin) {
  *pin->set_reset = 1u << pin->number;
}

static inline void mcuprof_pin_low(const struct mcuprof_pin* pin) {
  *pin->set_reset = 1u << (pin->number + 16);
}

#endif
