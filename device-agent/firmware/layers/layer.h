/// What every kind of layer brings: a check of its descriptor and the call of its kernel.
#ifndef MCUPROF_FIRMWARE_LAYERS_LAYER_H
#define MCUPROF_FIRMWARE_LAYERS_LAYER_H

#include <stdbool.h>
#include <stdint.h>

#include "device-agent/firmware/parameters.h"
#include "device-agent/firmware/program.h"

/// One layer at hand. `arena` is null while a program is checked.
struct mcuprof_call {
  const struct mcuprof_program* program;
  const struct mcuprof_layer* layer;
  uint8_t* arena;
};

/// A check returns MCUPROF_PROGRAM_OK, _BAD_LAYER (tensors), _BAD_PARAMETERS or _BAD_SCRATCH. It
/// may rely on what the program's own check has proved of every layer: tensor numbers are valid or
/// left out; at least one output, none left out, all in the arena; parameters and scratch lie
/// inside.
#define MCUPROF_KIND(NAME, name, code)                        \
  int32_t mcuprof_check_##name(const struct mcuprof_call* c); \
  void mcuprof_run_##name(const struct mcuprof_call* c);
#include "device-agent/firmware/kinds.def"
#undef MCUPROF_KIND

static inline const struct mcuprof_tensor* mcuprof_in(const struct mcuprof_call* c, uint32_t i) {
  return mcuprof_layer_input(c->program, c->layer, i);
}

static inline const struct mcuprof_tensor* mcuprof_out(const struct mcuprof_call* c, uint32_t i) {
  return mcuprof_layer_output(c->program, c->layer, i);
}

/// Null where the input is left out.
static inline const void* mcuprof_in_data(const struct mcuprof_call* c, uint32_t i) {
  const struct mcuprof_tensor* t = mcuprof_in(c, i);
  return t ? mcuprof_tensor_data(c->program, t, c->arena) : 0;
}

/// State is an input that the layer writes; its check wants it in the arena.
static inline void* mcuprof_state_data(const struct mcuprof_call* c, uint32_t i) {
  return c->arena + mcuprof_in(c, i)->offset;
}

static inline void* mcuprof_out_data(const struct mcuprof_call* c, uint32_t i) {
  return c->arena + mcuprof_out(c, i)->offset;
}

static inline const void* mcuprof_parameters(const struct mcuprof_call* c) {
  return c->program->base + c->layer->parameters;
}

static inline const void* mcuprof_constant(const struct mcuprof_call* c, uint32_t offset) {
  return c->program->base + offset;
}

static inline void* mcuprof_scratch(const struct mcuprof_call* c) {
  return c->layer->scratch_bytes ? c->arena + c->layer->scratch : 0;
}

/// Bytes of one element; 0 for a number that is no type.
uint32_t mcuprof_type_bytes(uint32_t type);

static inline int32_t mcuprof_elements(const struct mcuprof_tensor* t) {
  return (int32_t)(t->bytes / mcuprof_type_bytes(t->type));
}

// For checks.

/// The layer has between `least` and `most` inputs, the first `least` not left out, `outputs`
/// outputs and `parameter_bytes` of parameters.
bool mcuprof_has_form(const struct mcuprof_call* c, uint32_t least, uint32_t most, uint32_t outputs,
                      uint32_t parameter_bytes);

bool mcuprof_is_type(const struct mcuprof_tensor* t, uint32_t type);

/// Type and the four innermost extents; what is further out is 1.
bool mcuprof_is_shape(const struct mcuprof_tensor* t, uint32_t type, int32_t d0, int32_t d1,
                      int32_t d2, int32_t d3);

/// A type and a number of elements, whatever the shape.
bool mcuprof_is_flat(const struct mcuprof_tensor* t, uint32_t type, int64_t elements);

/// `bytes` bytes at a multiple of 4 within the program.
bool mcuprof_is_constant(const struct mcuprof_call* c, uint32_t offset, int64_t bytes);

/// -31 <= shift <= 30.
static inline bool mcuprof_is_shift(int32_t shift) {
  return shift >= -31 && shift <= 30;
}

/// 0 <= shift <= 31.
static inline bool mcuprof_is_curve(const struct mcuprof_curve* p) {
  return p->shift >= 0 && p->shift <= 31;
}

/// `count` multipliers and shifts lie in the program and no shift is above `most`.
bool mcuprof_are_multipliers(const struct mcuprof_call* c, uint32_t mult, uint32_t shift,
                             int32_t count, int32_t most);

/// One axis of a window operator: nothing overflows, strides and extents are positive.
bool mcuprof_is_window(int32_t in, int32_t out, int32_t taps, int32_t stride, int32_t dilation,
                       int32_t pad);

/// The scratch that the layer has is at least `wanted`.
bool mcuprof_has_scratch(const struct mcuprof_call* c, int64_t wanted);

/// Operands of `elements1` and `elements2` elements are never left, and the output is filled.
bool mcuprof_is_broadcast(const struct mcuprof_broadcast* b, int64_t elements1, int64_t elements2,
                          int64_t out);

#endif
