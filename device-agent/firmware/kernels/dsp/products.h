/// The inner loops, in assembly: they need every register there is, which a compiler does not
/// promise to inline assembly. Each adds to the sums it is given.
#ifndef MCUPROF_FIRMWARE_KERNELS_DSP_PRODUCTS_H
#define MCUPROF_FIRMWARE_KERNELS_DSP_PRODUCTS_H

#include <stdint.h>

/// Rows of weights, `length` >= 1 apart, with columns (columns.h). Two by two: sum[2 * row +
/// column]; one by two: sum[column]; two by one: sum[row]. With one column the first of the pair is
/// meant.
void mcuprof_dsp_two_by_two(int32_t sum[4], const int8_t* w, int32_t length, const uint32_t* pair);
void mcuprof_dsp_one_by_two(int32_t sum[2], const int8_t* w, int32_t length, const uint32_t* pair);
void mcuprof_dsp_two_by_one(int32_t sum[2], const int8_t* w, int32_t length, const uint32_t* pair);
void mcuprof_dsp_one_by_one(int32_t sum[1], const int8_t* w, int32_t length, const uint32_t* pair);

/// Four rows, or one, with a vector of bytes to each of which an offset is added; `offset` is it in
/// both halves of a word.
void mcuprof_dsp_four_rows(int32_t sum[4], const int8_t* w, int32_t length, const int8_t* in,
                           uint32_t offset);
void mcuprof_dsp_one_row(int32_t sum[1], const int8_t* w, int32_t length, const int8_t* in,
                         uint32_t offset);

/// The part of a depthwise window that lies inside the input. The loops know the offsets of the
/// members.
struct mcuprof_dsp_patch {
  int32_t rows, taps;       ///< taps a row; both >= 1
  int32_t in_step, w_step;  ///< bytes from tap to tap
  int32_t in_skip, w_skip;  ///< from behind a row's last tap to the next row's first
  uint32_t offset;          ///< added to each input, in both halves
};

/// Four channels side by side, each with weights of its own.
void mcuprof_dsp_four_channels(int32_t sum[4], const struct mcuprof_dsp_patch* patch,
                               const int8_t* in, const int8_t* w);
/// The same, for in_step == w_step and three taps a row; here the skips count from a row's first
/// tap.
void mcuprof_dsp_four_channels_by_threes(int32_t sum[4], const struct mcuprof_dsp_patch* patch,
                                         const int8_t* in, const int8_t* w);
/// One channel with four sets of weights side by side.
void mcuprof_dsp_one_channel_by_four(int32_t sum[4], const struct mcuprof_dsp_patch* patch,
                                     const int8_t* in, const int8_t* w);

#endif
