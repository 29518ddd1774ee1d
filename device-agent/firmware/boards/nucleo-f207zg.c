#include "device-agent/firmware/boards/stm32_f2_f4_f7.h"

const struct mcuprof_stm32_family mcuprof_stm32_family = {
    .has_voltage_scale = false,
    .has_overdrive = false,
    .flash_features = 1u << 8 | 1u << 9 | 1u << 10,  // PRFTEN, ICEN, DCEN
    .feature_of_bit9 = MCUPROF_FLASH_INSTRUCTIONS,
    .feature_of_bit10 = MCUPROF_FLASH_DATA,
    .has_single_bank_option = false,
};

const struct mcuprof_board mcuprof_board = MCUPROF_NUCLEO144_BOARD;
