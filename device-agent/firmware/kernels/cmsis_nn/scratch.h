/// Bytes of scratch that CMSIS-NN's kernels want at most on cores without MVE, whatever path they
/// take: two columns of 16-bit values for convolution, a row of 16-bit weights for depthwise,
/// 32-bit sums for average pooling. Source: the arm_*_get_buffer_size functions of CMSIS-NN 7.
/// int16 kernels are the portable ones.
#ifndef MCUPROF_FIRMWARE_KERNELS_CMSIS_NN_SCRATCH_H
#define MCUPROF_FIRMWARE_KERNELS_CMSIS_NN_SCRATCH_H

#include <stdint.h>

#include "device-agent/firmware/kernels/kernels.h"

static inline int64_t mcuprof_cmsis_nn_scratch_conv_s8(const struct mcuprof_conv* p) {
  return 4 * (((int64_t)p->k_h * p->k_w * p->in_c + 15) / 16 * 16);
}

static inline int64_t mcuprof_cmsis_nn_scratch_conv_s16(const struct mcuprof_conv* p) {
  (void)p;
  return 0;
}

static inline int64_t mcuprof_cmsis_nn_scratch_depthwise_s8(const struct mcuprof_depthwise* p) {
  return 2 * (int64_t)p->k_h * p->k_w * p->in_c;
}

static inline int64_t mcuprof_cmsis_nn_scratch_depthwise_s16(const struct mcuprof_depthwise* p) {
  (void)p;
  return 0;
}

static inline int64_t mcuprof_cmsis_nn_scratch_fully_connected_s8(
    const struct mcuprof_fully_connected* p) {
  (void)p;
  return 0;
}

static inline int64_t mcuprof_cmsis_nn_scratch_fully_connected_s16(
    const struct mcuprof_fully_connected* p) {
  (void)p;
  return 0;
}

static inline int64_t mcuprof_cmsis_nn_scratch_average_pool_s8(const struct mcuprof_pool* p) {
  return 4 * (int64_t)p->channels;
}

static inline int64_t mcuprof_cmsis_nn_scratch_average_pool_s16(const struct mcuprof_pool* p) {
  (void)p;
  return 0;
}

#endif
