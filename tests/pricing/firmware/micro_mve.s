@ The vector part: how loads and multiply-accumulates overlap, and the low-overhead loop around them.
  .syntax unified
  .thumb
  .text

  .macro block name
  .global \name
  .type \name, %function
  .thumb_func
\name:
  .endm

  block vector_loads
  .rept 4
  vldrb.u8 q0, [r0], #16
  .endr
  .size vector_loads, . - vector_loads

  block vector_macs
  .rept 4
  vmladava.s8 r2, q2, q3
  .endr
  .size vector_macs, . - vector_macs

  block vector_both
  .rept 4
  vldrb.u8 q0, [r0], #16
  vmladava.s8 r2, q2, q3
  .endr
  .size vector_both, . - vector_both

  block hardware_loop
  dls lr, r1
1: vldrb.u8 q0, [r0], #16
  vmladava.s8 r2, q0, q0
  le lr, 1b
  bx lr
  .size hardware_loop, . - hardware_loop
