#include <string.h>

#include "device-agent/firmware/kernels/curve.h"
#include "device-agent/firmware/kernels/requantize.h"
#include "device-agent/firmware/kernels/sequence.h"

struct step {
  const int8_t* in;
  const int8_t* hidden;
  const int8_t* const* w_in;
  const int8_t* const* w_state;
  const int32_t* const* bias;
};

static int32_t clamp16(int32_t value) {
  return mcuprof_clamp(value, INT16_MIN, INT16_MAX);
}

static int32_t dot(const int8_t* w, const int8_t* x, int32_t offset, int32_t n) {
  int32_t sum = 0;
  for (int32_t i = 0; i < n; ++i) sum += w[i] * (x[i] + offset);
  return sum;
}

// What goes into the gate's curve, with 12 fractional bits.
static int32_t gate(const struct mcuprof_lstm* p, const struct step* s, int32_t g, int32_t unit) {
  const struct mcuprof_lstm_gate* q = &p->gate[g];
  int32_t in = dot(s->w_in[g] + unit * p->inputs, s->in, p->in_offset, p->inputs);
  if (s->bias[g]) in += s->bias[g][unit];
  const int32_t state = dot(s->w_state[g] + unit * p->units, s->hidden, p->state_offset, p->units);
  return clamp16(clamp16(mcuprof_requantize(in, q->in_mult, q->in_shift)) +
                 clamp16(mcuprof_requantize(state, q->state_mult, q->state_shift)));
}

// All units of one batch entry at one step. The gates read the old hidden state, so the new one is
// gathered in the output.
static void run_step(const struct mcuprof_lstm* p, const uint16_t* table, const struct step* s,
                     int16_t* cell, int8_t* out) {
  for (int32_t u = 0; u < p->units; ++u) {
    const int32_t forget =
        mcuprof_sigmoid_s16(&p->sigmoid, table, gate(p, s, MCUPROF_GATE_FORGET, u));
    const int32_t input =
        mcuprof_sigmoid_s16(&p->sigmoid, table, gate(p, s, MCUPROF_GATE_INPUT, u));
    const int32_t update =
        mcuprof_hyperbolic_tangent_s16(&p->tanh, table, gate(p, s, MCUPROF_GATE_CELL, u));
    const int32_t output =
        mcuprof_sigmoid_s16(&p->sigmoid, table, gate(p, s, MCUPROF_GATE_OUTPUT, u));
    int32_t value = clamp16(mcuprof_requantize(forget * cell[u], p->forget_mult, p->forget_shift)) +
                    clamp16(mcuprof_requantize(input * update, p->update_mult, p->update_shift));
    value = clamp16(value);
    if (p->cell_clip > 0) value = mcuprof_clamp(value, -p->cell_clip, p->cell_clip);
    cell[u] = (int16_t)value;
    const int32_t curve = mcuprof_hyperbolic_tangent_s16(&p->cell_tanh, table, value);
    const int32_t hidden = mcuprof_requantize(curve * output, p->hidden_mult, p->hidden_shift);
    out[u] = (int8_t)mcuprof_clamp(hidden + p->hidden_zero_point, INT8_MIN, INT8_MAX);
  }
}

void mcuprof_lstm_s8(const struct mcuprof_lstm* p, const uint16_t* table, const int8_t* in,
                     const int8_t* const w_in[4], const int8_t* const w_state[4],
                     const int32_t* const bias[4], int8_t* hidden, int16_t* cell, int8_t* out) {
  for (int32_t b = 0; b < p->batches; ++b, hidden += p->units, cell += p->units) {
    for (int32_t t = 0; t < p->steps; ++t) {
      const int32_t row = p->time_major ? t * p->batches + b : b * p->steps + t;
      const struct step s = {in + row * p->inputs, hidden, w_in, w_state, bias};
      run_step(p, table, &s, cell, out + row * p->units);
      memcpy(hidden, out + row * p->units, (uint32_t)p->units);
    }
  }
}
