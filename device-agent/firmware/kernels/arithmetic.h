/// Element-wise kernels that no library replaces. Runs and steps as in kernels.h.
#ifndef MCUPROF_FIRMWARE_KERNELS_ARITHMETIC_H
#define MCUPROF_FIRMWARE_KERNELS_ARITHMETIC_H

#include <stdint.h>

#include "device-agent/firmware/kernels/kernels.h"

#ifdef __cplusplus
extern "C" {
#endif

void mcuprof_sub_s8(const struct mcuprof_add* p, const int8_t* a, int32_t a_step, const int8_t* b,
                    int32_t b_step, int8_t* out, int32_t n);
void mcuprof_sub_s16(const struct mcuprof_add* p, const int16_t* a, int32_t a_step,
                     const int16_t* b, int32_t b_step, int16_t* out, int32_t n);

enum mcuprof_operation {
  MCUPROF_OPERATION_ADD = 0,
  MCUPROF_OPERATION_SUB = 1,
  MCUPROF_OPERATION_MUL = 2,
  MCUPROF_OPERATION_DIV = 3,  ///< towards zero; 0 where the divisor is 0
  MCUPROF_OPERATION_MIN = 4,
  MCUPROF_OPERATION_MAX = 5,
};

/// Plain 32-bit integers; what leaves 32 bits wraps, then the result is clamped.
struct mcuprof_plain {
  int32_t operation;  ///< enum mcuprof_operation
  int32_t act_min, act_max;
};

void mcuprof_arithmetic_s32(const struct mcuprof_plain* p, const int32_t* a, int32_t a_step,
                            const int32_t* b, int32_t b_step, int32_t* out, int32_t n);

/// Softmax of int16 by two tables of 513 values each, interpolated: e^x for x in -10..0 and
/// 1 / (1 + x) for x in 0..1, both with 15 fractional bits. mult and shift scale differences to
/// 1/65535 of that range; diff_min is not used.
void mcuprof_softmax_s16(const struct mcuprof_softmax* p, const int16_t* exponential,
                         const int16_t* reciprocal, const int16_t* in, int16_t* out);

#ifdef __cplusplus
}
#endif

#endif
