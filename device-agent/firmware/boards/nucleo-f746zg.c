#include "device-agent/firmware/boards/stm32_f2_f4_f7.h"

const struct mcuprof_stm32_family mcuprof_stm32_family = {
    .has_voltage_scale = true,
    .has_overdrive = true,
    .flash_features = 1u << 8 | 1u << 9,  // PRFTEN, ARTEN
    .feature_of_bit9 = MCUPROF_ART,
    .feature_of_bit10 = 0,
    .has_single_bank_option = false,
};

const struct mcuprof_board mcuprof_board = MCUPROF_NUCLEO144_BOARD;
