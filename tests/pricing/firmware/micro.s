@ Runs of instructions whose price a study found with llvm-mca 19; each function is one block.
  .syntax unified
  .thumb
  .text

  .macro block name
  .global \name
  .type \name, %function
  .thumb_func
\name:
  .endm

  block count_down
1: subs r0, r0, #1
  bne 1b
  .size count_down, . - count_down

  block four_loads
  ldr r0, [r1]
  adds r2, #1
  ldr r3, [r1, #4]
  adds r4, #1
  ldr r5, [r1, #8]
  adds r6, #1
  ldr r7, [r1, #12]
  adds r2, #1
  .size four_loads, . - four_loads

  block loads_without_flags
  ldr r0, [r8]
  add r1, r2, r3
  ldr r4, [r8]
  add r5, r2, r3
  ldr r6, [r8]
  add r7, r2, r3
  ldr r9, [r8]
  add r10, r2, r3
  .size loads_without_flags, . - loads_without_flags

  block predicated
  cmp r0, r1
  it eq
  moveq r2, r3
  .size predicated, . - predicated

  block pop_eight
  pop {r4-r11}
  .size pop_eight, . - pop_eight

  block load_double
  ldrd r0, r1, [r2]
  .size load_double, . - load_double

  block divide
  sdiv r0, r1, r2
  .size divide, . - divide

  block long_multiply
  smull r0, r1, r2, r3
  .size long_multiply, . - long_multiply

  block call
  bl count_down
  .size call, . - call

  block plain_loads
  ldr r0, [r4]
  ldr r1, [r5]
  ldr r2, [r6]
  ldr r3, [r7]
  .size plain_loads, . - plain_loads
