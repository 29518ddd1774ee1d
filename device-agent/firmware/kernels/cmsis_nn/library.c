#include "device-agent/firmware/kernels/kernels.h"

const uint32_t mcuprof_linked_library = MCUPROF_LIBRARY_CMSIS_NN;
