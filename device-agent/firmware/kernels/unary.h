/// Element-by-element kernels with one quantised input (PRELU with its slopes besides).
#ifndef MCUPROF_FIRMWARE_KERNELS_UNARY_H
#define MCUPROF_FIRMWARE_KERNELS_UNARY_H

#include <stdint.h>

#ifdef __cplusplus
extern "C" {
#endif

/// out = clamp(out_offset + (in + in_offset) * scale); RELU, RELU6, and QUANTIZE between integers.
struct mcuprof_rescale {
  int32_t in_offset, out_offset;
  int32_t mult, shift;
  int32_t act_min, act_max;
};

/// Positive inputs by one scale, negative ones by another. A negative alpha_mult negates the result
/// of its absolute value.
struct mcuprof_leaky_relu {
  int32_t in_offset, out_offset;
  int32_t mult, shift;
  int32_t alpha_mult, alpha_shift;
};

struct mcuprof_prelu {
  int32_t in_offset, alpha_offset, out_offset;
  int32_t mult, shift;
  int32_t alpha_mult, alpha_shift;
};

/// LOGISTIC and TANH of int16 by interpolation in a table of 256 values: entry i is the sigmoid of
/// i / 24 times 65536, raised by half of what a chord to the next entry misses at its middle.
/// (in * mult + rounding) >> shift is the position, in 1/512 of an entry for LOGISTIC and 1/256 for
/// TANH, since tanh(x) = 2 sigmoid(2x) - 1. 0 <= shift <= 31.
struct mcuprof_curve {
  int32_t mult, shift;
};

void mcuprof_rescale_s8(const struct mcuprof_rescale* p, const int8_t* in, int8_t* out, int32_t n);
void mcuprof_rescale_s16(const struct mcuprof_rescale* p, const int16_t* in, int16_t* out,
                         int32_t n);

/// Between any two of int8, int16 and int32; a type is its size in bytes.
void mcuprof_requantize_any(const struct mcuprof_rescale* p, int32_t in_bytes, int32_t out_bytes,
                            const void* in, void* out, int32_t n);

void mcuprof_leaky_relu_s8(const struct mcuprof_leaky_relu* p, const int8_t* in, int8_t* out,
                           int32_t n);
void mcuprof_leaky_relu_s16(const struct mcuprof_leaky_relu* p, const int16_t* in, int16_t* out,
                            int32_t n);

/// One run; alpha_step is 0 or 1.
void mcuprof_prelu_s8(const struct mcuprof_prelu* p, const int8_t* in, const int8_t* alpha,
                      int32_t alpha_step, int8_t* out, int32_t n);

/// out = table[in + 128].
void mcuprof_table_s8(const int8_t* table, const int8_t* in, int8_t* out, int32_t n);

/// `table` has 256 entries; see mcuprof_curve.
void mcuprof_logistic_s16(const struct mcuprof_curve* p, const uint16_t* table, const int16_t* in,
                          int16_t* out, int32_t n);
void mcuprof_tanh_s16(const struct mcuprof_curve* p, const uint16_t* table, const int16_t* in,
                      int16_t* out, int32_t n);

/// out = clamp(round(in / scale) + zero_point), halves away from zero.
void mcuprof_quantize_f32_s8(float scale, int32_t zero_point, const float* in, int8_t* out,
                             int32_t n);
void mcuprof_quantize_f32_s16(float scale, int32_t zero_point, const float* in, int16_t* out,
                              int32_t n);
void mcuprof_dequantize_s8(float scale, int32_t zero_point, const int8_t* in, float* out,
                           int32_t n);
void mcuprof_dequantize_s16(float scale, int32_t zero_point, const int16_t* in, float* out,
                            int32_t n);

#ifdef __cplusplus
}
#endif

#endif
