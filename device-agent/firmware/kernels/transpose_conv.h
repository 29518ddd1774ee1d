/// TRANSPOSE_CONV: every output position gathers the input positions whose windows reach it.
#ifndef MCUPROF_FIRMWARE_KERNELS_TRANSPOSE_CONV_H
#define MCUPROF_FIRMWARE_KERNELS_TRANSPOSE_CONV_H

#include <stdint.h>

#include "device-agent/firmware/kernels/kernels.h"

#ifdef __cplusplus
extern "C" {
#endif

/// Of struct mcuprof_conv; dilations are 1 and filter_c is in_c.
void mcuprof_transpose_conv_s8(const struct mcuprof_conv* p, const int8_t* in, const int8_t* w,
                               const int32_t* bias, const int32_t* mult, const int32_t* shift,
                               int8_t* out);
/// 64-bit accumulators.
void mcuprof_transpose_conv_s16(const struct mcuprof_conv* p, const int16_t* in, const int8_t* w,
                                const int64_t* bias, const int32_t* mult, const int32_t* shift,
                                int16_t* out);

#ifdef __cplusplus
}
#endif

#endif
