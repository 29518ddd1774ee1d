/// Sums of products of one run of inputs with several rows of weights: each input is loaded and
/// offset once for all of them.
#ifndef MCUPROF_FIRMWARE_KERNELS_PORTABLE_DOT_H
#define MCUPROF_FIRMWARE_KERNELS_PORTABLE_DOT_H

#include <stdint.h>

/// As many rows as a core has registers for: the small cores reach eight of them.
#if defined(__ARM_ARCH_6M__) || defined(__ARM_ARCH_8M_BASE__)
#define MCUPROF_DOT_ROWS 2
#else
#define MCUPROF_DOT_ROWS 4
#endif

/// Adds to acc[r] the products of n >= 0 inputs, an offset added to each, with row r of the
/// weights; rows are `row` apart.
static inline void mcuprof_dot_rows(int32_t acc[MCUPROF_DOT_ROWS], const int8_t* in,
                                    const int8_t* w, int32_t row, int32_t n, int32_t offset) {
  const int8_t* end = in + n;
  int32_t acc0 = acc[0];
  int32_t acc1 = acc[1];
  const int8_t* w1 = w + row;
#if MCUPROF_DOT_ROWS == 4
  int32_t acc2 = acc[2];
  int32_t acc3 = acc[3];
  const int8_t* w2 = w1 + row;
  const int8_t* w3 = w2 + row;
#endif
  while (in != end) {
    const int32_t x = *in++ + offset;
    acc0 += x * *w++;
    acc1 += x * *w1++;
#if MCUPROF_DOT_ROWS == 4
    acc2 += x * *w2++;
    acc3 += x * *w3++;
#endif
  }
  acc[0] = acc0;
  acc[1] = acc1;
#if MCUPROF_DOT_ROWS == 4
  acc[2] = acc2;
  acc[3] = acc3;
#endif
}

static inline int32_t mcuprof_dot(int32_t acc, const int8_t* in, const int8_t* w, int32_t n,
                                  int32_t offset) {
  for (const int8_t* end = in + n; in != end;) acc += (*in++ + offset) * *w++;
  return acc;
}

#endif
