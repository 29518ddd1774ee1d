/// Pins of the STM32: the port's base address is all that differs between families.
#ifndef MCUPROF_FIRMWARE_BOARDS_STM32_GPIO_H
#define MCUPROF_FIRMWARE_BOARDS_STM32_GPIO_H

#include <stdint.h>

#include "device-agent/firmware/agent/registers.h"

#define GPIO_MODER(port) MCUPROF_REGISTER((port) + 0x00u)
#define GPIO_OSPEEDR(port) MCUPROF_REGISTER((port) + 0x08u)
#define GPIO_BSRR_ADDRESS(port) ((volatile uint32_t*)(uintptr_t)((port) + 0x18u))
#define GPIO_AFRL(port) MCUPROF_REGISTER((port) + 0x20u)

#define GPIO_OUTPUT 1u
#define GPIO_ALTERNATE 2u

static inline void gpio_set_mode(uint32_t port, uint32_t pin, uint32_t mode) {
  GPIO_OSPEEDR(port) |= 3u << (2 * pin);
  GPIO_MODER(port) = (GPIO_MODER(port) & ~(3u << (2 * pin))) | mode << (2 * pin);
}

#endif
