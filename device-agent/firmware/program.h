/// The layer program: a model as the host hands it to the agent, and how one layer of it is run.
///
/// A program is one block of bytes, little-endian, read in place from wherever it was put (flash or
/// RAM) at an address that is a multiple of 16. It holds no addresses, only offsets from its own
/// start, so it works at any such place. It takes no RAM besides the arena.
///
///     header | constants and parameter blocks | tensors | layers | list | names
///
/// Constants and parameter blocks begin at multiples of 16. docs/kernels-of-the-agent.md says what
/// each kind of layer expects.
#ifndef MCUPROF_FIRMWARE_PROGRAM_H
#define MCUPROF_FIRMWARE_PROGRAM_H

#include <stdint.h>

#include "device-agent/firmware/checksum.h"

#ifdef __cplusplus
extern "C" {
#endif

#define MCUPROF_PROGRAM_MAGIC 0x4752504Du /* "MPRG" */
#define MCUPROF_PROGRAM_VERSION 1u
#define MCUPROF_PROGRAM_ALIGNMENT 16u
#define MCUPROF_ARENA_ALIGNMENT 16u
#define MCUPROF_NO_TENSOR 0xFFFFu
#define MCUPROF_MAX_RANK 6u

/// 96 bytes.
struct mcuprof_program_header {
  uint32_t magic;
  uint16_t version;
  uint16_t header_bytes;  ///< sizeof(struct mcuprof_program_header)
  uint32_t bytes;         ///< of the whole program, a multiple of 16
  uint32_t crc32;         ///< IEEE 802.3, of all bytes behind this field
  uint32_t library;       ///< enum mcuprof_library that scratch was planned for
  uint32_t arena_bytes;   ///< that the program needs
  uint32_t tensors;       ///< offset of the tensor table
  uint32_t tensor_count;
  uint32_t layers;  ///< offset of the layer table
  uint32_t layer_count;
  uint32_t list;  ///< offset of the list of tensor numbers (uint16_t)
  uint32_t list_count;
  uint32_t names;  ///< offset of the names, zero-terminated UTF-8
  uint32_t names_bytes;
  uint32_t inputs;  ///< the model's inputs: first position in the list, in subgraph 0's order
  uint32_t input_count;
  uint32_t outputs;
  uint32_t output_count;
  uint8_t model_sha256[16];  ///< first half of the model file's SHA-256; zeros when not known
  uint32_t reserved[2];
};

enum mcuprof_space {
  MCUPROF_SPACE_ARENA = 0,    ///< offset from the start of the arena
  MCUPROF_SPACE_PROGRAM = 1,  ///< offset from the start of the program; read only
};

/// The schema's TensorType numbers.
enum mcuprof_type {
  MCUPROF_F32 = 0,
  MCUPROF_S32 = 2,
  MCUPROF_U8 = 3,
  MCUPROF_S64 = 4,
  MCUPROF_BOOL = 6,
  MCUPROF_S16 = 7,
  MCUPROF_S8 = 9,
  MCUPROF_U64 = 12,
  MCUPROF_U32 = 15,
  MCUPROF_U16 = 16,
};

enum mcuprof_tensor_flag {
  MCUPROF_TENSOR_STATE = 1,  ///< lives from one inference to the next; see mcuprof_program_reset
};

/// 48 bytes. bytes = product of dims times the type's size; offset is a multiple of 16.
struct mcuprof_tensor {
  uint32_t offset;
  uint32_t bytes;
  uint8_t space;  ///< enum mcuprof_space
  uint8_t type;   ///< enum mcuprof_type
  uint8_t rank;   ///< 0..MCUPROF_MAX_RANK
  uint8_t flags;
  int32_t zero_point;              ///< 0 where not quantised
  int32_t dims[MCUPROF_MAX_RANK];  ///< 1 behind the rank
  uint32_t name;                   ///< offset within the names
  uint32_t id;                     ///< the tensor's index in subgraph 0 of the file
};

/// 48 bytes. Inputs are in the file's order; MCUPROF_NO_TENSOR where an optional one is left out.
struct mcuprof_layer {
  uint16_t kind;  ///< enum mcuprof_kind
  uint8_t input_count;
  uint8_t output_count;
  uint32_t inputs;   ///< first position in the list
  uint32_t outputs;  ///< first position in the list
  uint32_t parameters;
  uint32_t parameter_bytes;
  uint32_t scratch;  ///< offset in the arena, a multiple of 16
  uint32_t scratch_bytes;
  uint32_t op;             ///< index of the operator in subgraph 0 of the file
  uint32_t operator_name;  ///< offset within the names: "CONV_2D"
  uint32_t name;           ///< offset within the names: what people call the layer
  uint32_t reason;  ///< of MCUPROF_KIND_NOT_SUPPORTED: offset within the names of why; else 0
  uint32_t reserved;
};

enum mcuprof_kind {
#define MCUPROF_KIND(NAME, name, code) MCUPROF_KIND_##NAME = (code),
#include "device-agent/firmware/kinds.def"
#undef MCUPROF_KIND
  MCUPROF_KIND_COUNT
};

enum mcuprof_program_status {
  MCUPROF_PROGRAM_OK = 0,
  MCUPROF_PROGRAM_NOT_SUPPORTED =
      1,  ///< the layer's kind is not in this agent; outputs are zeros now
  MCUPROF_PROGRAM_BAD_MAGIC = 2,
  MCUPROF_PROGRAM_BAD_VERSION = 3,
  MCUPROF_PROGRAM_BAD_SIZE = 4,
  MCUPROF_PROGRAM_BAD_CRC = 5,
  MCUPROF_PROGRAM_BAD_LIBRARY = 6,  ///< planned for another kernel library than the linked one
  MCUPROF_PROGRAM_ARENA_TOO_SMALL = 7,
  MCUPROF_PROGRAM_BAD_ALIGNMENT = 8,
  MCUPROF_PROGRAM_BAD_TABLE = 9,
  MCUPROF_PROGRAM_BAD_TENSOR = 10,
  MCUPROF_PROGRAM_BAD_LAYER = 11,
  MCUPROF_PROGRAM_BAD_PARAMETERS = 12,
  MCUPROF_PROGRAM_BAD_SCRATCH = 13,
};

/// Where a check failed. `index` is the tensor's or layer's number for statuses that are about one.
struct mcuprof_problem {
  int32_t status;  ///< enum mcuprof_program_status
  uint32_t index;
};

struct mcuprof_program {
  const uint8_t* base;  ///< start of the program
  const struct mcuprof_program_header* header;
  const struct mcuprof_tensor* tensors;
  const struct mcuprof_layer* layers;
  const uint16_t* list;
  const char* names;
};

/// Proves that no layer of the program can read or write outside of `bytes` bytes at `base` and
/// `arena_bytes` bytes of arena, whatever the bytes are, and that no kernel divides by zero or
/// loops without end. *program is usable when the result is MCUPROF_PROGRAM_OK. The program is for
/// the linked kernel library. Takes time in proportion to `bytes`.
struct mcuprof_problem mcuprof_program_check(struct mcuprof_program* program, const void* base,
                                             uint32_t bytes, uint32_t arena_bytes);

/// The same for another library's programs; any library may run them that wants no more scratch.
struct mcuprof_problem mcuprof_program_check_for(struct mcuprof_program* program, const void* base,
                                                 uint32_t bytes, uint32_t arena_bytes,
                                                 uint32_t library);

/// One layer's part of the check, for programs whose status above is of a layer: the tables have
/// passed. `layer` is below layer_count.
int32_t mcuprof_layer_check(const struct mcuprof_program* program, uint32_t layer);

/// Sets state tensors as at the start of the device: every byte 0, and the zero point's byte in
/// int8 state.
void mcuprof_program_reset(const struct mcuprof_program* program, uint8_t* arena);

/// Runs one layer, whose outputs lie in the arena. `program` has passed the check with this arena's
/// size, layer is below layer_count and arena is a multiple of 16. Returns MCUPROF_PROGRAM_OK or
/// MCUPROF_PROGRAM_NOT_SUPPORTED, where the outputs are filled with zeros.
int32_t mcuprof_layer_run(const struct mcuprof_program* program, uint32_t layer, uint8_t* arena);

static inline const struct mcuprof_tensor* mcuprof_layer_input(
    const struct mcuprof_program* program, const struct mcuprof_layer* layer, uint32_t i) {
  if (i >= layer->input_count) return 0;
  const uint16_t number = program->list[layer->inputs + i];
  return number == MCUPROF_NO_TENSOR ? 0 : &program->tensors[number];
}

static inline const struct mcuprof_tensor* mcuprof_layer_output(
    const struct mcuprof_program* program, const struct mcuprof_layer* layer, uint32_t i) {
  return &program->tensors[program->list[layer->outputs + i]];
}

static inline const void* mcuprof_tensor_data(const struct mcuprof_program* program,
                                              const struct mcuprof_tensor* tensor,
                                              const uint8_t* arena) {
  return (tensor->space == MCUPROF_SPACE_PROGRAM ? program->base : arena) + tensor->offset;
}

/// "CONV_S8"; "?" for a number that is no kind.
const char* mcuprof_kind_name(uint32_t kind);

/// Input fill, the same on every side (docs/kernels-of-the-agent.md). The hash of an output is
/// mcuprof_fnv1a of checksum.h.

/// One step of the xorshift generator; state 1 before the first byte of the first input.
static inline uint32_t mcuprof_xorshift(uint32_t x) {
  x ^= x << 13;
  x ^= x >> 17;
  x ^= x << 5;
  return x;
}

/// Fills one model input and returns the generator's state for the next: a byte a step (x & 0xff),
/// for float32 an element a step, ((int)(x & 0xff) - 128) / 128.
uint32_t mcuprof_fill_xorshift(const struct mcuprof_tensor* tensor, uint8_t* arena, uint32_t x);

#ifdef __cplusplus
}
#endif

#endif
