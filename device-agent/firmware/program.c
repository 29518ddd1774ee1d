#include "device-agent/firmware/program.h"

#include <string.h>

#include "device-agent/firmware/kernels/kernels.h"
#include "device-agent/firmware/layers/layer.h"

/// Tensors are smaller than this, so that no sum of two positions leaves 31 bits.
#define MOST_TENSOR_BYTES 0x3FFFFFFFu

struct kind {
  const char* name;
  int32_t (*check)(const struct mcuprof_call* c);
  void (*run)(const struct mcuprof_call* c);
};

static const struct kind kKinds[MCUPROF_KIND_COUNT] = {
#define MCUPROF_KIND(NAME, name, code) [(code)] = {#NAME, mcuprof_check_##name, mcuprof_run_##name},
#include "device-agent/firmware/kinds.def"
#undef MCUPROF_KIND
};

int32_t mcuprof_check_not_supported(const struct mcuprof_call* c) {
  (void)c;
  return MCUPROF_PROGRAM_OK;
}

void mcuprof_run_not_supported(const struct mcuprof_call* c) {
  for (uint32_t i = 0; i < c->layer->output_count; ++i) {
    memset(mcuprof_out_data(c, i), 0, mcuprof_out(c, i)->bytes);
  }
}

const char* mcuprof_kind_name(uint32_t kind) {
  return kind < MCUPROF_KIND_COUNT ? kKinds[kind].name : "?";
}

static struct mcuprof_problem problem(int32_t status, uint32_t index) {
  return (struct mcuprof_problem){status, index};
}

// [offset, offset + bytes) lies in [0, limit) and begins at a multiple of `alignment`.
static bool lies_within(uint32_t offset, uint64_t bytes, uint32_t limit, uint32_t alignment) {
  return offset % alignment == 0 && offset <= limit && bytes <= limit - offset;
}

static bool are_tables(const struct mcuprof_program_header* h) {
  const uint32_t end = h->bytes;
  if (!lies_within(h->tensors, (uint64_t)h->tensor_count * sizeof(struct mcuprof_tensor), end, 4) ||
      !lies_within(h->layers, (uint64_t)h->layer_count * sizeof(struct mcuprof_layer), end, 4) ||
      !lies_within(h->list, (uint64_t)h->list_count * sizeof(uint16_t), end, 4) ||
      !lies_within(h->names, h->names_bytes, end, 1)) {
    return false;
  }
  return h->tensor_count < MCUPROF_NO_TENSOR && h->names_bytes > 0 &&
         lies_within(h->inputs, h->input_count, h->list_count, 1) &&
         lies_within(h->outputs, h->output_count, h->list_count, 1);
}

static bool is_tensor(const struct mcuprof_program* p, const struct mcuprof_tensor* t) {
  const uint32_t type_bytes = mcuprof_type_bytes(t->type);
  if (type_bytes == 0 || t->rank > MCUPROF_MAX_RANK || t->name >= p->header->names_bytes) {
    return false;
  }
  uint64_t bytes = type_bytes;
  for (uint32_t d = 0; d < MCUPROF_MAX_RANK; ++d) {
    if (t->dims[d] < 1 || (d >= t->rank && t->dims[d] != 1)) return false;
    bytes *= (uint32_t)t->dims[d];
    if (bytes > MOST_TENSOR_BYTES) return false;
  }
  if (bytes != t->bytes) return false;
  switch (t->space) {
    case MCUPROF_SPACE_ARENA:
      return lies_within(t->offset, bytes, p->header->arena_bytes, MCUPROF_ARENA_ALIGNMENT);
    case MCUPROF_SPACE_PROGRAM:
      return lies_within(t->offset, bytes, p->header->bytes, MCUPROF_PROGRAM_ALIGNMENT) &&
             !(t->flags & MCUPROF_TENSOR_STATE);
    default:
      return false;
  }
}

static bool is_list(const struct mcuprof_program* p, uint32_t first, uint32_t count, bool required,
                    bool written) {
  if (!lies_within(first, count, p->header->list_count, 1)) return false;
  for (uint32_t i = 0; i < count; ++i) {
    const uint16_t number = p->list[first + i];
    if (number == MCUPROF_NO_TENSOR && !required) continue;
    if (number >= p->header->tensor_count) return false;
    if (written && p->tensors[number].space != MCUPROF_SPACE_ARENA) return false;
  }
  return true;
}

int32_t mcuprof_layer_check(const struct mcuprof_program* p, uint32_t layer) {
  const struct mcuprof_layer* l = &p->layers[layer];
  const struct mcuprof_program_header* h = p->header;
  if (l->kind >= MCUPROF_KIND_COUNT ||
      (l->output_count < 1 && l->kind != MCUPROF_KIND_NOT_SUPPORTED) || l->name >= h->names_bytes ||
      l->operator_name >= h->names_bytes || l->reason >= h->names_bytes ||
      !is_list(p, l->inputs, l->input_count, false, false) ||
      !is_list(p, l->outputs, l->output_count, true, true)) {
    return MCUPROF_PROGRAM_BAD_LAYER;
  }
  if (!lies_within(l->parameters, l->parameter_bytes, h->bytes, MCUPROF_PROGRAM_ALIGNMENT)) {
    return MCUPROF_PROGRAM_BAD_PARAMETERS;
  }
  if (!lies_within(l->scratch, l->scratch_bytes, h->arena_bytes, MCUPROF_ARENA_ALIGNMENT)) {
    return MCUPROF_PROGRAM_BAD_SCRATCH;
  }
  const struct mcuprof_call call = {p, l, 0};
  return kKinds[l->kind].check(&call);
}

