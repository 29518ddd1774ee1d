/// Kernels that only move elements, whatever their type: COPY, PAD, CONCATENATION, PACK,
/// STRIDED_SLICE, SLICE, TRANSPOSE. Callers have proved that every element lies inside.
#ifndef MCUPROF_FIRMWARE_KERNELS_MOVE_H
#define MCUPROF_FIRMWARE_KERNELS_MOVE_H

#include <stdint.h>

#ifdef __cplusplus
extern "C" {
#endif

#define MCUPROF_MOVE_RANK 6

/// The output's element (i0..i5) is the input's element start + sum of i * stride; extents and
/// strides in elements, strides may be 0 or negative.
struct mcuprof_view {
  int32_t element_bytes;  ///< 1, 2, 4 or 8
  int32_t start;
  int32_t extent[MCUPROF_MOVE_RANK];
  int32_t stride[MCUPROF_MOVE_RANK];
};

/// `before` elements of padding ahead of each input extent, the rest of the output's behind.
struct mcuprof_pad {
  int32_t element_bytes;  ///< 1, 2, 4 or 8
  uint32_t value[2];      ///< the padding element, its bytes first
  int32_t in[MCUPROF_MOVE_RANK];
  int32_t out[MCUPROF_MOVE_RANK];
  int32_t before[MCUPROF_MOVE_RANK];
};

void mcuprof_move_view(const struct mcuprof_view* p, const void* in, void* out);
void mcuprof_move_pad(const struct mcuprof_pad* p, const void* in, void* out);

/// Copies `rows` pieces of `row_bytes` to places that lie `out_bytes` apart: one input of a
/// concatenation.
void mcuprof_move_rows(const void* in, void* out, int32_t rows, int32_t row_bytes,
                       int32_t out_bytes);

#ifdef __cplusplus
}
#endif

#endif
