// SVDF, UNIDIRECTIONAL_SEQUENCE_LSTM.
#include "device-agent/firmware/layers/layer.h"

static bool is_state(const struct mcuprof_tensor* t) {
  return t->space == MCUPROF_SPACE_ARENA && (t->flags & MCUPROF_TENSOR_STATE);
}

// Inputs: activations, feature weights, time weights, optional bias, state.
int32_t mcuprof_check_svdf_s8(const struct mcuprof_call* c) {
  if (!mcuprof_has_form(c, 3, 5, 1, sizeof(struct mcuprof_svdf)) || !mcuprof_in(c, 4)) {
    return MCUPROF_PROGRAM_BAD_LAYER;
  }
  const struct mcuprof_svdf* p = mcuprof_parameters(c);
  if (p->batches < 1 || p->inputs < 1 || p->units < 1 || p->rank < 1 || p->memory < 1 ||
      !mcuprof_is_shift(p->feature_shift) || !mcuprof_is_shift(p->out_shift)) {
    return MCUPROF_PROGRAM_BAD_PARAMETERS;
  }
  const int64_t rows = (int64_t)p->units * p->rank;
  if (rows > INT32_MAX) return MCUPROF_PROGRAM_BAD_PARAMETERS;
  const struct mcuprof_tensor* time = mcuprof_in(c, 2);
  const struct mcuprof_tensor* bias = mcuprof_in(c, 3);
  const struct mcuprof_tensor* state = mcuprof_in(c, 4);
  const int64_t time_elements = rows * p->memory;
  if ((time->type != MCUPROF_S8 && time->type != MCUPROF_S16) || time_elements > INT32_MAX ||
      !mcuprof_is_flat(mcuprof_in(c, 0), MCUPROF_S8, (int64_t)p->batches * p->inputs) ||
      !mcuprof_is_flat(mcuprof_in(c, 1), MCUPROF_S8, rows * p->inputs) ||
      !mcuprof_is_flat(time, time->type, time_elements) || !is_state(state) ||
      !mcuprof_is_flat(state, time->type, p->batches * time_elements) ||
      (bias && !mcuprof_is_flat(bias, MCUPROF_S32, p->units)) ||
      !mcuprof_is_flat(mcuprof_out(c, 0), MCUPROF_S8, (int64_t)p->batches * p->units)) {
    return MCUPROF_PROGRAM_BAD_LAYER;
  }
  return MCUPROF_PROGRAM_OK;
}

void mcuprof_run_svdf_s8(const struct mcuprof_call* c) {
  if (mcuprof_is_type(mcuprof_in(c, 2), MCUPROF_S8)) {
    mcuprof_svdf_s8(mcuprof_parameters(c), mcuprof_in_data(c, 0), mcuprof_in_data(c, 1),
                    mcuprof_in_data(c, 2), mcuprof_in_data(c, 3), mcuprof_state_data(c, 4),
                    mcuprof_out_data(c, 0));
  } else {
    mcuprof_svdf_s8_s16(mcuprof_parameters(c), mcuprof_in_data(c, 0), mcuprof_in_data(c, 1),
                        mcuprof_in_data(c, 2), mcuprof_in_data(c, 3), mcuprof_state_data(c, 4),
                        mcuprof_out_data(c, 0));
  }
}

// Positions of the inputs; see struct mcuprof_lstm_layer.
enum { LSTM_IN = 0, LSTM_W_IN = 1, LSTM_W_STATE = 5, LSTM_BIAS = 9, LSTM_HIDDEN = 13, LSTM_CELL };

static bool has_good_shifts(const struct mcuprof_lstm* p) {
  for (int g = 0; g < 4; ++g) {
    if (!mcuprof_is_shift(p->gate[g].in_shift) || !mcuprof_is_shift(p->gate[g].state_shift)) {
      return false;
    }
  }
  return mcuprof_is_shift(p->forget_shift) && mcuprof_is_shift(p->update_shift) &&
         mcuprof_is_shift(p->hidden_shift) && mcuprof_is_curve(&p->sigmoid) &&
         mcuprof_is_curve(&p->tanh) && mcuprof_is_curve(&p->cell_tanh);
}

int32_t mcuprof_check_lstm_s8(const struct mcuprof_call* c) {
  if (!mcuprof_has_form(c, 9, 15, 1, sizeof(struct mcuprof_lstm_layer)) ||
      !mcuprof_in(c, LSTM_HIDDEN) || !mcuprof_in(c, LSTM_CELL)) {
    return MCUPROF_PROGRAM_BAD_LAYER;
  }
  const struct mcuprof_lstm_layer* l = mcuprof_parameters(c);
  const struct mcuprof_lstm* p = &l->lstm;
  if (p->batches < 1 || p->steps < 1 || p->inputs < 1 || p->units < 1 || !has_good_shifts(p) ||
      !mcuprof_is_constant(c, l->table, 512)) {
    return MCUPROF_PROGRAM_BAD_PARAMETERS;
  }
  const int64_t rows = (int64_t)p->batches * p->steps;
  if (rows > INT32_MAX) return MCUPROF_PROGRAM_BAD_PARAMETERS;
  for (uint32_t g = 0; g < 4; ++g) {
    const struct mcuprof_tensor* bias = mcuprof_in(c, LSTM_BIAS + g);
    if (!mcuprof_is_flat(mcuprof_in(c, LSTM_W_IN + g), MCUPROF_S8, (int64_t)p->units * p->inputs) ||
        !mcuprof_is_flat(mcuprof_in(c, LSTM_W_STATE + g), MCUPROF_S8,
                         (int64_t)p->units * p->units) ||
        (bias && !mcuprof_is_flat(bias, MCUPROF_S32, p->units))) {
      return MCUPROF_PROGRAM_BAD_LAYER;
    }
  }
  const struct mcuprof_tensor* hidden = mcuprof_in(c, LSTM_HIDDEN);
  const struct mcuprof_tensor* cell = mcuprof_in(c, LSTM_CELL);
  const int64_t state = (int64_t)p->batches * p->units;
  return is_state(hidden) && is_state(cell) && mcuprof_is_flat(hidden, MCUPROF_S8, state) &&
                 mcuprof_is_flat(cell, MCUPROF_S16, state) &&
                 mcuprof_is_flat(mcuprof_in(c, LSTM_IN), MCUPROF_S8, rows * p->inputs) &&
                 mcuprof_is_flat(mcuprof_out(c, 0), MCUPROF_S8, rows * p->units)
             ? MCUPROF_PROGRAM_OK
             : MCUPROF_PROGRAM_BAD_LAYER;
}

void mcuprof_run_lstm_s8(const struct mcuprof_call* c) {
  const struct mcuprof_lstm_layer* l = mcuprof_parameters(c);
  const int8_t* w_in[4];
  const int8_t* w_state[4];
  const int32_t* bias[4];
  for (uint32_t g = 0; g < 4; ++g) {
    w_in[g] = mcuprof_in_data(c, LSTM_W_IN + g);
    w_state[g] = mcuprof_in_data(c, LSTM_W_STATE + g);
    bias[g] = mcuprof_in_data(c, LSTM_BIAS + g);
  }
  mcuprof_lstm_s8(&l->lstm, mcuprof_constant(c, l->table), mcuprof_in_data(c, LSTM_IN), w_in,
                  w_state, bias, mcuprof_state_data(c, LSTM_HIDDEN),
                  mcuprof_state_data(c, LSTM_CELL), mcuprof_out_data(c, 0));
}
