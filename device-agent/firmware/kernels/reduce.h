/// MEAN over any axes of int8 and int16.
#ifndef MCUPROF_FIRMWARE_KERNELS_REDUCE_H
#define MCUPROF_FIRMWARE_KERNELS_REDUCE_H

#include <stdint.h>

#ifdef __cplusplus
extern "C" {
#endif

#define MCUPROF_REDUCE_RANK 3

/// The input seen as kept and reduced axes in turn, neighbours merged: up to three of each. An
/// element lies at the sum of index * stride of all six. Outputs lie in the order of the kept axes.
struct mcuprof_mean {
  int32_t kept[MCUPROF_REDUCE_RANK], kept_stride[MCUPROF_REDUCE_RANK];
  int32_t reduced[MCUPROF_REDUCE_RANK], reduced_stride[MCUPROF_REDUCE_RANK];
  int32_t offset;  ///< product of `reduced` times the input's zero point, subtracted from the sum
  int32_t out_offset;
  int32_t mult, shift;  ///< the division by the count is in them
};

void mcuprof_mean_s8(const struct mcuprof_mean* p, const int8_t* in, int8_t* out);
void mcuprof_mean_s16(const struct mcuprof_mean* p, const int16_t* in, int16_t* out);

#ifdef __cplusplus
}
#endif

#endif
