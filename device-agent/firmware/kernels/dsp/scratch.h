/// Bytes of scratch that the DSP forms want: convolution two columns of 16-bit values (columns.h),
/// and where patches are gathered as bytes first, one of bytes.
#ifndef MCUPROF_FIRMWARE_KERNELS_DSP_SCRATCH_H
#define MCUPROF_FIRMWARE_KERNELS_DSP_SCRATCH_H

#include <stdint.h>

#include "device-agent/firmware/kernels/kernels.h"

/// Whether windows are single taps that never leave the input.
static inline int mcuprof_dsp_is_points(const struct mcuprof_conv* p) {
  return p->k_h == 1 && p->k_w == 1 && p->pad_h == 0 && p->pad_w == 0 &&
         (p->out_h - 1) * p->stride_h < p->in_h && (p->out_w - 1) * p->stride_w < p->in_w;
}

static inline int64_t mcuprof_dsp_scratch_conv_s8(const struct mcuprof_conv* p) {
  const int64_t length = ((int64_t)p->k_h * p->k_w * p->filter_c + 3) / 4 * 4;
  const int direct = p->filter_c % 4 == 0 || mcuprof_dsp_is_points(p);
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
