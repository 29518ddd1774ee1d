#include "device-agent/firmware/kernels/dsp/products.h"

#define NAKED __attribute__((naked, noinline))

// All loops over K do eight values a turn and enter in the middle for an odd group of four: r0 is
// the turns, rounded up, and the carry has the odd group. K is in r2.
#define TURNS           \
  "lsrs r0, r2, #3\n\t" \
  "adc r0, r0, #0\n\t"  \
  "bcs 2f\n\t"          \
  "cmp r0, #0\n\t"      \
  "beq 3f\n"            \
  "1:\n\t"
#define MIDDLE "2:\n\t"
#define AGAIN           \
  "subs r0, r0, #1\n\t" \
  "bne 1b\n"            \
  "3:\n\t"

// Then come the last K % 4 values, if any: r0 is how many. Where K is at least 4 they are the upper
// bytes of the row's last word, brought down by a shift of r0 bits; else they are read one by one.
// Nothing outside the rows is read.
#define REST            \
  "ands r0, r2, #3\n\t" \
  "beq 9f\n\t"          \
  "cmp r2, #4\n\t"      \
  "blt 5f\n\t"
#define BITS           \
  "rsb r0, r0, #4\n\t" \
  "lsls r0, r0, #3\n\t"

// Unpacks the word in `even`.
#define UNPACK(even, odd) \
  "sxtb16 " odd ", " even \
  ", ror #8\n\t"          \
  "sxtb16 " even ", " even "\n\t"

// Two rows: r8, r9 and r10, r11. Short rows lie side by side, so that two have 2, 4 or 6 bytes.
#define LOAD_TWO_ROWS     \
  "ldr r10, [r1, r2]\n\t" \
  "ldr r8, [r1], #4\n\t"
#define UNPACK_TWO_ROWS UNPACK("r8", "r9") UNPACK("r10", "r11")
#define REST_OF_TWO_ROWS             \
  REST "add r1, r1, r0\n\t"          \
       "subs r1, r1, #4\n\t"         \
       "ldr r10, [r1, r2]\n\t"       \
       "ldr r8, [r1]\n\t" BITS       \
       "lsrs r10, r10, r0\n\t"       \
       "lsrs r8, r8, r0\n\t"         \
       "b 8f\n"                      \
       "5:\n\t"                      \
       "cmp r2, #2\n\t"              \
       "bgt 6f\n\t"                  \
       "beq 7f\n\t"                  \
       "ldrb r8, [r1]\n\t"           \
       "ldrb r10, [r1, #1]\n\t"      \
       "b 8f\n"                      \
       "6:\n\t"                      \
       "ldr r8, [r1]\n\t"            \
       "ldr r10, [r1, #2]\n\t"       \
       "bic r8, r8, #0xff000000\n\t" \
       "lsrs r10, r10, #8\n\t"       \
       "b 8f\n"                      \
       "7:\n\t"                      \
       "ldrh r8, [r1]\n\t"           \
       "ldrh r10, [r1, #2]\n"        \
       "8:\n\t"

// One row: r8, r9.
#define REST_OF_ONE_ROW             \
  REST "add r1, r1, r0\n\t"         \
       "ldr r8, [r1, #-4]\n\t" BITS \
       "lsrs r8, r8, r0\n\t"        \
       "b 8f\n"                     \
       "5:\n\t"                     \
       "ldrb r8, [r1]\n\t"          \
       "subs r0, r0, #1\n\t"        \
       "beq 8f\n\t"                 \
       "ldrb r9, [r1, #1]\n\t"      \
       "orr r8, r8, r9, lsl #8\n\t" \
       "subs r0, r0, #1\n\t"        \
       "beq 8f\n\t"                 \
       "ldrb r9, [r1, #2]\n\t"      \
       "orr r8, r8, r9, lsl #16\n"  \
       "8:\n\t"

#define TWO_ROWS_WITH(first, second)    \
  "ldrd r12, lr, [r3], #8\n\t"          \
  "smlad " second ", r12, r10, " second \
  "\n\t"                                \
  "smlad " first ", r12, r8, " first    \
  "\n\t"                                \
  "smlad " second ", lr, r11, " second  \
  "\n\t"                                \
  "smlad " first ", lr, r9, " first "\n\t"

