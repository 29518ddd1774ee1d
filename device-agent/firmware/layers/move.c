// COPY, PAD, CONCATENATION, STRIDED_SLICE, TRANSPOSE: what only moves elements.
#include <string.h>

#include "device-agent/firmware/layers/layer.h"

int32_t mcuprof_check_copy(const struct mcuprof_call* c) {
  return mcuprof_has_form(c, 1, 1, 1, 0) && mcuprof_in(c, 0)->bytes == mcuprof_out(c, 0)->bytes
             ? MCUPROF_PROGRAM_OK
             : MCUPROF_PROGRAM_BAD_LAYER;
}

void mcuprof_run_copy(const struct mcuprof_call* c) {
  memmove(mcuprof_out_data(c, 0), mcuprof_in_data(c, 0), mcuprof_out(c, 0)->bytes);
}

int32_t mcuprof_check_pad(const struct mcuprof_call* c) {
  if (!mcuprof_has_form(c, 1, 1, 1, sizeof(struct mcuprof_pad))) return MCUPROF_PROGRAM_BAD_LAYER;
  const struct mcuprof_pad* p = mcuprof_parameters(c);
  const struct mcuprof_tensor* in = mcuprof_in(c, 0);
  const struct mcuprof_tensor* out = mcuprof_out(c, 0);
  if (in->type != out->type || p->element_bytes != (int32_t)mcuprof_type_bytes(in->type)) {
    return MCUPROF_PROGRAM_BAD_LAYER;
  }
  int64_t in_elements = 1;
  int64_t out_elements = 1;
  for (int i = 0; i < MCUPROF_MOVE_RANK; ++i) {
    if (p->in[i] < 1 || p->before[i] < 0 || (int64_t)p->before[i] + p->in[i] > p->out[i]) {
      return MCUPROF_PROGRAM_BAD_PARAMETERS;
    }
    in_elements *= p->in[i];
    out_elements *= p->out[i];
    if (out_elements > mcuprof_elements(out)) return MCUPROF_PROGRAM_BAD_PARAMETERS;
  }
  return in_elements == mcuprof_elements(in) && out_elements == mcuprof_elements(out)
             ? MCUPROF_PROGRAM_OK
             : MCUPROF_PROGRAM_BAD_PARAMETERS;
}

void mcuprof_run_pad(const struct mcuprof_call* c) {
  mcuprof_move_pad(mcuprof_parameters(c), mcuprof_in_data(c, 0), mcuprof_out_data(c, 0));
}

int32_t mcuprof_check_concatenation(const struct mcuprof_call* c) {
  const uint32_t inputs = c->layer->input_count;
  if (inputs < 1 ||
      !mcuprof_has_form(c, inputs, inputs, 1, sizeof(struct mcuprof_concatenation_layer))) {
    return MCUPROF_PROGRAM_BAD_LAYER;
  }
  const struct mcuprof_concatenation_layer* p = mcuprof_parameters(c);
  if (p->rows < 1) return MCUPROF_PROGRAM_BAD_PARAMETERS;
  uint64_t sum = 0;
  for (uint32_t i = 0; i < inputs; ++i) {
    if (mcuprof_in(c, i)->bytes % (uint32_t)p->rows != 0) return MCUPROF_PROGRAM_BAD_PARAMETERS;
    sum += mcuprof_in(c, i)->bytes;
  }
  return sum == mcuprof_out(c, 0)->bytes ? MCUPROF_PROGRAM_OK : MCUPROF_PROGRAM_BAD_LAYER;
}

void mcuprof_run_concatenation(const struct mcuprof_call* c) {
  const struct mcuprof_concatenation_layer* p = mcuprof_parameters(c);
  const int32_t out_bytes = (int32_t)mcuprof_out(c, 0)->bytes / p->rows;
  uint8_t* out = mcuprof_out_data(c, 0);
  for (uint32_t i = 0; i < c->layer->input_count; ++i) {
    const int32_t row_bytes = (int32_t)mcuprof_in(c, i)->bytes / p->rows;
    mcuprof_move_rows(mcuprof_in_data(c, i), out, p->rows, row_bytes, out_bytes);
    out += row_bytes;
  }
}

static int32_t check_view(const struct mcuprof_call* c) {
  if (!mcuprof_has_form(c, 1, 1, 1, sizeof(struct mcuprof_view))) return MCUPROF_PROGRAM_BAD_LAYER;
  const struct mcuprof_view* p = mcuprof_parameters(c);
  const struct mcuprof_tensor* in = mcuprof_in(c, 0);
  const struct mcuprof_tensor* out = mcuprof_out(c, 0);
  if (in->type != out->type || p->element_bytes != (int32_t)mcuprof_type_bytes(in->type)) {
    return MCUPROF_PROGRAM_BAD_LAYER;
  }
  const int64_t elements = mcuprof_elements(in);
  int64_t product = 1;
  int64_t lowest = p->start;
  int64_t highest = p->start;
  for (int i = 0; i < MCUPROF_MOVE_RANK; ++i) {
    if (p->extent[i] < 1) return MCUPROF_PROGRAM_BAD_PARAMETERS;
    product *= p->extent[i];
    if (product > mcuprof_elements(out)) return MCUPROF_PROGRAM_BAD_PARAMETERS;
    const int64_t span = (int64_t)(p->extent[i] - 1) * p->stride[i];
    if (span < 0) lowest += span;
    if (span > 0) highest += span;
    if (lowest < 0 || highest >= elements) return MCUPROF_PROGRAM_BAD_PARAMETERS;
  }
  return product == mcuprof_elements(out) ? MCUPROF_PROGRAM_OK : MCUPROF_PROGRAM_BAD_LAYER;
}

int32_t mcuprof_check_strided_slice(const struct mcuprof_call* c) {
  return check_view(c);
}

int32_t mcuprof_check_transpose(const struct mcuprof_call* c) {
  return check_view(c);
}

void mcuprof_run_strided_slice(const struct mcuprof_call* c) {
  mcuprof_move_view(mcuprof_parameters(c), mcuprof_in_data(c, 0), mcuprof_out_data(c, 0));
}

void mcuprof_run_transpose(const struct mcuprof_call* c) {
  mcuprof_move_view(mcuprof_parameters(c), mcuprof_in_data(c, 0), mcuprof_out_data(c, 0));
}
