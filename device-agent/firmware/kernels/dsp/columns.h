/// Input patches as the multiplication wants them: "columns" of 16-bit values.
///
/// A column holds the patch of one output pixel in the order of the weights, K = kernel height *
/// width * channels values, the input offset added and 0 where the patch leaves the input. Four
/// values are two words: values 0 and 2, then 1 and 3, the order in which SXTB16 unpacks weights.
/// Two columns lie side by side, eight bytes of the one, eight of the other, so that one pointer
/// walks through both. Where K is no multiple of 4 the last values are undefined; they meet weights
/// of 0.
#ifndef MCUPROF_FIRMWARE_KERNELS_DSP_COLUMNS_H
#define MCUPROF_FIRMWARE_KERNELS_DSP_COLUMNS_H

#include "device-agent/firmware/kernels/dsp/simd.h"
#include "device-agent/firmware/kernels/kernels.h"

/// The last 1 to 3 bytes of a run of `length` that ends at `end`, in the low bytes of a word, zero
/// above. Reads nothing outside the run: a long one is read from its last four bytes.
MCUPROF_INLINE uint32_t mcuprof_last_bytes(const int8_t* end, int32_t length) {
  if (length >= 4) return mcuprof_load4(end - 4) >> (uint32_t)(8 * (4 - (length & 3)));
  uint32_t word = (uint8_t)end[-1];
  if (length >= 2) word = word << 8 | (uint8_t)end[-2];
  if (length == 3) word = word << 8 | (uint8_t)end[-3];
  return word;
}

/// Unpacks groups >= 1 times four bytes; returns where the column goes on.
MCUPROF_INLINE uint32_t* mcuprof_unpack(uint32_t* column, const int8_t* from, int32_t groups,
                                        uint32_t offset) {
  uint32_t even;
  uint32_t odd;
#define UNPACK_FOUR                                \
  "ldr %[even], [%[from]], #4\n\t"                 \
  "sxtab16 %[odd], %[offset], %[even], ror #8\n\t" \
  "sxtab16 %[even], %[offset], %[even]\n\t"        \
  "strd %[even], %[odd], [%[column]], #16\n\t"
  __asm__ volatile(
      "lsrs %[groups], %[groups], #1\n\t"
      "adc %[groups], %[groups], #0\n\t"
      "bcs 2f\n"
      "1:\n\t" UNPACK_FOUR "2:\n\t" UNPACK_FOUR
      "subs %[groups], %[groups], #1\n\t"
      "bne 1b"
      : [column] "+r"(column), [from] "+r"(from), [groups] "+r"(groups), [even] "=&r"(even),
        [odd] "=&r"(odd)
      : [offset] "r"(offset)
      : "cc", "memory");
#undef UNPACK_FOUR
  return column;
}

/// A whole run of n >= 1 bytes, the last group filled up with anything.
MCUPROF_INLINE void mcuprof_unpack_all(uint32_t* column, const int8_t* from, int32_t n,
                                       uint32_t offset) {
  if (n >= 4) column = mcuprof_unpack(column, from, n >> 2, offset);
  if ((n & 3) != 0) {
    const uint32_t word = mcuprof_last_bytes(from + n, n);
    column[0] = mcuprof_even_bytes(offset, word);
    column[1] = mcuprof_odd_bytes(offset, word);
  }
}

/// Writes one column, the first or the second of a pair that starts at `pair`: the patch whose top
/// left corner is (y, x), which may lie outside. `in` is the batch's input, at the group's first
/// channel. `stage` has room for a patch of bytes, rounded up to 4; unused if
/// mcuprof_column_is_direct.
void mcuprof_write_column(const struct mcuprof_conv* p, const int8_t* in, int32_t y, int32_t x,
                          uint32_t* column, int8_t* stage);

/// Whether a patch can be unpacked where it is, tap by tap, without gathering its bytes first.
MCUPROF_INLINE int mcuprof_column_is_direct(const struct mcuprof_conv* p) {
  return (p->filter_c & 3) == 0;
}

#endif
