#include "device-agent/firmware/boards/stm32_f2_f4_f7.h"

#include "device-agent/firmware/agent/registers.h"
#include "device-agent/firmware/boards/stm32_gpio.h"

#define RCC_CR MCUPROF_REGISTER(0x40023800u)
#define RCC_PLLCFGR MCUPROF_REGISTER(0x40023804u)
#define RCC_CFGR MCUPROF_REGISTER(0x40023808u)
#define RCC_AHB1ENR MCUPROF_REGISTER(0x40023830u)
#define RCC_APB1ENR MCUPROF_REGISTER(0x40023840u)
#define RCC_CSR MCUPROF_REGISTER(0x40023874u)
#define PWR_CR MCUPROF_REGISTER(0x40007000u)
#define PWR_CSR MCUPROF_REGISTER(0x40007004u)
#define FLASH_ACR MCUPROF_REGISTER(0x40023C00u)
#define FLASH_OPTCR MCUPROF_REGISTER(0x40023C14u)
#define DBGMCU_CR MCUPROF_REGISTER(0xE0042004u)

#define CR_HSE_ON (1u << 16)
#define CR_HSE_READY (1u << 17)
#define CR_HSE_BYPASS (1u << 18)
#define CR_PLL_ON (1u << 24)
#define CR_PLL_READY (1u << 25)
#define PLL_SOURCE_HSE (1u << 22)
#define CFGR_SW 3u
#define CFGR_SW_PLL 2u
#define CFGR_SWS_SHIFT 2
#define CFGR_APB1_BY_4 (5u << 10)
#define CFGR_APB2_BY_2 (4u << 13)
#define CSR_LSI_ON (1u << 0)
#define APB1_TIM5 (1u << 3)
#define APB1_PWR (1u << 28)
#define PWR_SCALE_1 (3u << 14)
#define PWR_OVERDRIVE (1u << 16)
#define PWR_OVERDRIVE_SWITCH (1u << 17)
#define ACR_LATENCY 15u
#define OPTCR_SINGLE_BANK (1u << 29)
#define TRACE_PIN (1u << 5)
#define TRACE_MODE (3u << 6)

#define TIM5_CR1 MCUPROF_REGISTER(0x40000C00u)
#define TIM5_SR MCUPROF_REGISTER(0x40000C10u)
#define TIM5_CCMR2 MCUPROF_REGISTER(0x40000C1Cu)
#define TIM5_CCER MCUPROF_REGISTER(0x40000C20u)
#define TIM5_CCR4 MCUPROF_REGISTER(0x40000C40u)
#define TIM5_OR MCUPROF_REGISTER(0x40000C50u)
#define TIM5_TI4_IS_LSI (1u << 6)
#define CCMR2_CC4_IS_TI4 (1u << 8)
#define CCMR2_EVERY_8 (3u << 10)
#define CCER_CC4_ON (1u << 12)
#define SR_CC4 (1u << 4)

#define GPIOB 0x40020400u
#define GPIOF 0x40021400u

// The ST-LINK of a Nucleo-144 gives 8 MHz to OSC_IN.
#define HSE_HZ 8000000u
#define MHZ 1000000u
// More than any oscillator's start-up time in looks at 16 MHz.
#define LOOKS 200000u

static bool wait_for(volatile uint32_t* address, uint32_t bits) {
  for (uint32_t looks = LOOKS; looks != 0; --looks) {
    if ((*address & bits) == bits) return true;
  }
  return false;
}

/// True when the board gives a clock; else the internal oscillator has to do.
static bool start_external_clock(void) {
  RCC_CR |= CR_HSE_BYPASS;
  RCC_CR |= CR_HSE_ON;
  if (wait_for(&RCC_CR, CR_HSE_READY)) return true;
  RCC_CR &= ~(CR_HSE_ON | CR_HSE_BYPASS);
  return false;
}

static bool start_overdrive(void) {
  PWR_CR |= PWR_OVERDRIVE;
  if (!wait_for(&PWR_CSR, PWR_OVERDRIVE)) return false;
  PWR_CR |= PWR_OVERDRIVE_SWITCH;
  return wait_for(&PWR_CSR, PWR_OVERDRIVE_SWITCH);
}

// The PLL compares at 1 MHz and its main output is half of its oscillator: 216, 180 and 120 MHz are
// 432, 360 and 240 times that, within its 100 to 432 MHz. Q (for USB) is the least that keeps to
// 48 MHz; nothing uses it.
static uint32_t pll_settings(uint32_t core_hz, bool external) {
  const uint32_t divider = (external ? HSE_HZ : MCUPROF_STM32_HSI_HZ) / MHZ;
  const uint32_t factor = core_hz / (MHZ / 2);
  return divider | factor << 6 | (factor + 47) / 48 << 24 | (external ? PLL_SOURCE_HSE : 0);
}

