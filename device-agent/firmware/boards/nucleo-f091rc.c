// The STM32F091 of a Nucleo-64. Register addresses and bits: ST's CMSIS header stm32f091xc.h;
// settings: reference manual RM0091.
#include "device-agent/firmware/agent/board.h"
#include "device-agent/firmware/agent/registers.h"
#include "device-agent/firmware/boards/stm32_gpio.h"

#define RCC_CR MCUPROF_REGISTER(0x40021000u)
#define RCC_CFGR MCUPROF_REGISTER(0x40021004u)
#define RCC_AHBENR MCUPROF_REGISTER(0x40021014u)
#define RCC_APB1ENR MCUPROF_REGISTER(0x4002101Cu)
#define RCC_CSR_ADDRESS 0x40021024u
#define RCC_CFGR2 MCUPROF_REGISTER(0x4002102Cu)
#define FLASH_ACR MCUPROF_REGISTER(0x40022000u)

#define CR_HSE_ON (1u << 16)
#define CR_HSE_READY (1u << 17)
#define CR_HSE_BYPASS (1u << 18)
#define CR_PLL_ON (1u << 24)
#define CR_PLL_READY (1u << 25)
#define CFGR_SW 3u
#define CFGR_SW_PLL 2u
#define CFGR_SWS_SHIFT 2
#define CFGR_PLL_SOURCE (3u << 15)
#define CFGR_PLL_HSE (2u << 15)
#define CFGR_PLL_FACTOR (15u << 18)
#define CFGR_MCO (15u << 24)
#define CFGR_MCO_LSI (2u << 24)
#define ACR_LATENCY 7u
#define ACR_PREFETCH (1u << 4)
#define ACR_PREFETCH_STATUS (1u << 5)
#define CSR_LSI_ON (1u << 0)
#define APB1_TIM14 (1u << 8)

#define TIM14_CR1 MCUPROF_REGISTER(0x40002000u)
#define TIM14_SR MCUPROF_REGISTER(0x40002010u)
#define TIM14_CCMR1 MCUPROF_REGISTER(0x40002018u)
#define TIM14_CCER MCUPROF_REGISTER(0x40002020u)
#define TIM14_CCR1 MCUPROF_REGISTER(0x40002034u)
#define TIM14_OR MCUPROF_REGISTER(0x40002050u)
#define TIM14_TI1_IS_MCO 3u
#define CCMR1_CC1_IS_TI1 1u
#define CCMR1_EVERY_8 (3u << 2)
#define CCER_CC1_ON 1u
#define SR_CC1 (1u << 1)

#define GPIOA 0x48000000u

#define HSI_HZ 8000000u
#define HSE_HZ 8000000u  // from the ST-LINK
#define LOOKS 200000u

static bool wait_for(volatile uint32_t* address, uint32_t mask, uint32_t value) {
  for (uint32_t looks = LOOKS; looks != 0; --looks) {
    if ((*address & mask) == value) return true;
  }
  return false;
}

static bool start_external_clock(void) {
  RCC_CR |= CR_HSE_BYPASS;
  RCC_CR |= CR_HSE_ON;
  if (wait_for(&RCC_CR, CR_HSE_READY, CR_HSE_READY)) return true;
  RCC_CR &= ~(CR_HSE_ON | CR_HSE_BYPASS);
  return false;
}

// 8 MHz from outside times 6, or half of 8 MHz from inside times 12.
static void set_clock(uint32_t core_hz, uint32_t wait_states) {
  const bool external = start_external_clock();
  const uint32_t factor = core_hz / (external ? HSE_HZ : HSI_HZ / 2);
  RCC_CFGR2 = 0;
  RCC_CFGR = (RCC_CFGR & ~(CFGR_PLL_SOURCE | CFGR_PLL_FACTOR)) | (external ? CFGR_PLL_HSE : 0) |
             (factor - 2) << 18;
  RCC_CR |= CR_PLL_ON;
  if (!wait_for(&RCC_CR, CR_PLL_READY, CR_PLL_READY)) return;
  FLASH_ACR = wait_states | ACR_PREFETCH;
  if (!wait_for(&FLASH_ACR, ACR_LATENCY, wait_states)) return;
  RCC_CFGR = (RCC_CFGR & ~CFGR_SW) | CFGR_SW_PLL;
  wait_for(&RCC_CFGR, CFGR_SW << CFGR_SWS_SHIFT, CFGR_SW_PLL << CFGR_SWS_SHIFT);
}

