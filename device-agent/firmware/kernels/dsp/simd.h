/// Instructions of the DSP extension (Armv7E-M, Armv8-M Main) that the kernels of this folder are
/// made of, and the scaling of sums to outputs with them.
#ifndef MCUPROF_FIRMWARE_KERNELS_DSP_SIMD_H
#define MCUPROF_FIRMWARE_KERNELS_DSP_SIMD_H

#include <stdint.h>

#if !defined(__ARM_FEATURE_DSP)
#error "these kernels need a core with the DSP extension"
#endif

#define MCUPROF_INLINE static inline __attribute__((always_inline))

/// Four bytes at any address; the core loads them with one instruction. Freestanding C knows memcpy
/// only by its other name.
MCUPROF_INLINE uint32_t mcuprof_load4(const int8_t* from) {
  uint32_t word;
  __builtin_memcpy(&word, from, sizeof word);
  return word;
}

/// A 9-bit offset in both halves of a word.
MCUPROF_INLINE uint32_t mcuprof_both_halves(int32_t value) {
  return ((uint32_t)value & 0xFFFFU) | ((uint32_t)value << 16);
}

/// Bytes 0 and 2 of `word`, sign-extended, added to the halves of `offset`.
MCUPROF_INLINE uint32_t mcuprof_even_bytes(uint32_t offset, uint32_t word) {
  uint32_t result;
  __asm__("sxtab16 %0, %1, %2" : "=r"(result) : "r"(offset), "r"(word));
  return result;
}

/// Bytes 1 and 3 likewise.
MCUPROF_INLINE uint32_t mcuprof_odd_bytes(uint32_t offset, uint32_t word) {
  uint32_t result;
  __asm__("sxtab16 %0, %1, %2, ror #8" : "=r"(result) : "r"(offset), "r"(word));
  return result;
}

/// sum + low half * low half + high half * high half.
MCUPROF_INLINE int32_t mcuprof_mac2(uint32_t a, uint32_t b, int32_t sum) {
  __asm__("smlad %0, %1, %2, %0" : "+r"(sum) : "r"(a), "r"(b));
  return sum;
}

/// How one output channel is scaled: kept in the form that costs least for each sum.
struct mcuprof_scale {
  int32_t twice;   ///< 2 * mult, modulo 2^32
  uint32_t left;   ///< 0..31
  uint32_t right;  ///< 0..31
};

/// shift in -31..31, mult >= 0.
MCUPROF_INLINE struct mcuprof_scale mcuprof_scale_of(int32_t mult, int32_t shift) {
  struct mcuprof_scale scale;
  scale.twice = (int32_t)((uint32_t)mult << 1);
  __asm__("usat %0, #5, %1" : "=r"(scale.left) : "r"(shift));
  __asm__("usat %0, #5, %1" : "=r"(scale.right) : "r"(-shift));
  return scale;
}

/// What mcuprof_requantize computes, in six instructions.
///
/// The high half of 2 * mult * sum would need 2 * mult as a signed word, and it has 32 bits where
/// mult >= 2^30. There `twice` is 2 * mult - 2^32, and SMMLAR adds the sum itself to the high half
/// to make up for it. The rounding shift subtracts 1 from negative values, so that halves go away
/// from zero, and adds the last bit shifted out, which ASRS leaves in the carry. A shift by 0
/// leaves there what ADDS put: 1 exactly where 1 was subtracted.
MCUPROF_INLINE int32_t mcuprof_scaled(int32_t sum, const struct mcuprof_scale* scale) {
  uint32_t sum_now = (uint32_t)sum << scale->left;
  uint32_t value;
  __asm__(
      "and %[value], %[sum], %[twice], asr #31\n\t"
      "smmlar %[value], %[sum], %[twice], %[value]\n\t"
      "adds %[value], %[value], %[value], asr #31\n\t"
      "asrs %[value], %[value], %[right]\n\t"
      "adc %[value], %[value], #0"
      : [value] "=&r"(value)
      : [sum] "r"(sum_now), [twice] "r"(scale->twice), [right] "r"(scale->right)
      : "cc");
  return (int32_t)value;
}

/// What a kernel adds to scaled sums and clamps them to, four bytes at a time.
struct mcuprof_finish {
  int32_t offset;
  uint32_t min, max;  ///< the bound in each of four bytes
};

MCUPROF_INLINE struct mcuprof_finish mcuprof_finish_of(int32_t offset, int32_t min, int32_t max) {
  const uint32_t each = UINT32_C(0x01010101);
  const struct mcuprof_finish finish = {offset, each * (uint8_t)min, each * (uint8_t)max};
  return finish;
}

/// Clamps four signed bytes. SEL takes the bytes of its first operand for which the difference
/// before it was not negative; there is nothing in C to name those flags, so both stay together.
MCUPROF_INLINE uint32_t mcuprof_clamped(uint32_t bytes, const struct mcuprof_finish* finish) {
  uint32_t unused;
  __asm__(
      "ssub8 %[unused], %[bytes], %[min]\n\t"
      "sel %[bytes], %[bytes], %[min]\n\t"
      "ssub8 %[unused], %[max], %[bytes]\n\t"
      "sel %[bytes], %[bytes], %[max]"
      : [bytes] "+r"(bytes), [unused] "=&r"(unused)
      : [min] "r"(finish->min), [max] "r"(finish->max)
      : "cc");
  return bytes;
}

MCUPROF_INLINE int32_t mcuprof_saturated(int32_t value, int32_t offset) {
  int32_t result;
  __asm__("ssat %0, #8, %1" : "=r"(result) : "r"(value + offset));
  return result;
}

/// The output bytes of four scaled sums, the first lowest.
MCUPROF_INLINE uint32_t mcuprof_four_outputs(int32_t v0, int32_t v1, int32_t v2, int32_t v3,
                                             const struct mcuprof_finish* finish) {
  uint32_t bytes = (uint32_t)mcuprof_saturated(v0, finish->offset);
  __asm__("bfi %0, %1, #8, #8" : "+r"(bytes) : "r"(mcuprof_saturated(v1, finish->offset)));
  __asm__("bfi %0, %1, #16, #8" : "+r"(bytes) : "r"(mcuprof_saturated(v2, finish->offset)));
  __asm__("bfi %0, %1, #24, #8" : "+r"(bytes) : "r"(mcuprof_saturated(v3, finish->offset)));
  return mcuprof_clamped(bytes, finish);
}

MCUPROF_INLINE uint32_t mcuprof_two_outputs(int32_t v0, int32_t v1,
                                            const struct mcuprof_finish* finish) {
  uint32_t bytes = (uint32_t)mcuprof_saturated(v0, finish->offset);
  __asm__("bfi %0, %1, #8, #8" : "+r"(bytes) : "r"(mcuprof_saturated(v1, finish->offset)));
  return mcuprof_clamped(bytes, finish);
}

MCUPROF_INLINE int8_t mcuprof_one_output(int32_t value, const struct mcuprof_finish* finish) {
  return (int8_t)mcuprof_clamped((uint32_t)mcuprof_saturated(value, finish->offset), finish);
}

/// Stores the low two or all four bytes at any address.
MCUPROF_INLINE void mcuprof_store2(int8_t* to, uint32_t bytes) {
  const uint16_t half = (uint16_t)bytes;
  __builtin_memcpy(to, &half, sizeof half);
}

MCUPROF_INLINE void mcuprof_store4(int8_t* to, uint32_t bytes) {
  __builtin_memcpy(to, &bytes, sizeof bytes);
}

#endif