NAKED void mcuprof_dsp_two_by_two(__attribute__((unused)) int32_t sum[4],
                                  __attribute__((unused)) const int8_t* w,
                                  __attribute__((unused)) int32_t length,
                                  __attribute__((unused)) const uint32_t* pair) {
#define GROUP LOAD_TWO_ROWS UNPACK_TWO_ROWS TWO_ROWS_WITH("r4", "r6") TWO_ROWS_WITH("r5", "r7")
  __asm__ volatile(
      "push {r0, r4-r11, lr}\n\t"
      "ldm r0, {r4-r7}\n\t"
      TURNS GROUP MIDDLE GROUP AGAIN
      REST_OF_TWO_ROWS UNPACK_TWO_ROWS TWO_ROWS_WITH("r4", "r6") TWO_ROWS_WITH("r5", "r7")
      "9:\n\t"
      "pop {r0}\n\t"
      "stm r0, {r4-r7}\n\t"
      "pop {r4-r11, pc}");
#undef GROUP
}

NAKED void mcuprof_dsp_two_by_one(__attribute__((unused)) int32_t sum[2],
                                  __attribute__((unused)) const int8_t* w,
                                  __attribute__((unused)) int32_t length,
                                  __attribute__((unused)) const uint32_t* pair) {
#define GROUP LOAD_TWO_ROWS UNPACK_TWO_ROWS TWO_ROWS_WITH("r4", "r5") "adds r3, r3, #8\n\t"
  __asm__ volatile(
      "push {r0, r4-r11, lr}\n\t"
      "ldm r0, {r4, r5}\n\t"
      TURNS GROUP MIDDLE GROUP AGAIN
      REST_OF_TWO_ROWS UNPACK_TWO_ROWS TWO_ROWS_WITH("r4", "r5")
      "9:\n\t"
      "pop {r0}\n\t"
      "stm r0, {r4, r5}\n\t"
      "pop {r4-r11, pc}");
#undef GROUP
}

#define ONE_ROW_WITH(sum)       \
  "ldrd r6, r7, [r3], #8\n\t"   \
  "smlad " sum ", r6, r8, " sum \
  "\n\t"                        \
  "smlad " sum ", r7, r9, " sum "\n\t"

NAKED void mcuprof_dsp_one_by_two(__attribute__((unused)) int32_t sum[2],
                                  __attribute__((unused)) const int8_t* w,
                                  __attribute__((unused)) int32_t length,
                                  __attribute__((unused)) const uint32_t* pair) {
#define GROUP "ldr r8, [r1], #4\n\t" UNPACK("r8", "r9") ONE_ROW_WITH("r4") ONE_ROW_WITH("r5")
  __asm__ volatile(
      "push {r0, r4-r9, lr}\n\t"
      "ldm r0, {r4, r5}\n\t"
      TURNS GROUP MIDDLE GROUP AGAIN
      REST_OF_ONE_ROW UNPACK("r8", "r9") ONE_ROW_WITH("r4") ONE_ROW_WITH("r5")
      "9:\n\t"
      "pop {r0}\n\t"
      "stm r0, {r4, r5}\n\t"
      "pop {r4-r9, pc}");
#undef GROUP
}

NAKED void mcuprof_dsp_one_by_one(__attribute__((unused)) int32_t sum[1],
                                  __attribute__((unused)) const int8_t* w,
                                  __attribute__((unused)) int32_t length,
                                  __attribute__((unused)) const uint32_t* pair) {
#define GROUP "ldr r8, [r1], #4\n\t" UNPACK("r8", "r9") ONE_ROW_WITH("r4") "adds r3, r3, #8\n\t"
  __asm__ volatile(
      "push {r0, r4, r6-r9}\n\t"
      "ldr r4, [r0]\n\t"
      TURNS GROUP MIDDLE GROUP AGAIN
      REST_OF_ONE_ROW UNPACK("r8", "r9") ONE_ROW_WITH("r4")
      "9:\n\t"
      "pop {r0}\n\t"
      "str r4, [r0]\n\t"
      "pop {r4, r6-r9}\n\t"
      "bx lr");
#undef GROUP
}

#define ROW_WITH_INPUT(sum)      \
  UNPACK("r8", "r9")             \
  "smlad " sum ", r10, r8, " sum \
  "\n\t"                         \
  "smlad " sum ", r11, r9, " sum "\n\t"

