#include "tests/device-agent/dsp/emulator.hpp"

#include <fmt/format.h>
#include <gtest/gtest.h>
#include <unicorn/unicorn.h>

#include <iterator>

#include "analyzer/pricing/elf.hpp"
#include "device-agent/emulation/hook.hpp"
#include "device-agent/emulation/image.hpp"
#include "tests/support/files.hpp"

namespace mcuprof::test {
namespace {

constexpr std::uint32_t kRam = 0x20000000;
constexpr std::uint32_t kRamSize = 16U << 20U;
constexpr std::uint32_t kStackTop = kRam + 0x10000;
constexpr std::uint32_t kStackSize = 0x4000;
constexpr std::uint32_t kReturn = 0x0FFF0000;  // where calls return to; nothing lies there
constexpr std::uint32_t kPage = 0x1000;
constexpr std::uint32_t kEmulatorPage = 0x400;
constexpr std::uint32_t kGap = 64;

void blockHook(uc_engine*, std::uint64_t address, std::uint32_t size, void* self) {
  static_cast<Emulator*>(self)->onBlock(address, size);
}

void accessHook(uc_engine*, uc_mem_type type, std::uint64_t address, int size, std::int64_t,
                void* self) {
  static_cast<Emulator*>(self)->onAccess(type == UC_MEM_WRITE, address, size);
}

}  // namespace

Emulator::Emulator(const std::string& core, const std::filesystem::path& image) {
  const std::string bytes = contentOf(image);
  const auto elf = readElf(std::as_bytes(std::span(bytes)), image.filename().string());
  if (!elf) {
    ADD_FAILURE() << elf.error().text();
    return;
  }
  m_engine = makeEngine(core);
  if (!m_engine) {
    ADD_FAILURE() << "no emulator for " << core;
    return;
  }
  uc_engine* const engine = m_engine.get();
  EXPECT_TRUE(loadImage(engine, *elf, UC_PROT_READ | UC_PROT_EXEC));
  for (const ElfSection& section : elf->sections) m_allowed[section.address] = section.end();
  EXPECT_EQ(uc_mem_map(engine, kRam, kRamSize, UC_PROT_READ | UC_PROT_WRITE), UC_ERR_OK);
  EXPECT_EQ(uc_mem_map(engine, kReturn, kPage, UC_PROT_READ | UC_PROT_EXEC), UC_ERR_OK);
  for (const ElfSymbol& symbol : elf->symbols)
    m_functions[std::string(symbol.name)] = symbol.address;
  m_allowed[kStackTop - kStackSize] = kStackTop;
  m_fixedRanges = m_allowed.size();
  EXPECT_NE(addHook(engine, UC_HOOK_BLOCK, blockHook, this), 0U);
  reset();
}

void Emulator::watchAccesses() {
  EXPECT_NE(addHook(m_engine.get(), UC_HOOK_MEM_READ | UC_HOOK_MEM_WRITE, accessHook, this), 0U);
}

void Emulator::reset() {
  m_nextFree = kStackTop + kGap;
  m_allowed.erase(m_allowed.upper_bound(kStackTop), m_allowed.end());
}

std::uint32_t Emulator::place(std::span<const std::byte> bytes, std::uint32_t alignment,
                              std::uint32_t skew) {
  const std::uint32_t address = ((m_nextFree + alignment - 1) & ~(alignment - 1)) + skew;
  const std::uint32_t end = address + static_cast<std::uint32_t>(bytes.size());
  if (end + kGap > kRam + kRamSize) {
    ADD_FAILURE() << "buffers of the test exceed the emulated RAM";
    return address;
  }
  m_nextFree = end + kGap;
  if (bytes.empty()) return address;
  EXPECT_EQ(uc_mem_write(m_engine.get(), address, bytes.data(), bytes.size()), UC_ERR_OK);
  m_allowed[address] = end;
  return address;
}

std::vector<std::byte> Emulator::read(std::uint32_t address, std::size_t size) const {
  std::vector<std::byte> bytes(size);
  EXPECT_EQ(uc_mem_read(m_engine.get(), address, bytes.data(), size), UC_ERR_OK);
  return bytes;
}

std::uint64_t Emulator::call(const std::string& function, std::uint32_t argument) {
  m_fault.clear();
  m_executed = 0;
  const auto found = m_functions.find(function);
  if (found == m_functions.end()) {
    m_fault = fmt::format("the image has no function {}", function);
    return 0;
  }
  std::uint32_t stack = kStackTop;
  std::uint32_t link = kReturn | 1U;
  uc_engine* const engine = m_engine.get();
  uc_reg_write(engine, UC_ARM_REG_R0, &argument);
  uc_reg_write(engine, UC_ARM_REG_SP, &stack);
  uc_reg_write(engine, UC_ARM_REG_LR, &link);
  const uc_err error = uc_emu_start(engine, found->second | 1U, kReturn, 0, 0);
  std::uint32_t counter = 0;
  uc_reg_read(engine, UC_ARM_REG_PC, &counter);
  if (error != UC_ERR_OK)
    m_fault = fmt::format("{} stopped at {:#x}: {}", function, counter, uc_strerror(error));
  else if (m_fault.empty() && counter != kReturn)
    m_fault = fmt::format("{} did not return; it is at {:#x}", function, counter);
  return m_executed;
}

void Emulator::onBlock(std::uint64_t address, std::uint32_t size) {
  const auto at = static_cast<std::uint32_t>(address);
  const auto [entry, isNew] = m_blocks.try_emplace(address << 32U | size, 0U);
  if (isNew) entry->second = instructionsIn(at, size);
  m_executed += entry->second;
}

std::uint32_t Emulator::instructionsIn(std::uint32_t address, std::uint32_t size) const {
  std::uint32_t count = 0;
  for (std::uint32_t at = address; at < address + size;) {
    std::uint16_t half = 0;
    uc_mem_read(m_engine.get(), at, &half, sizeof half);
    at += half >= 0xE800U ? 4U : 2U;  // Armv7-M: 0b11101, 0b11110 and 0b11111 begin a long one
    ++count;
  }
  return count;
}

void Emulator::onAccess(bool write, std::uint64_t address, int size) {
  if (!m_fault.empty()) return;
  const auto from = static_cast<std::uint32_t>(address);
  const auto range = m_allowed.upper_bound(from);
  if (range != m_allowed.begin()) {
    const auto& [first, end] = *std::prev(range);
    if (from + static_cast<std::uint32_t>(size) <= end) return;
    // An unaligned access across a page of the emulator comes as the two aligned words around it.
    const bool besidePageEnd = from % kEmulatorPage == 0 || (from + 4) % kEmulatorPage == 0;
    if (!write && besidePageEnd && from < end) return;
  }
  m_fault = fmt::format("{} of {} bytes at {:#x}, outside of every buffer",
                        write ? "write" : "read", size, address);
}

}  // namespace mcuprof::test
