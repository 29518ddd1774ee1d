/* Vector loops of Armv8.1-M. */
#include <arm_mve.h>
#include <stdint.h>

int32_t dot_mve_s8(const int8_t* a, const int8_t* b, int n) {
  int32_t sum = 0;
  for (int i = 0; i < n / 16; i++) {
    sum = vmladavaq_s8(sum, vldrbq_s8(a), vldrbq_s8(b));
    a += 16;
    b += 16;
  }
  return sum;
}

int32_t dot_mve_s16(const int16_t* a, const int16_t* b, int n) {
  int32_t sum = 0;
  for (int i = 0; i < n / 8; i++) {
    sum = vmladavaq_s16(sum, vldrhq_s16(a), vldrhq_s16(b));
    a += 8;
    b += 8;
  }
  return sum;
}

int32_t dot_mve_tail(const int8_t* a, const int8_t* b, int n) {
  int32_t sum = 0;
  while (n > 0) {
    mve_pred16_t p = vctp8q((uint32_t)n);
    sum = vmladavaq_p_s8(sum, vldrbq_z_s8(a, p), vldrbq_z_s8(b, p), p);
    a += 16;
    b += 16;
    n -= 16;
  }
  return sum;
}
