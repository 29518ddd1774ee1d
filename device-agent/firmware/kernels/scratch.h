/// Bytes of scratch that a kernel wants, by library. The host plans the arena with these for the
/// device's library; the agent checks a program with them for the linked one. One formula, one
/// place.
///
/// Results are 64-bit so that no parameters overflow them: extents are below 2^31.
#ifndef MCUPROF_FIRMWARE_KERNELS_SCRATCH_H
#define MCUPROF_FIRMWARE_KERNELS_SCRATCH_H

#include <stdint.h>

#include "device-agent/firmware/kernels/cmsis_nn/scratch.h"
#include "device-agent/firmware/kernels/dsp/scratch.h"
#include "device-agent/firmware/kernels/kernels.h"

#define MCUPROF_SCRATCH(kernel, structure)                                              \
  static inline int64_t mcuprof_scratch_##kernel(uint32_t library,                      \
                                                 const struct mcuprof_##structure* p) { \
    switch (library) {                                                                  \
      case MCUPROF_LIBRARY_DSP:                                                         \
        return mcuprof_dsp_scratch_##kernel(p);                                         \
      case MCUPROF_LIBRARY_CMSIS_NN:                                                    \
        return mcuprof_cmsis_nn_scratch_##kernel(p);                                    \
      default:                                                                          \
        return 0;                                                                       \
    }                                                                                   \
  }

MCUPROF_SCRATCH(conv_s8, conv)
MCUPROF_SCRATCH(conv_s16, conv)
MCUPROF_SCRATCH(depthwise_s8, depthwise)
MCUPROF_SCRATCH(depthwise_s16, depthwise)
MCUPROF_SCRATCH(fully_connected_s8, fully_connected)
MCUPROF_SCRATCH(fully_connected_s16, fully_connected)
MCUPROF_SCRATCH(average_pool_s8, pool)
MCUPROF_SCRATCH(average_pool_s16, pool)

#undef MCUPROF_SCRATCH

#endif
