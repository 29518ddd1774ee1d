#include "device-agent/firmware/layers/layer.h"

uint32_t mcuprof_type_bytes(uint32_t type) {
  switch (type) {
    case MCUPROF_U8:
    case MCUPROF_BOOL:
    case MCUPROF_S8:
      return 1;
    case MCUPROF_S16:
    case MCUPROF_U16:
      return 2;
    case MCUPROF_F32:
    case MCUPROF_S32:
    case MCUPROF_U32:
      return 4;
    case MCUPROF_S64:
    case MCUPROF_U64:
      return 8;
    default:
      return 0;
  }
}

bool mcuprof_has_form(const struct mcuprof_call* c, uint32_t least, uint32_t most, uint32_t outputs,
                      uint32_t parameter_bytes) {
  if (c->layer->input_count < least || c->layer->input_count > most) return false;
  if (c->layer->output_count != outputs) return false;
  for (uint32_t i = 0; i < least; ++i) {
    if (!mcuprof_in(c, i)) return false;
  }
  return c->layer->parameter_bytes == parameter_bytes;
}

bool mcuprof_is_type(const struct mcuprof_tensor* t, uint32_t type) {
  return t->type == type;
}

bool mcuprof_is_shape(const struct mcuprof_tensor* t, uint32_t type, int32_t d0, int32_t d1,
                      int32_t d2, int32_t d3) {
  const int32_t wanted[4] = {d0, d1, d2, d3};
  if (t->type != type || t->rank > 4) return false;
  for (int32_t i = 0; i < 4; ++i) {
    const int32_t from = i - (4 - t->rank);
    if ((from < 0 ? 1 : t->dims[from]) != wanted[i]) return false;
  }
  return true;
}

bool mcuprof_is_flat(const struct mcuprof_tensor* t, uint32_t type, int64_t elements) {
  return t->type == type && mcuprof_elements(t) == elements;
}

bool mcuprof_is_constant(const struct mcuprof_call* c, uint32_t offset, int64_t bytes) {
  return offset % 4 == 0 && bytes >= 0 && offset + bytes <= c->program->header->bytes;
}

bool mcuprof_are_multipliers(const struct mcuprof_call* c, uint32_t mult, uint32_t shift,
                             int32_t count, int32_t most) {
  if (!mcuprof_is_constant(c, mult, 4 * (int64_t)count)) return false;
  if (!mcuprof_is_constant(c, shift, 4 * (int64_t)count)) return false;
  const int32_t* shifts = mcuprof_constant(c, shift);
  for (int32_t i = 0; i < count; ++i) {
    if (shifts[i] < -31 || shifts[i] > most) return false;
  }
  return true;
}

bool mcuprof_is_window(int32_t in, int32_t out, int32_t taps, int32_t stride, int32_t dilation,
                       int32_t pad) {
  if (in < 1 || out < 1 || taps < 1 || stride < 1 || dilation < 1 || pad < 0) return false;
  const int64_t reach = (int64_t)(out - 1) * stride + (int64_t)(taps - 1) * dilation + pad;
  return reach <= INT32_MAX / 2;
}

bool mcuprof_has_scratch(const struct mcuprof_call* c, int64_t wanted) {
  return wanted >= 0 && c->layer->scratch_bytes >= wanted;
}

bool mcuprof_is_broadcast(const struct mcuprof_broadcast* b, int64_t elements1, int64_t elements2,
                          int64_t out) {
  int64_t product = 1;
  int64_t last1 = 0;
  int64_t last2 = 0;
  for (int i = 0; i < MCUPROF_MOVE_RANK; ++i) {
    if (b->extent[i] < 1 || b->extent[i] > out || b->stride1[i] < 0 || b->stride2[i] < 0) {
      return false;
    }
    product *= b->extent[i];
    if (product > out) return false;
    last1 += (int64_t)(b->extent[i] - 1) * b->stride1[i];
    last2 += (int64_t)(b->extent[i] - 1) * b->stride2[i];
    if (last1 >= elements1 || last2 >= elements2) return false;
  }
  const int inner = MCUPROF_MOVE_RANK - 1;
  return product == out && b->stride1[inner] <= 1 && b->stride2[inner] <= 1;
}
