/// Symbols of the linker script, whose addresses are the values: where things are, and facts of the
/// board's file.
#ifndef MCUPROF_FIRMWARE_AGENT_LAYOUT_H
#define MCUPROF_FIRMWARE_AGENT_LAYOUT_H

#include <stdint.h>

#define MCUPROF_VALUE(symbol) ((uint32_t)(symbol))

extern uint8_t mcuprof_core_hz[];
extern uint8_t mcuprof_flash_wait_states[];
extern uint8_t mcuprof_image_base[], mcuprof_image_bytes[];
extern uint8_t mcuprof_model_base[], mcuprof_model_bytes[];
extern uint8_t mcuprof_stack_base[], mcuprof_stack_bytes[], mcuprof_stack_end[];
extern uint8_t mcuprof_handler_stack_end[];
extern uint8_t mcuprof_data_base[], mcuprof_data_end[], mcuprof_data_load[];
extern uint8_t mcuprof_bss_base[], mcuprof_bss_end[];
extern uint8_t mcuprof_ram_ranges[];
extern uint8_t mcuprof_ram0_base[], mcuprof_ram0_bytes[];
extern uint8_t mcuprof_ram1_base[], mcuprof_ram1_bytes[];
extern uint8_t mcuprof_ram2_base[], mcuprof_ram2_bytes[];
extern uint8_t mcuprof_ram3_base[], mcuprof_ram3_bytes[];

#endif
