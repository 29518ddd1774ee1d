#include "tests/device-agent/agent/emulated_agent.hpp"

#include <fmt/format.h>
#include <gtest/gtest.h>
#include <unicorn/unicorn.h>

#include <algorithm>
#include <array>
#include <cstring>
#include <utility>

#include "analyzer/target/catalogue.hpp"
#include "device-agent/emulation/hook.hpp"
#include "tests/support/files.hpp"

namespace mcuprof {
namespace {

constexpr std::uint32_t kFlash = 0x08000000;
constexpr std::uint32_t kIcsr = 0xE000ED04;
constexpr std::uint32_t kCfsr = 0xE000ED28;
constexpr std::uint32_t kExcReturn = 0xFFFFFFFD;

enum { kNmi = 2, kHardFault = 3, kBusFault = 5, kUsageFault = 6, kSysTick = 15 };

}  // namespace

struct EmulatedAgent::Hooks {
  static void block(uc_engine* unicorn, std::uint64_t, std::uint32_t size, void* self) {
    auto& agent = *static_cast<EmulatedAgent*>(self);
    if (agent.m_cycles >= agent.m_deadline) {
      uc_emu_stop(unicorn);
      return;
    }
    agent.m_cycles += size / 2;
  }
  static void interrupt(uc_engine* unicorn, std::uint32_t number, void* self) {
    auto& agent = *static_cast<EmulatedAgent*>(self);
    if (number == 8) agent.m_returning = agent.core(UC_ARM_REG_PC) | 1;
    uc_emu_stop(unicorn);
  }
  static std::uint64_t read(uc_engine*, std::uint64_t offset, unsigned, void* self) {
    auto& [agent, base] = *static_cast<Window*>(self);
    return agent->readRegister(base + static_cast<std::uint32_t>(offset));
  }
  static void write(uc_engine*, std::uint64_t offset, unsigned, std::uint64_t value, void* self) {
    auto& [agent, base] = *static_cast<Window*>(self);
    agent->writeRegister(base + static_cast<std::uint32_t>(offset),
                         static_cast<std::uint32_t>(value));
  }
  static bool unmapped(uc_engine*, uc_mem_type, std::uint64_t address, int, std::int64_t,
                       void* self) {
    static_cast<EmulatedAgent*>(self)->m_faultAddress = static_cast<std::uint32_t>(address);
    return false;
  }
};

EmulatedAgent::EmulatedAgent(const std::string& board) {
  const auto catalogue = Catalogue::find(std::string(MCUPROF_SOURCE_DIR) + "/targets");
  const auto target = catalogue->loadBoard(board);
  const std::string image = test::contentOf(
      fmt::format("{}/device-agent/firmware/{}/agent.bin", MCUPROF_BINARY_DIR, board));
  m_smallCore = target->core == "cortex-m0";
  m_engine = makeEngine(target->core);
  m_unicorn = m_engine.get();
  for (const Memory& memory : target->memories) {
    if (!memory.base || !memory.aliasOf.empty()) continue;
    if (!memory.use.activations && !memory.use.weights) continue;
    uc_mem_map(m_unicorn, *memory.base, static_cast<std::size_t>(memory.size.value), UC_PROT_ALL);
  }
  uc_mem_write(m_unicorn, kFlash, image.data(), image.size());
  std::memcpy(&m_header, image.data() + MCUPROF_HEADER_OFFSET, sizeof m_header);
  for (Window& window : m_windows) {
    uc_mmio_map(m_unicorn, window.second, 0x100000, Hooks::read, &window, Hooks::write, &window);
  }
  addHook(m_unicorn, UC_HOOK_BLOCK, Hooks::block, this);
  addHook(m_unicorn, UC_HOOK_INTR, Hooks::interrupt, this);
  addHook(m_unicorn, UC_HOOK_MEM_UNMAPPED, Hooks::unmapped, this);
  setCore(UC_ARM_REG_MSP, read32(kFlash));
  setCore(UC_ARM_REG_SP, read32(kFlash));
  setCore(UC_ARM_REG_PC, read32(kFlash + 4));
}

std::uint32_t EmulatedAgent::core(int id) const {
  std::uint32_t value = 0;
  uc_reg_read(m_unicorn, id, &value);
  return value;
}

void EmulatedAgent::setCore(int id, std::uint32_t value) {
  uc_reg_write(m_unicorn, id, &value);
}

std::uint32_t EmulatedAgent::read32(std::uint32_t address) {
  std::uint32_t value = 0;
  EXPECT_EQ(uc_mem_read(m_unicorn, address, &value, 4), UC_ERR_OK) << std::hex << address;
  return value;
}

void EmulatedAgent::write32(std::uint32_t address, std::uint32_t value) {
  EXPECT_EQ(uc_mem_write(m_unicorn, address, &value, 4), UC_ERR_OK) << std::hex << address;
}

void EmulatedAgent::write(std::uint32_t address, std::span<const std::uint8_t> bytes) {
  EXPECT_EQ(uc_mem_write(m_unicorn, address, bytes.data(), bytes.size()), UC_ERR_OK);
}

std::vector<std::uint8_t> EmulatedAgent::read(std::uint32_t address, std::size_t bytes) {
  std::vector<std::uint8_t> data(bytes);
  EXPECT_EQ(uc_mem_read(m_unicorn, address, data.data(), bytes), UC_ERR_OK);
  return data;
}

std::uint64_t EmulatedAgent::readRegister(std::uint32_t address) {
  const auto stored = [&](std::uint32_t at) {
    const auto found = m_registers.find(at);
    return found == m_registers.end() ? 0U : found->second;
  };
  const std::uint32_t value = stored(address);
  const std::uint64_t slow = m_cycles / slowPeriod();
  switch (address) {
    case 0x40023800:  // RCC_CR of F2, F4, F7
    case 0x40021000:  // and of the F0
      if (m_hseBroken) return (value & ~(1U << 17)) | (value & 1U << 24) << 1;
      return value | (value & (1U << 16 | 1U << 24)) << 1;
    case 0x40023808:
    case 0x40021004:
      return (value & ~0xCU) | (value & 3) << 2;
    case 0x40007004:  // PWR_CSR follows PWR_CR's over-drive
      return stored(0x40007000) & 3U << 16;
    case 0x40022000:  // FLASH_ACR of the F0
      return value | (value & 16) << 1;
    case 0x40000C10:  // TIM5_SR
      return slow > m_slowSeen ? 1U << 4 : 0;
    case 0x40002010:  // TIM14_SR
      return slow > m_slowSeen ? 1U << 1 : 0;
    case 0x40000C40:
    case 0x40002034:
      m_slowSeen = slow;
      return 0;
    case 0xE0001004:
      return static_cast<std::uint32_t>(m_cycles - m_cyccntZero);
    case 0xE000E018: {  // SYST_CVR
      const std::uint64_t age = (m_cycles - m_tickZero) % tickPeriod();
      return age == 0 ? 0 : tickPeriod() - age;
    }
    case kIcsr:
      return (m_cycles - m_tickZero) / tickPeriod() > m_ticksTaken ? 1U << 26 : 0;
    case 0xE0000000:
      return 1;
    case 0xE000ED80:  // CCSIDR of a 16 KiB cache, 4 ways, lines of 32 bytes
      return 127U << 13 | 3U << 3 | 1;
    default:
      return value;
  }
}

std::uint64_t EmulatedAgent::tickPeriod() const {
  const auto found = m_registers.find(0xE000E014);
  return (found == m_registers.end() ? 0xFFFFFF : found->second & 0xFFFFFF) + 1;
}

// Eight periods of 32 kHz, in cycles of the clock that is chosen.
std::uint64_t EmulatedAgent::slowPeriod() const {
  const auto found = m_registers.find(m_smallCore ? 0x40021004 : 0x40023808);
  const bool fast = found != m_registers.end() && (found->second & 3) == 2;
  return (fast ? m_header.core_hz : m_smallCore ? 8'000'000U : 16'000'000U) / 4000;
}

void EmulatedAgent::writeRegister(std::uint32_t address, std::uint32_t value) {
  if (onWrite) onWrite(address, value);
  switch (address) {
    case 0x40023808:
    case 0x40021004:
      m_registers[address] = value;
      m_slowSeen = m_cycles / slowPeriod();
      return;
    case 0xE0001004:
      m_cyccntZero = m_cycles - value;
      return;
    case 0xE000E018:
      m_tickZero = m_cycles;
      m_ticksTaken = 0;
      return;
    case 0xE0000000:
      for (int i = 0; i < 4; ++i) m_itm.push_back(static_cast<std::uint8_t>(value >> 8 * i));
      return;
    case kCfsr:
    case 0xE000ED2C:
      m_registers[address] &= ~value;
      return;
    default:
      m_registers[address] = value;
  }
}

void EmulatedAgent::raise(std::uint32_t exception) {
  const std::uint32_t number =
      m_smallCore && exception < 7 && exception != kNmi ? std::uint32_t{kHardFault} : exception;
  const bool inHandler = (core(UC_ARM_REG_XPSR) & 0x1FF) != 0;
  if (inHandler && number < 7) {
    m_lockedUp = true;
    return;
  }
  const std::uint32_t sp = core(UC_ARM_REG_SP) - 32;
  const std::array<std::uint32_t, 8> frame = {
      core(UC_ARM_REG_R0),  core(UC_ARM_REG_R1), core(UC_ARM_REG_R2), core(UC_ARM_REG_R3),
      core(UC_ARM_REG_R12), core(UC_ARM_REG_LR), core(UC_ARM_REG_PC), core(UC_ARM_REG_XPSR)};
  if (uc_mem_write(m_unicorn, sp, frame.data(), sizeof frame) != UC_ERR_OK) {
    m_registers[kCfsr] |= 1U << 12;
  }
  setCore(UC_ARM_REG_PSP, sp);
  // As QEMU has it, the stack pointers are switched by CONTROL and the exception number.
  setCore(UC_ARM_REG_CONTROL, 0);
  setCore(UC_ARM_REG_SP, core(UC_ARM_REG_MSP));
  setCore(UC_ARM_REG_LR, kExcReturn);
  setCore(UC_ARM_REG_XPSR, (core(UC_ARM_REG_XPSR) & ~0x1FFU) | number);
  setCore(UC_ARM_REG_PC, read32(kFlash + 4 * number));
}

void EmulatedAgent::returnFrom(std::uint32_t) {
  setCore(UC_ARM_REG_MSP, core(UC_ARM_REG_SP));
  const std::uint32_t sp = core(UC_ARM_REG_PSP);
  const auto word = [&](std::uint32_t i) { return read32(sp + 4 * i); };
  setCore(UC_ARM_REG_XPSR, word(7));
  setCore(UC_ARM_REG_CONTROL, 2);
  setCore(UC_ARM_REG_R0, word(0));
  setCore(UC_ARM_REG_R1, word(1));
  setCore(UC_ARM_REG_R2, word(2));
  setCore(UC_ARM_REG_R3, word(3));
  setCore(UC_ARM_REG_R12, word(4));
  setCore(UC_ARM_REG_LR, word(5));
  setCore(UC_ARM_REG_PC, word(6) | 1);
  setCore(UC_ARM_REG_SP, sp + 32);
}

void EmulatedAgent::takePending() {
  if ((core(UC_ARM_REG_XPSR) & 0x1FF) != 0) return;
  if (m_nmi) {
    m_nmi = false;
    raise(kNmi);
    return;
  }
  const bool enabled = (m_registers[0xE000E010] & 3) == 3;
  const std::uint64_t ticks = (m_cycles - m_tickZero) / tickPeriod();
  m_tickWaits = enabled && ticks > m_ticksTaken;
  if (m_tickWaits && (core(UC_ARM_REG_PRIMASK) & 1) == 0) {
    ++m_ticksTaken;
    m_tickWaits = false;
    raise(kSysTick);
  }
}

void EmulatedAgent::handleError(int error) {
  if (error == UC_ERR_INSN_INVALID) {
    m_registers[kCfsr] |= 1U << 16;
    raise(kUsageFault);
    return;
  }
  m_registers[kCfsr] |= 1U << 9 | 1U << 15;
  m_registers[0xE000ED38] = m_faultAddress;
  raise(kBusFault);
}

void EmulatedAgent::run(std::uint64_t cycles) {
  const std::uint64_t end = m_cycles + cycles;
  while (m_cycles < end && !m_lockedUp) {
    takePending();
    // What waits behind a mask is taken at the end of the block that lifts it.
    m_deadline = m_tickWaits ? m_cycles + 1 : std::min(end, m_cycles + 20000);
    m_returning.reset();
    const std::uint32_t pc = core(UC_ARM_REG_PC) & ~1U;
    std::uint16_t code = 0;
    // The engine starts at an address without memory and reports no error.
    if (uc_mem_read(m_unicorn, pc, &code, sizeof code) != UC_ERR_OK) {
      handleError(UC_ERR_FETCH_UNMAPPED);
      continue;
    }
    const uc_err error = uc_emu_start(m_unicorn, pc | 1, 0xFFFFFFFE, 0, 0);
    if (m_returning) {
      returnFrom(*m_returning);
    } else if (error != UC_ERR_OK) {
      handleError(error);
    }
  }
}

mcuprof_mailbox EmulatedAgent::mailbox() {
  mcuprof_mailbox box;
  const auto bytes = read(m_header.mailbox, sizeof box);
  std::memcpy(&box, bytes.data(), sizeof box);
  return box;
}

void EmulatedAgent::give(std::uint32_t number, std::vector<std::uint32_t> arguments,
                         std::uint32_t options) {
  const std::uint32_t box = m_header.mailbox;
  arguments.resize(MCUPROF_ARGUMENTS);
  write32(box + 8, number);
  for (std::uint32_t i = 0; i < MCUPROF_ARGUMENTS; ++i) write32(box + 12 + 4 * i, arguments[i]);
  write32(box + 44, 0);
  write32(box + 48, options);
  write32(box + 4, read32(box + 56) + 1);
}

std::vector<Message> EmulatedAgent::drain() {
  const std::uint32_t head = read32(m_header.ring + 8);
  const std::uint32_t tail = read32(m_header.ring + 12);
  const RingBytes ring = readRing(read(m_header.ring + 16, read32(m_header.ring + 4)), tail, head);
  std::vector<Message> messages;
  for (const Frame& frame : m_reader.add(ring.bytes)) {
    const auto message = readMessage(frame);
    EXPECT_TRUE(message);
    if (message) messages.push_back(*message);
  }
  write32(m_header.ring + 12, head);
  return messages;
}

std::optional<std::vector<Message>> EmulatedAgent::command(std::uint32_t number,
                                                           std::vector<std::uint32_t> arguments,
                                                           std::uint32_t options,
                                                           std::uint64_t cycles) {
  give(number, std::move(arguments), options);
  std::vector<Message> messages;
  for (const std::uint64_t end = m_cycles + cycles; m_cycles < end && !m_lockedUp;) {
    run(100'000);
    const mcuprof_mailbox box = mailbox();
    const std::vector<Message> drained = drain();
    messages.insert(messages.end(), drained.begin(), drained.end());
    if (box.done == box.request) return messages;
  }
  return std::nullopt;
}

void EmulatedAgent::enableItm() {
  m_registers[0xE0000E00] = 1;
  m_registers[0xE0000E80] = 1;
}

void EmulatedAgent::setStackPointer(std::uint32_t value) {
  setCore(UC_ARM_REG_SP, value);
}

void EmulatedAgent::wrapCycleCounterIn(std::uint32_t cycles) {
  m_cyccntZero = m_cycles + cycles;
}

std::vector<std::uint8_t> EmulatedAgent::takeItm() {
  return std::exchange(m_itm, {});
}

}  // namespace mcuprof
