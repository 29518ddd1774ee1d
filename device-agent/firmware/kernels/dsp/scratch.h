/// Bytes of scratch that the DSP forms want.
#ifndef MCUPROF_FIRMWARE_KERNELS_DSP_SCRATCH_H
#define MCUPROF_FIRMWARE_KERNELS_DSP_SCRATCH_H

#include <stdint.h>

#include "device-agent/firmware/kernels/kernels.h"

static inline int64_t mcuprof_dsp_scratch_conv_s8(const struct mcuprof_conv* p) {
  (void)p;
  return 0;
}

static inline int64_t mcuprof_dsp_scratch_conv_s16(const struct mcuprof_conv* p) {
  (void)p;
  return 0;
}

static inline int64_t mcuprof_dsp_scratch_depthwise_s8(const struct mcuprof_depthwise* p) {
  (void)p;
  return 0;
}

static inline int64_t mcuprof_dsp_scratch_depthwise_s16(const struct mcuprof_depthwise* p) {
  (void)p;
  return 0;
}

static inline int64_t mcuprof_dsp_scratch_fully_connected_s8(
    const struct mcuprof_fully_connected* p) {
  (void)p;
  return 0;
}

static inline int64_t mcuprof_dsp_scratch_fully_connected_s16(
    const struct mcuprof_fully_connected* p) {
  (void)p;
  return 0;
}

static inline int64_t mcuprof_dsp_scratch_average_pool_s8(const struct mcuprof_pool* p) {
  (void)p;
  return 0;
}

static inline int64_t mcuprof_dsp_scratch_average_pool_s16(const struct mcuprof_pool* p) {
  (void)p;
  return 0;
}

#endif