// r12 is the offset, lr three rows; inputs are unpacked to r10 and r11.
NAKED void mcuprof_dsp_four_rows(__attribute__((unused)) int32_t sum[4],
                                 __attribute__((unused)) const int8_t* w,
                                 __attribute__((unused)) int32_t length,
                                 __attribute__((unused)) const int8_t* in,
                                 __attribute__((unused)) uint32_t offset) {
#define GROUP \
  "ldr r10, [r3], #4\n\t"                                                                         \
  "ldr r8, [r1, lr]\n\t"                                                                          \
  "sxtab16 r11, r12, r10, ror #8\n\t"                                                             \
  "sxtab16 r10, r12, r10\n\t" ROW_WITH_INPUT("r7") "ldr r8, [r1, r2, lsl #1]\n\t" ROW_WITH_INPUT( \
      "r6") "ldr r8, [r1, r2]\n\t" ROW_WITH_INPUT("r5") "ldr r8, [r1], #4\n\t" ROW_WITH_INPUT("r" \
                                                                                              "4")
// The input's last bytes meet weights of 0 where they are none of the row.
#define LAST_INPUT                    \
  "sxtab16 r11, r12, r10, ror #8\n\t" \
  "sxtab16 r10, r12, r10\n\t"
#define SHIFTED(address) \
  "ldr r8, " address     \
  "\n\t"                 \
  "lsrs r8, r8, r0\n\t"
  __asm__ volatile(
      "push {r0, r4-r11, lr}\n\t"
      "ldr r12, [sp, #40]\n\t"
      "add lr, r2, r2, lsl #1\n\t"
      "ldm r0, {r4-r7}\n\t"
      TURNS GROUP MIDDLE GROUP AGAIN
      REST
      "add r1, r1, r0\n\t"
      "subs r1, r1, #4\n\t"
      "add r3, r3, r0\n\t"
      "ldr r10, [r3, #-4]\n\t" BITS
      "lsrs r10, r10, r0\n\t" LAST_INPUT
      SHIFTED("[r1, lr]") ROW_WITH_INPUT("r7")
      SHIFTED("[r1, r2, lsl #1]") ROW_WITH_INPUT("r6")
      SHIFTED("[r1, r2]") ROW_WITH_INPUT("r5")
      SHIFTED("[r1]") ROW_WITH_INPUT("r4")
      "b 9f\n"
      // Four rows of one to three bytes: byte by byte, r0 how many are left.
      "5:\n\t"
      "ldrsb r10, [r3], #1\n\t"
      "sxtah r10, r10, r12\n\t"
      "ldrsb r8, [r1, lr]\n\t"
      "mla r7, r10, r8, r7\n\t"
      "ldrsb r8, [r1, r2, lsl #1]\n\t"
      "mla r6, r10, r8, r6\n\t"
      "ldrsb r8, [r1, r2]\n\t"
      "mla r5, r10, r8, r5\n\t"
      "ldrsb r8, [r1], #1\n\t"
      "mla r4, r10, r8, r4\n\t"
      "subs r0, r0, #1\n\t"
      "bne 5b\n"
      "9:\n\t"
      "pop {r0}\n\t"
      "stm r0, {r4-r7}\n\t"
      "pop {r4-r11, pc}");
#undef GROUP
#undef SHIFTED
}

NAKED void mcuprof_dsp_one_row(__attribute__((unused)) int32_t sum[1],
                               __attribute__((unused)) const int8_t* w,
                               __attribute__((unused)) int32_t length,
                               __attribute__((unused)) const int8_t* in,
                               __attribute__((unused)) uint32_t offset) {
#define GROUP                         \
  "ldr r10, [r3], #4\n\t"             \
  "ldr r8, [r1], #4\n\t"              \
  "sxtab16 r11, r12, r10, ror #8\n\t" \
  "sxtab16 r10, r12, r10\n\t" ROW_WITH_INPUT("r4")
  __asm__ volatile(
      "push {r0, r4, r8-r11}\n\t"
      "ldr r12, [sp, #24]\n\t"
      "ldr r4, [r0]\n\t"
      TURNS GROUP MIDDLE GROUP AGAIN
      REST
      "add r1, r1, r0\n\t"
      "add r3, r3, r0\n\t"
      "ldr r8, [r1, #-4]\n\t"
      "ldr r10, [r3, #-4]\n\t" BITS
      "lsrs r8, r8, r0\n\t"
      "lsrs r10, r10, r0\n\t" LAST_INPUT ROW_WITH_INPUT("r4")
      "b 9f\n"
      "5:\n\t"
      "ldrsb r10, [r3], #1\n\t"
      "ldrsb r8, [r1], #1\n\t"
      "add r10, r10, r12\n\t"
      "smlabb r4, r10, r8, r4\n\t"
      "subs r0, r0, #1\n\t"
      "bne 5b\n"
      "9:\n\t"
      "pop {r0}\n\t"
      "str r4, [r0]\n\t"
      "pop {r4, r8-r11}\n\t"
      "bx lr");
#undef GROUP
#undef LAST_INPUT
}