void mcuprof_stm32_set_clock(uint32_t core_hz, uint32_t wait_states) {
  RCC_APB1ENR |= APB1_PWR;
  (void)RCC_APB1ENR;
  if (mcuprof_stm32_family.has_voltage_scale) PWR_CR |= PWR_SCALE_1;
  RCC_PLLCFGR = pll_settings(core_hz, start_external_clock());
  RCC_CR |= CR_PLL_ON;
  if (!wait_for(&RCC_CR, CR_PLL_READY)) return;
  if (mcuprof_stm32_family.has_overdrive && !start_overdrive()) return;
  FLASH_ACR = wait_states | mcuprof_stm32_family.flash_features;
  if (!wait_for(&FLASH_ACR, wait_states | mcuprof_stm32_family.flash_features)) return;
  RCC_CFGR = (RCC_CFGR & ~CFGR_SW) | CFGR_APB1_BY_4 | CFGR_APB2_BY_2 | CFGR_SW_PLL;
  for (uint32_t looks = LOOKS; looks != 0; --looks) {
    if ((RCC_CFGR >> CFGR_SWS_SHIFT & CFGR_SW) == CFGR_SW_PLL) return;
  }
}

static uint32_t ahb_divider(uint32_t cfgr) {
  static const uint16_t dividers[8] = {2, 4, 8, 16, 64, 128, 256, 512};
  const uint32_t field = cfgr >> 4 & 15u;
  return field < 8 ? 1 : dividers[field - 8];
}

static void read_clock(struct mcuprof_machine* machine) {
  const uint32_t pll = machine->rcc_pllcfgr;
  const uint32_t used = machine->rcc_cfgr >> CFGR_SWS_SHIFT & CFGR_SW;
  const bool external = used == CFGR_SW_PLL ? (pll & PLL_SOURCE_HSE) != 0 : used == 1;
  machine->source_hz = external ? HSE_HZ : MCUPROF_STM32_HSI_HZ;
  machine->clock_source = external ? MCUPROF_CLOCK_HSE : MCUPROF_CLOCK_HSI;
  uint32_t hz = machine->source_hz;
  if (used == CFGR_SW_PLL) {
    machine->clock_source = external ? MCUPROF_CLOCK_PLL_HSE : MCUPROF_CLOCK_PLL_HSI;
    const uint32_t divider = pll & 63u;
    const uint32_t factor = pll >> 6 & 511u;
    hz = divider == 0 ? 0
                      : (uint32_t)((uint64_t)hz * factor / divider / (2 * ((pll >> 16 & 3u) + 1)));
  }
  machine->ahb_divider = ahb_divider(machine->rcc_cfgr);
  machine->core_hz = hz / machine->ahb_divider;
}

void mcuprof_stm32_read_machine(struct mcuprof_machine* machine) {
  machine->rcc_cr = RCC_CR;
  machine->rcc_pllcfgr = RCC_PLLCFGR;
  machine->rcc_cfgr = RCC_CFGR;
  machine->flash_acr = FLASH_ACR;
  machine->pwr_cr = PWR_CR;
  machine->pwr_csr = PWR_CSR;
  read_clock(machine);
  const uint32_t acr = machine->flash_acr;
  machine->flash_wait_states = acr & ACR_LATENCY;
  if ((acr & 1u << 8) != 0) machine->features |= MCUPROF_PREFETCH;
  if ((acr & 1u << 9) != 0) machine->features |= mcuprof_stm32_family.feature_of_bit9;
  if ((acr & 1u << 10) != 0) machine->features |= mcuprof_stm32_family.feature_of_bit10;
  if (mcuprof_stm32_family.has_voltage_scale) machine->voltage_scale = machine->pwr_cr >> 14 & 3u;
  const uint32_t overdrive = PWR_OVERDRIVE | PWR_OVERDRIVE_SWITCH;
  if (mcuprof_stm32_family.has_overdrive && (machine->pwr_csr & overdrive) == overdrive) {
    machine->features |= MCUPROF_OVERDRIVE;
  }
  if (mcuprof_stm32_family.has_single_bank_option && (FLASH_OPTCR & OPTCR_SINGLE_BANK) != 0) {
    machine->features |= MCUPROF_SINGLE_BANK;
  }
}

// The LSI can be led to the fourth channel of TIM5, which captures at every eighth period. Only
// that it did is looked at, so the timer's own clock does not matter.
void mcuprof_stm32_start_slow_clock(void) {
  RCC_CSR |= CSR_LSI_ON;
  RCC_APB1ENR |= APB1_TIM5;
  (void)RCC_APB1ENR;
  TIM5_OR = TIM5_TI4_IS_LSI;
  TIM5_CCMR2 = CCMR2_CC4_IS_TI4 | CCMR2_EVERY_8;
  TIM5_CCER = CCER_CC4_ON;
  TIM5_CR1 = 1;
}

bool mcuprof_stm32_slow_clock_ticked(void) {
  if ((TIM5_SR & SR_CC4) == 0) return false;
  (void)TIM5_CCR4;  // clears the flag
  return true;
}

void mcuprof_nucleo144_set_pins(void) {
  RCC_AHB1ENR |= 1u << 1 | 1u << 5;  // ports B and F
  (void)RCC_AHB1ENR;
  *GPIO_BSRR_ADDRESS(GPIOF) = 1u << (12 + 16) | 1u << (13 + 16);
  gpio_set_mode(GPIOF, 12, GPIO_OUTPUT);
  gpio_set_mode(GPIOF, 13, GPIO_OUTPUT);
  GPIO_AFRL(GPIOB) &= ~(15u << 12);
  gpio_set_mode(GPIOB, 3, GPIO_ALTERNATE);
  DBGMCU_CR = (DBGMCU_CR & ~TRACE_MODE) | TRACE_PIN;
}