static uint32_t ahb_divider(uint32_t cfgr) {
  static const uint16_t dividers[8] = {2, 4, 8, 16, 64, 128, 256, 512};
  const uint32_t field = cfgr >> 4 & 15u;
  return field < 8 ? 1 : dividers[field - 8];
}

static void read_clock(struct mcuprof_machine* machine) {
  const uint32_t cfgr = machine->rcc_cfgr;
  const uint32_t used = cfgr >> CFGR_SWS_SHIFT & CFGR_SW;
  const uint32_t pll_source = cfgr >> 15 & 3u;
  const bool external = used == CFGR_SW_PLL ? pll_source == 2 : used == 1;
  machine->source_hz = external ? HSE_HZ : HSI_HZ;
  machine->clock_source = external ? MCUPROF_CLOCK_HSE : MCUPROF_CLOCK_HSI;
  uint32_t hz = machine->source_hz;
  if (used == CFGR_SW_PLL) {
    machine->clock_source = external ? MCUPROF_CLOCK_PLL_HSE : MCUPROF_CLOCK_PLL_HSI;
    const uint32_t field = cfgr >> 18 & 15u;
    const uint32_t divider = pll_source == 0 ? 2 : (machine->rcc_pllcfgr & 15u) + 1;
    hz = hz / divider * (field == 15 ? 16 : field + 2);
  }
  machine->ahb_divider = ahb_divider(cfgr);
  machine->core_hz = hz / machine->ahb_divider;
}

static void read_machine(struct mcuprof_machine* machine) {
  machine->rcc_cr = RCC_CR;
  machine->rcc_pllcfgr = RCC_CFGR2;
  machine->rcc_cfgr = RCC_CFGR;
  machine->flash_acr = FLASH_ACR;
  read_clock(machine);
  machine->flash_wait_states = machine->flash_acr & ACR_LATENCY;
  if ((machine->flash_acr & ACR_PREFETCH_STATUS) != 0) machine->features |= MCUPROF_PREFETCH;
}

// The LSI reaches TIM14 by way of the clock output, which needs no pin for that.
static void start_slow_clock(void) {
  MCUPROF_REGISTER(RCC_CSR_ADDRESS) |= CSR_LSI_ON;
  RCC_CFGR = (RCC_CFGR & ~CFGR_MCO) | CFGR_MCO_LSI;
  RCC_APB1ENR |= APB1_TIM14;
  (void)RCC_APB1ENR;
  TIM14_OR = TIM14_TI1_IS_MCO;
  TIM14_CCMR1 = CCMR1_CC1_IS_TI1 | CCMR1_EVERY_8;
  TIM14_CCER = CCER_CC1_ON;
  TIM14_CR1 = 1;
}

static bool slow_clock_ticked(void) {
  if ((TIM14_SR & SR_CC1) == 0) return false;
  (void)TIM14_CCR1;  // clears the flag
  return true;
}

// Nucleo-64: D7 (PA8) is raised in an inference, D8 (PA9) in a layer. PA8 is also the clock output,
// but only as an alternate function.
static void set_pins(void) {
  RCC_AHBENR |= 1u << 17;
  (void)RCC_AHBENR;
  *GPIO_BSRR_ADDRESS(GPIOA) = 1u << (8 + 16) | 1u << (9 + 16);
  gpio_set_mode(GPIOA, 8, GPIO_OUTPUT);
  gpio_set_mode(GPIOA, 9, GPIO_OUTPUT);
}

const struct mcuprof_board mcuprof_board = {
    .set_clock = set_clock,
    .read_machine = read_machine,
    .set_pins = set_pins,
    .start_slow_clock = start_slow_clock,
    .slow_clock_ticked = slow_clock_ticked,
    .internal_hz = HSI_HZ,
    .idcode = (const volatile uint32_t*)0x40015800u,
    .reset_cause = (const volatile uint32_t*)RCC_CSR_ADDRESS,
    .inference = {(volatile uint32_t*)(GPIOA + 0x18u), 8},
    .layer = {(volatile uint32_t*)(GPIOA + 0x18u), 9},
};
