@ Runs of Armv6-M instructions for cores priced by a table.
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

  block mixed
  ldr r0, [r4]
  ldm r4!, {r1, r2, r3}
  str r0, [r5]
  muls r0, r1, r0
  adds r0, r0, r2
  .size mixed, . - mixed

  block leave
  pop {r4, r5, pc}
  .size leave, . - leave
