/* Loops with the SIMD instructions of the Arm DSP extension. */
#include <arm_acle.h>
#include <stdint.h>

int32_t dot_q15_pairs(const int32_t* a, const int32_t* b, int n) {
  int32_t sum = 0;
  for (int i = 0; i < n; i++) sum = __smlad(a[i], b[i], sum);
  return sum;
}

int64_t dot_q15_long(const int32_t* a, const int32_t* b, int n) {
  int64_t sum = 0;
  for (int i = 0; i < n; i++) sum = __smlald(a[i], b[i], sum);
  return sum;
}

float dot_f32(const float* a, const float* b, int n) {
  float sum = 0;
  for (int i = 0; i < n; i++) sum += a[i] * b[i];
  return sum;
}
