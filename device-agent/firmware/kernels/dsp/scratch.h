/// Bytes of scratch that the DSP forms want: convolution two columns of 16-bit values (columns.h),
/// and where patches are gathered as bytes first, one of bytes.
#ifndef MCUPROF_FIRMWARE_KERNELS_DSP_SCRATCH_H
#define MCUPROF_FIRMWARE_KERNELS_DSP_SCRATCH_H

#include <stdint.h>

#include "device-agent/firmware/kernels/kernels.h"

static inline int64_t mcuprof_dsp_scratch_conv_s8(const struct mcuprof_conv* p) {
  const int64_t length = ((int64_t)p->k_h * p->k_w * p->filter_c + 3) / 4 * 4;
  const int direct = p->filter_c % 4 == 0 || (p->k_h == 1 && p->k_w == 1);
  return 4 * length + (direct ? 0 : length);
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
