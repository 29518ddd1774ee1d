/// Operators with state that lives from one inference to the next: SVDF and
/// UNIDIRECTIONAL_SEQUENCE_LSTM.
#ifndef MCUPROF_FIRMWARE_KERNELS_SEQUENCE_H
#define MCUPROF_FIRMWARE_KERNELS_SEQUENCE_H

#include <stdint.h>

#include "device-agent/firmware/kernels/kernels.h"
#include "device-agent/firmware/kernels/unary.h"

#ifdef __cplusplus
extern "C" {
#endif

struct mcuprof_svdf {
  int32_t batches, inputs, units, rank, memory;
  int32_t in_offset, state_offset, out_offset;  ///< in_offset: minus the zero point; others: plus
  int32_t feature_mult, feature_shift;
  int32_t out_mult, out_shift;
};

/// `state` holds batches * units * rank rows of `memory` values and moves on by one. `bias` may be
/// null. The second form has 16-bit time weights and state.
void mcuprof_svdf_s8(const struct mcuprof_svdf* p, const int8_t* in, const int8_t* w_feature,
                     const int8_t* w_time, const int32_t* bias, int8_t* state, int8_t* out);
void mcuprof_svdf_s8_s16(const struct mcuprof_svdf* p, const int8_t* in, const int8_t* w_feature,
                         const int16_t* w_time, const int32_t* bias, int16_t* state, int8_t* out);

enum { MCUPROF_GATE_INPUT, MCUPROF_GATE_FORGET, MCUPROF_GATE_CELL, MCUPROF_GATE_OUTPUT };

struct mcuprof_lstm_gate {
  int32_t in_mult, in_shift;
  int32_t state_mult, state_shift;
};

/// Gates in the order of the file's inputs: input, forget, cell, output.
struct mcuprof_lstm {
  int32_t batches, steps, inputs, units;
  int32_t time_major;
  int32_t in_offset, state_offset;  ///< minus the zero points of input and hidden state
  struct mcuprof_lstm_gate gate[4];
  int32_t forget_mult, forget_shift;  ///< forget gate times cell
  int32_t update_mult, update_shift;  ///< input gate times cell gate
  int32_t hidden_mult, hidden_shift;  ///< output gate times tanh of the cell
  int32_t hidden_zero_point;
  int32_t cell_clip;  ///< 0: none
  struct mcuprof_curve sigmoid, tanh, cell_tanh;
};

/// w_in[g]: units rows of `inputs`; w_state[g]: units rows of `units`; bias[g]: units. `hidden` and
/// `cell` are the state, batches rows of `units`. `out` has steps * batches rows of `units` in the
/// order that time_major says.
void mcuprof_lstm_s8(const struct mcuprof_lstm* p, const uint16_t* table, const int8_t* in,
                     const int8_t* const w_in[4], const int8_t* const w_state[4],
                     const int32_t* const bias[4], int8_t* hidden, int16_t* cell, int8_t* out);

#ifdef __cplusplus
}
#endif

#endif
