/// The kernels that a library may replace: portable C (portable/), the DSP extension (dsp/) or a
/// CMSIS-NN that the user built (cmsis_nn/). Exactly one of them is linked.
///
/// Common to all:
/// - Activations are NHWC, batch outermost; convolution weights are OHWI, depthwise weights HWC
/// with
///   output channel = input channel * depth_multiplier + m. This is how .tflite files hold them.
/// - Results equal those of TensorFlow Lite Micro's reference kernels bit for bit (double rounding,
///   TFLITE_SINGLE_ROUNDING not set).
/// - `in_offset` is minus the input's zero point, `out_offset` the output's zero point; both 0 for
///   int16. real_multiplier = mult * 2^(shift - 31), shift in -31..30, mult >= 0.
/// - `mult` and `shift` have one entry an output channel, `bias` too; `bias` may be null.
/// - Inputs and output do not overlap. Extents, strides and dilations are >= 1, pads >= 0,
///   act_min <= act_max within the output type. Callers have proved that; kernels check nothing.
/// - int8 pointers have no alignment, all others that of their type, `scratch` 16 bytes.
/// - `scratch` has at least the bytes that scratch.h says for the linked library and these
///   parameters, content undefined; it is null where that is 0.
#ifndef MCUPROF_FIRMWARE_KERNELS_KERNELS_H
#define MCUPROF_FIRMWARE_KERNELS_KERNELS_H

#include <stdint.h>