static int32_t check_header(const void* base, uint32_t bytes, uint32_t arena_bytes,
                            uint32_t library) {
  const struct mcuprof_program_header* h = base;
  if (!base || (uintptr_t)base % MCUPROF_PROGRAM_ALIGNMENT != 0) {
    return MCUPROF_PROGRAM_BAD_ALIGNMENT;
  }
  if (bytes < sizeof(*h)) return MCUPROF_PROGRAM_BAD_SIZE;
  if (h->magic != MCUPROF_PROGRAM_MAGIC) return MCUPROF_PROGRAM_BAD_MAGIC;
  if (h->version != MCUPROF_PROGRAM_VERSION || h->header_bytes != sizeof(*h)) {
    return MCUPROF_PROGRAM_BAD_VERSION;
  }
  if (h->bytes < sizeof(*h) || h->bytes > bytes || h->bytes % MCUPROF_PROGRAM_ALIGNMENT != 0) {
    return MCUPROF_PROGRAM_BAD_SIZE;
  }
  const uint8_t* behind = (const uint8_t*)&h->crc32 + sizeof(h->crc32);
  const uint32_t head = (uint32_t)(behind - (const uint8_t*)base);
  if (mcuprof_crc32(0, behind, h->bytes - head) != h->crc32) return MCUPROF_PROGRAM_BAD_CRC;
  if (h->library != library) return MCUPROF_PROGRAM_BAD_LIBRARY;
  if (h->arena_bytes > arena_bytes) return MCUPROF_PROGRAM_ARENA_TOO_SMALL;
  return are_tables(h) ? MCUPROF_PROGRAM_OK : MCUPROF_PROGRAM_BAD_TABLE;
}

// The header and the tables, of which no one may rely on anything before.
static struct mcuprof_problem check_tables(struct mcuprof_program* p, const void* base,
                                           uint32_t bytes, uint32_t arena_bytes, uint32_t library) {
  const int32_t status = check_header(base, bytes, arena_bytes, library);
  if (status != MCUPROF_PROGRAM_OK) return problem(status, 0);
  const struct mcuprof_program_header* h = base;
  const uint8_t* start = base;
  p->base = start;
  p->header = h;
  p->tensors = (const struct mcuprof_tensor*)(const void*)(start + h->tensors);
  p->layers = (const struct mcuprof_layer*)(const void*)(start + h->layers);
  p->list = (const uint16_t*)(const void*)(start + h->list);
  p->names = (const char*)start + h->names;
  if (p->names[h->names_bytes - 1] != 0) return problem(MCUPROF_PROGRAM_BAD_TABLE, 0);
  for (uint32_t i = 0; i < h->tensor_count; ++i) {
    if (!is_tensor(p, &p->tensors[i])) return problem(MCUPROF_PROGRAM_BAD_TENSOR, i);
  }
  if (!is_list(p, h->inputs, h->input_count, true, false) ||
      !is_list(p, h->outputs, h->output_count, true, false)) {
    return problem(MCUPROF_PROGRAM_BAD_TABLE, 0);
  }
  return problem(MCUPROF_PROGRAM_OK, 0);
}

struct mcuprof_problem mcuprof_program_check_for(struct mcuprof_program* program, const void* base,
                                                 uint32_t bytes, uint32_t arena_bytes,
                                                 uint32_t library) {
  const struct mcuprof_problem tables = check_tables(program, base, bytes, arena_bytes, library);
  if (tables.status != MCUPROF_PROGRAM_OK) return tables;
  for (uint32_t i = 0; i < program->header->layer_count; ++i) {
    const int32_t status = mcuprof_layer_check(program, i);
    if (status != MCUPROF_PROGRAM_OK) return problem(status, i);
  }
  return problem(MCUPROF_PROGRAM_OK, 0);
}

struct mcuprof_problem mcuprof_program_check(struct mcuprof_program* program, const void* base,
                                             uint32_t bytes, uint32_t arena_bytes) {
  return mcuprof_program_check_for(program, base, bytes, arena_bytes, mcuprof_linked_library);
}

void mcuprof_program_reset(const struct mcuprof_program* program, uint8_t* arena) {
  for (uint32_t i = 0; i < program->header->tensor_count; ++i) {
    const struct mcuprof_tensor* t = &program->tensors[i];
    if (!(t->flags & MCUPROF_TENSOR_STATE)) continue;
    memset(arena + t->offset, t->type == MCUPROF_S8 ? t->zero_point & 0xFF : 0, t->bytes);
  }
}

int32_t mcuprof_layer_run(const struct mcuprof_program* program, uint32_t layer, uint8_t* arena) {
  const struct mcuprof_call call = {program, &program->layers[layer], arena};
  kKinds[call.layer->kind].run(&call);
  return call.layer->kind == MCUPROF_KIND_NOT_SUPPORTED ? MCUPROF_PROGRAM_NOT_SUPPORTED
                                                        : MCUPROF_PROGRAM_OK;
}