// Four channels: inputs in r10, weights in r11, the offset in r12.
#define FOUR_PRODUCTS                 \
  "sxtab16 lr, r12, r10\n\t"          \
  "sxtb16 r9, r11\n\t"                \
  "sxtab16 r10, r12, r10, ror #8\n\t" \
  "sxtb16 r11, r11, ror #8\n\t"       \
  "smlabb r4, lr, r9, r4\n\t"         \
  "smlatt r6, lr, r9, r6\n\t"         \
  "smlabb r5, r10, r11, r5\n\t"       \
  "smlatt r7, r10, r11, r7\n\t"

#define TAP(at)     \
  "ldr r10, [r2" at \
  "]\n\t"           \
  "ldr r11, [r3" at "]\n\t" FOUR_PRODUCTS

NAKED void mcuprof_dsp_four_channels_by_threes(__attribute__((unused)) int32_t sum[4],
                                               __attribute__((unused))
                                               const struct mcuprof_dsp_patch* patch,
                                               __attribute__((unused)) const int8_t* in,
                                               __attribute__((unused)) const int8_t* w) {
  __asm__ volatile(
      "push {r0, r4-r11, lr}\n\t"
      "ldm r0, {r4-r7}\n\t"
      "ldr r0, [r1]\n\t"
      "ldr r8, [r1, #8]\n\t"
      "ldr r12, [r1, #24]\n"
      "1:\n\t" TAP("") TAP(", r8") TAP(", r8, lsl #1")
      "ldrd r10, r11, [r1, #16]\n\t"
      "add r2, r2, r10\n\t"
      "add r3, r3, r11\n\t"
      "subs r0, r0, #1\n\t"
      "bne 1b\n\t"
      "pop {r0}\n\t"
      "stm r0, {r4-r7}\n\t"
      "pop {r4-r11, pc}");
}

// The rows that are left wait on the stack, above the address of the patch; r0 counts taps.
#define ROWS(tap)                \
  "push {r0, r4-r11, lr}\n\t"    \
  "ldm r0, {r4-r7}\n\t"          \
  "ldr r0, [r1]\n\t"             \
  "ldr r8, [r1, #8]\n\t"         \
  "ldr r12, [r1, #24]\n\t"       \
  "push {r0, r1}\n\t"            \
  "ldr r0, [r1, #4]\n\t"         \
  "ldr r1, [r1, #12]\n"          \
  "1:\n\t" tap                   \
  "add r2, r2, r8\n\t"           \
  "add r3, r3, r1\n\t"           \
  "subs r0, r0, #1\n\t"          \
  "bne 1b\n\t"                   \
  "ldrd r9, r11, [sp]\n\t"       \
  "subs r9, r9, #1\n\t"          \
  "beq 2f\n\t"                   \
  "str r9, [sp]\n\t"             \
  "ldrd r9, r10, [r11, #16]\n\t" \
  "add r2, r2, r9\n\t"           \
  "add r3, r3, r10\n\t"          \
  "ldr r0, [r11, #4]\n\t"        \
  "b 1b\n"                       \
  "2:\n\t"                       \
  "add sp, sp, #8\n\t"           \
  "pop {r0}\n\t"                 \
  "stm r0, {r4-r7}\n\t"          \
  "pop {r4-r11, pc}"

NAKED void mcuprof_dsp_four_channels(__attribute__((unused)) int32_t sum[4],
                                     __attribute__((unused)) const struct mcuprof_dsp_patch* patch,
                                     __attribute__((unused)) const int8_t* in,
                                     __attribute__((unused)) const int8_t* w) {
  __asm__ volatile(ROWS(TAP("")));
}

NAKED void mcuprof_dsp_one_channel_by_four(__attribute__((unused)) int32_t sum[4],
                                           __attribute__((unused))
                                           const struct mcuprof_dsp_patch* patch,
                                           __attribute__((unused)) const int8_t* in,
                                           __attribute__((unused)) const int8_t* w) {
  __asm__ volatile(
      ROWS("ldrsb r10, [r2]\n\t"
           "ldr r11, [r3]\n\t"
           "add r10, r12, r10\n\t"
           "sxtb16 r9, r11\n\t"
           "sxtb16 r11, r11, ror #8\n\t"
           "smlabb r4, r10, r9, r4\n\t"
           "smlabt r6, r10, r9, r6\n\t"
           "smlabb r5, r10, r11, r5\n\t"
           "smlabt r7, r10, r11, r7\n\t"));
}
