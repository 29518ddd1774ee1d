/// What the adapters share. They translate parameters and call CMSIS-NN (arm_nnfunctions.h of the
/// installed library); no arithmetic is theirs.
///
/// Parameters that CMSIS-NN refuses, and scratch larger than scratch.h plans, end in a trap: the
/// agent then reports a fault in that layer rather than a wrong result.
#ifndef MCUPROF_FIRMWARE_KERNELS_CMSIS_NN_ADAPTER_H
#define MCUPROF_FIRMWARE_KERNELS_CMSIS_NN_ADAPTER_H

#include <arm_nnfunctions.h>

#include "device-agent/firmware/kernels/kernels.h"
#include "device-agent/firmware/kernels/scratch.h"

static inline void mcuprof_want(arm_cmsis_nn_status status) {
  if (status != ARM_CMSIS_NN_SUCCESS) __builtin_trap();
}

/// The context for a kernel that wants `wanted` bytes where `planned` were planned.
static inline cmsis_nn_context mcuprof_context(void* scratch, int32_t wanted, int64_t planned) {
  if (wanted > planned) __builtin_trap();
  return (cmsis_nn_context){scratch, wanted};
}

/// CMSIS-NN takes multipliers and shifts as pointers to non-constant words, which it only reads.
static inline int32_t* mcuprof_words(const int32_t* words) {
  return (int32_t*)(uintptr_t)words;
}

#endif
