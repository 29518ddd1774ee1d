/* Small kernels whose loops the tests know. Built for several cores; no start-up code, nothing
 * runs. */
#include <stdint.h>

int32_t dot_s8(const int8_t* a, const int8_t* b, int n) {
  int32_t sum = 0;
  for (int i = 0; i < n; i++) sum += a[i] * b[i];
  return sum;
}

/* Two nested loops: the inner one does the work. */
int32_t rows_s8(const int8_t* a, const int8_t* b, int n, int rows) {
  int32_t sum = 0;
  for (int r = 0; r < rows; r++) {
    for (int i = 0; i < n; i++) sum += a[i] * b[i];
    if (sum > 1000) sum = 1000;
    b += n;
  }
  return sum;
}

/* Two ways through the body. */
int32_t clip(const int32_t* a, int n) {
  int32_t sum = 0;
  for (int i = 0; i < n; i++) {
    if (a[i] > 100) {
      sum += a[i] / 3;
      sum ^= a[i] >> 2;
      sum -= 7;
    }
    sum++;
  }
  return sum;
}

/* Enough cases for a jump table, and a loop behind it. */
int pick(int which, volatile int* port) {
  switch (which) {
    case 0:
      *port = 3;
      break;
    case 1:
      *port += 7;
      break;
    case 2:
      *port ^= 5;
      break;
    case 3:
      while (*port < 9) *port += 1;
      break;
    case 4:
      *port = -*port;
      break;
    case 5:
      *port <<= 3;
      break;
    case 6:
      *port |= 0x12345;
      break;
    default:
      return 0;
  }
  return *port;
}

void copy_words(uint32_t* to, const uint32_t* from, int n) {
  for (int i = 0; i < n; i++) to[i] = from[i] + 0x12345678u;
}

__attribute__((noinline)) int helper(int x) {
  return x * 7 + 1;
}

int calls(int n) {
  int sum = 0;
  for (int i = 0; i < n; i++) sum += helper(sum);
  return sum;
}

void _start(void) {
  static volatile int port;
  static int8_t a[4], b[4];
  static uint32_t words[4];
  port = dot_s8(a, b, 4) + rows_s8(a, b, 2, 2) + pick(port, &port) + calls(3) +
         clip((const int32_t*)words, 4);
  copy_words(words, words, 4);
  for (;;) {
  }
}
