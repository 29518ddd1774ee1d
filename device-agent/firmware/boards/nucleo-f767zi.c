#include "device-agent/firmware/boards/stm32_f2_f4_f7.h"

const struct mcuprof_stm32_family mcuprof_stm32_family = MCUPROF_STM32F7_FAMILY(true);

const struct mcuprof_board mcuprof_board = MCUPROF_NUCLEO144_BOARD;
