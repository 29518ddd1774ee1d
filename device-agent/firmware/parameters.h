/// Parameter blocks of the layer program, by kind of layer. Kernels read them in place. Offsets are
/// from the start of the program.
#ifndef MCUPROF_FIRMWARE_PARAMETERS_H
#define MCUPROF_FIRMWARE_PARAMETERS_H

#include <stdint.h>

#include "device-agent/firmware/kernels/arithmetic.h"
#include "device-agent/firmware/kernels/kernels.h"
#include "device-agent/firmware/kernels/move.h"
#include "device-agent/firmware/kernels/reduce.h"
#include "device-agent/firmware/kernels/sequence.h"
#include "device-agent/firmware/kernels/transpose_conv.h"
#include "device-agent/firmware/kernels/unary.h"

/// CONV_*, TRANSPOSE_CONV_*. Inputs: activations, weights, optional bias. (The output shape of
/// TRANSPOSE_CONV is no input here.) mult and shift: out_c words each; 0 for float.
struct mcuprof_conv_layer {
  struct mcuprof_conv conv;
  struct mcuprof_range_f32 act;  ///< float only
  uint32_t mult, shift;
};

/// DEPTHWISE_*. As above.
struct mcuprof_depthwise_layer {
  struct mcuprof_depthwise conv;
  struct mcuprof_range_f32 act;
  uint32_t mult, shift;
};

/// FULLY_CONNECTED_*. mult and shift: 1 word each, or `out` where per_channel is set.
struct mcuprof_fully_connected_layer {
  struct mcuprof_fully_connected fc;
  struct mcuprof_range_f32 act;
  uint32_t mult, shift;
};

/// AVERAGE_POOL_*, MAX_POOL_*.
struct mcuprof_pool_layer {
  struct mcuprof_pool pool;
  struct mcuprof_range_f32 act;
};

/// How two operands meet: the output's extents, outermost first, neighbours that both operands
/// walk alike merged, and each operand's strides in elements (0 where it is repeated). The last
/// strides are 0 or 1.
struct mcuprof_broadcast {
  int32_t extent[MCUPROF_MOVE_RANK];
  int32_t stride1[MCUPROF_MOVE_RANK];
  int32_t stride2[MCUPROF_MOVE_RANK];
};

/// ADD_*, SUB_*.
struct mcuprof_add_layer {
  struct mcuprof_broadcast shape;
  struct mcuprof_add add;
  struct mcuprof_range_f32 act;
};

struct mcuprof_mul_layer {
  struct mcuprof_broadcast shape;
  struct mcuprof_mul mul;
};

struct mcuprof_arithmetic_layer {
  struct mcuprof_broadcast shape;
  struct mcuprof_plain arithmetic;
};

struct mcuprof_prelu_layer {
  struct mcuprof_broadcast shape;  ///< stride1 of the input, stride2 of the slopes
  struct mcuprof_prelu prelu;
};

/// SOFTMAX_*. Tables (513 words of 16 bits each) are for SOFTMAX_S16, else 0.
struct mcuprof_softmax_layer {
  struct mcuprof_softmax softmax;
  uint32_t exponential, reciprocal;
};

/// CONCATENATION: rows of the output, each made of one piece of every input.
struct mcuprof_concatenation_layer {
  int32_t rows;
};

/// TABLE_S8: 256 bytes at `table`. TABLE_S16: 256 words of 16 bits, and which curve.
struct mcuprof_table_layer {
  struct mcuprof_curve curve;
  uint32_t table;
  uint32_t is_tanh;
};

/// QUANTIZE_F32, DEQUANTIZE.
struct mcuprof_scale_layer {
  float scale;
  int32_t zero_point;
};

/// LSTM_S8. Inputs: activations, four input weights, four recurrent weights, four biases (optional)
/// in the order of struct mcuprof_lstm, hidden state, cell state. `table`: 256 words of 16 bits.
struct mcuprof_lstm_layer {
  struct mcuprof_lstm lstm;
  uint32_t table;
};

/// MEAN_*: struct mcuprof_mean. RELU_*, REQUANTIZE: struct mcuprof_rescale. LEAKY_RELU_*: struct
/// mcuprof_leaky_relu. PAD: struct mcuprof_pad. STRIDED_SLICE, TRANSPOSE: struct mcuprof_view.
/// SVDF_S8: struct mcuprof_svdf. COPY, CAST: none.

#endif