#ifdef __cplusplus
extern "C" {
#endif

enum mcuprof_library {
  MCUPROF_LIBRARY_PORTABLE = 1,
  MCUPROF_LIBRARY_DSP = 2,
  MCUPROF_LIBRARY_CMSIS_NN = 3,
};

/// Which library is linked, one of enum mcuprof_library; each library defines it.
extern const uint32_t mcuprof_linked_library;

struct mcuprof_conv {
  int32_t batches;
  int32_t in_h, in_w, in_c;
  int32_t out_h, out_w, out_c;
  int32_t k_h, k_w;
  int32_t stride_h, stride_w;
  int32_t dil_h, dil_w;
  int32_t pad_h, pad_w;  ///< rows above, columns left; below and right follow from the output
  int32_t filter_c;      ///< input channels of one filter; in_c / groups
  int32_t in_offset, out_offset;
  int32_t act_min, act_max;
};

/// out_c = in_c * depth_multiplier.
struct mcuprof_depthwise {
  int32_t batches;
  int32_t in_h, in_w, in_c;
  int32_t out_h, out_w, out_c;
  int32_t k_h, k_w;
  int32_t stride_h, stride_w;
  int32_t dil_h, dil_w;
  int32_t pad_h, pad_w;
  int32_t depth_multiplier;
  int32_t in_offset, out_offset;
  int32_t act_min, act_max;
};

/// out[r][o] = sum over i of (in[r][i] + in_offset) * (w[o][i] + filter_offset) + bias[o].
struct mcuprof_fully_connected {
  int32_t rows;  ///< product of the batch extents
  int32_t in;    ///< elements of one row
  int32_t out;   ///< rows of the weights
  int32_t in_offset, filter_offset, out_offset;
  int32_t act_min, act_max;
  int32_t per_channel;  ///< 0: mult[0] and shift[0] hold for all outputs
};

struct mcuprof_pool {
  int32_t batches;
  int32_t in_h, in_w, channels;
  int32_t out_h, out_w;
  int32_t k_h, k_w;
  int32_t stride_h, stride_w;
  int32_t pad_h, pad_w;
  int32_t act_min, act_max;
};

/// Sum or difference of two quantised tensors: each operand, less its zero point, is shifted left
/// by left_shift and scaled by its own multiplier, then the sum by the output's.
struct mcuprof_add {
  int32_t left_shift;
  int32_t in1_offset, in1_mult, in1_shift;
  int32_t in2_offset, in2_mult, in2_shift;
  int32_t out_offset, out_mult, out_shift;
  int32_t act_min, act_max;
};

struct mcuprof_mul {
  int32_t in1_offset, in2_offset;
  int32_t out_offset, out_mult, out_shift;
  int32_t act_min, act_max;
};

/// Along rows of `depth` elements. mult and shift scale differences by beta and the input's scale
/// into the exponential's fixed point; differences below diff_min give 0.
struct mcuprof_softmax {
  int32_t rows, depth;
  int32_t mult, shift;
  int32_t diff_min;
};

struct mcuprof_range_f32 {
  float min, max;
};

void mcuprof_conv_s8(const struct mcuprof_conv* p, const int8_t* in, const int8_t* w,
                     const int32_t* bias, const int32_t* mult, const int32_t* shift, int8_t* out,
                     void* scratch);
/// 64-bit accumulators, 8-bit weights.
void mcuprof_conv_s16(const struct mcuprof_conv* p, const int16_t* in, const int8_t* w,
                      const int64_t* bias, const int32_t* mult, const int32_t* shift, int16_t* out,
                      void* scratch);
void mcuprof_conv_f32(const struct mcuprof_conv* p, const struct mcuprof_range_f32* act,
                      const float* in, const float* w, const float* bias, float* out);

void mcuprof_depthwise_s8(const struct mcuprof_depthwise* p, const int8_t* in, const int8_t* w,
                          const int32_t* bias, const int32_t* mult, const int32_t* shift,
                          int8_t* out, void* scratch);
void mcuprof_depthwise_s16(const struct mcuprof_depthwise* p, const int16_t* in, const int8_t* w,
                           const int64_t* bias, const int32_t* mult, const int32_t* shift,
                           int16_t* out, void* scratch);
void mcuprof_depthwise_f32(const struct mcuprof_depthwise* p, const struct mcuprof_range_f32* act,
                           const float* in, const float* w, const float* bias, float* out);

void mcuprof_fully_connected_s8(const struct mcuprof_fully_connected* p, const int8_t* in,
                                const int8_t* w, const int32_t* bias, const int32_t* mult,
                                const int32_t* shift, int8_t* out, void* scratch);
void mcuprof_fully_connected_s16(const struct mcuprof_fully_connected* p, const int16_t* in,
                                 const int8_t* w, const int64_t* bias, const int32_t* mult,
                                 const int32_t* shift, int16_t* out, void* scratch);
void mcuprof_fully_connected_f32(const struct mcuprof_fully_connected* p,
                                 const struct mcuprof_range_f32* act, const float* in,
                                 const float* w, const float* bias, float* out);

/// Windows count the elements inside the input only; halves round away from zero.
void mcuprof_average_pool_s8(const struct mcuprof_pool* p, const int8_t* in, int8_t* out,
                             void* scratch);
void mcuprof_average_pool_s16(const struct mcuprof_pool* p, const int16_t* in, int16_t* out,
                              void* scratch);
void mcuprof_average_pool_f32(const struct mcuprof_pool* p, const struct mcuprof_range_f32* act,
                              const float* in, float* out);
void mcuprof_max_pool_s8(const struct mcuprof_pool* p, const int8_t* in, int8_t* out);
void mcuprof_max_pool_s16(const struct mcuprof_pool* p, const int16_t* in, int16_t* out);
void mcuprof_max_pool_f32(const struct mcuprof_pool* p, const struct mcuprof_range_f32* act,
                          const float* in, float* out);

/// Element-wise kernels work on one run of n >= 1 elements; a step is 1, or 0 for an operand whose
/// single element is repeated along the run. Both steps are 1 unless shapes are broadcast.
void mcuprof_add_s8(const struct mcuprof_add* p, const int8_t* a, int32_t a_step, const int8_t* b,
                    int32_t b_step, int8_t* out, int32_t n);
void mcuprof_add_s16(const struct mcuprof_add* p, const int16_t* a, int32_t a_step,
                     const int16_t* b, int32_t b_step, int16_t* out, int32_t n);
void mcuprof_add_f32(const struct mcuprof_range_f32* act, const float* a, int32_t a_step,
                     const float* b, int32_t b_step, float* out, int32_t n);
void mcuprof_mul_s8(const struct mcuprof_mul* p, const int8_t* a, int32_t a_step, const int8_t* b,
                    int32_t b_step, int8_t* out, int32_t n);
void mcuprof_mul_s16(const struct mcuprof_mul* p, const int16_t* a, int32_t a_step,
                     const int16_t* b, int32_t b_step, int16_t* out, int32_t n);

void mcuprof_softmax_s8(const struct mcuprof_softmax* p, const int8_t* in, int8_t* out);
void mcuprof_softmax_s8_s16(const struct mcuprof_softmax* p, const int8_t* in, int16_t* out);

#ifdef __cplusplus
}
#endif

#endif
