/// Clock, flash, trace pin and slow clock of the STM32F2, F4 and F7, whose registers agree but for
/// what is named here. Register addresses and bits: ST's CMSIS headers stm32f207xx.h,
/// stm32f429xx.h, stm32f746xx.h, stm32f767xx.h; settings: ST's reference manuals RM0033, RM0090,
/// RM0385, RM0410.
#ifndef MCUPROF_FIRMWARE_BOARDS_STM32_F2_F4_F7_H
#define MCUPROF_FIRMWARE_BOARDS_STM32_F2_F4_F7_H

#include <stdbool.h>
#include <stdint.h>

#include "device-agent/firmware/agent/board.h"

/// What a family does in its own way; each board file defines it.
struct mcuprof_stm32_family {
  bool has_voltage_scale;       ///< two bits in PWR_CR: F4 and F7
  bool has_overdrive;           ///< F427 and later, F7
  uint32_t flash_features;      ///< accelerator bits of FLASH_ACR to set
  uint32_t feature_of_bit9;     ///< enum mcuprof_feature of FLASH_ACR's bit 9: ICEN, or ARTEN
  uint32_t feature_of_bit10;    ///< of bit 10: DCEN; 0 on the F7
  bool has_single_bank_option;  ///< FLASH_OPTCR.nDBANK of the F767
};

extern const struct mcuprof_stm32_family mcuprof_stm32_family;

#define MCUPROF_STM32_HSI_HZ 16000000u

void mcuprof_stm32_set_clock(uint32_t core_hz, uint32_t wait_states);
void mcuprof_stm32_read_machine(struct mcuprof_machine* machine);
void mcuprof_stm32_start_slow_clock(void);
bool mcuprof_stm32_slow_clock_ticked(void);

/// Nucleo-144: SWO on PB3; D7 (PF13) is raised in an inference, D8 (PF12) in a layer.
void mcuprof_nucleo144_set_pins(void);

/// The family of the F74x and F76x; `single_bank` as above.
#define MCUPROF_STM32F7_FAMILY(single_bank)                    \
  {                                                            \
    .has_voltage_scale = true, .has_overdrive = true,          \
    .flash_features = 1u << 8 | 1u << 9, /* PRFTEN, ARTEN */   \
        .feature_of_bit9 = MCUPROF_ART, .feature_of_bit10 = 0, \
    .has_single_bank_option = (single_bank),                   \
  }

#define MCUPROF_NUCLEO144_BOARD                                                                 \
  {                                                                                             \
    .set_clock = mcuprof_stm32_set_clock, .read_machine = mcuprof_stm32_read_machine,           \
    .set_pins = mcuprof_nucleo144_set_pins, .start_slow_clock = mcuprof_stm32_start_slow_clock, \
    .slow_clock_ticked = mcuprof_stm32_slow_clock_ticked, .internal_hz = MCUPROF_STM32_HSI_HZ,  \
    .idcode = (const volatile uint32_t*)0xE0042000u,                                            \
    .reset_cause = (const volatile uint32_t*)0x40023874u,                                       \
    .inference = {(volatile uint32_t*)0x40021418u, 13},                                         \
    .layer = {(volatile uint32_t*)0x40021418u, 12},                                             \
  }

#endif
