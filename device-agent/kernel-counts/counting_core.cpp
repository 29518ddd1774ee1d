#include "device-agent/kernel-counts/counting_core.hpp"

#include <fmt/format.h>
#include <unicorn/unicorn.h>

#include <algorithm>
#include <cstring>
#include <random>

#include "analyzer/pricing/elf.hpp"
#include "device-agent/emulation/hook.hpp"
#include "device-agent/emulation/image.hpp"

namespace mcuprof {
namespace {

constexpr std::uint32_t kPage = 4096;
constexpr std::uint32_t kProgram = 0x60000000;
constexpr std::uint32_t kArena = 0x70000000;
constexpr std::uint32_t kSpace = 16 * 1024 * 1024;  ///< of each of the two
constexpr std::uint32_t kStack = 0x30000000;
constexpr std::uint32_t kStackBytes = 64 * 1024;
/// The structure that the agent fills in when it checks a program lies above the stack.
constexpr std::uint32_t kTables = kStack + kStackBytes;
constexpr std::uint32_t kReturn = 0x10000000;
constexpr std::size_t kLongestBlock = 512;

constexpr std::string_view kSoftDivisions[] = {"__aeabi_idiv", "__aeabi_uidiv", "__aeabi_idivmod",
                                               "__aeabi_uidivmod"};

void blockHook(uc_engine*, std::uint64_t address, std::uint32_t size, void* core) {
  static_cast<CountingCore*>(core)->onBlock(static_cast<std::uint32_t>(address), size);
}

void accessHook(uc_engine*, uc_mem_type type, std::uint64_t address, int size, std::int64_t,
                void* core) {
  static_cast<CountingCore*>(core)->onAccess(
      type == UC_MEM_WRITE, static_cast<std::uint32_t>(address), static_cast<std::uint32_t>(size));
}

void tally(const Instruction& instruction, ExecutedCounts& counts) {
  ++counts.instructions;
  const auto load = [&](std::uint64_t words) {
    ++counts.loads;
    counts.loadWords += words;
  };
  const auto store = [&](std::uint64_t words) {
    ++counts.stores;
    counts.storeWords += words;
  };
  switch (instruction.kind) {
    case InstructionKind::Multiply:
    case InstructionKind::LongMultiply:
      ++counts.multiplies;
      break;
    case InstructionKind::Divide:
      ++counts.divides;
      break;
    case InstructionKind::Load:
      load(1);
      break;
    case InstructionKind::LoadDouble:
      load(2);
      break;
    case InstructionKind::LoadMultiple:
      load(instruction.registers);
      break;
    case InstructionKind::Return:
      if (instruction.registers > 0) load(instruction.registers);
      break;
    case InstructionKind::Store:
      store(1);
      break;
    case InstructionKind::StoreDouble:
      store(2);
      break;
    case InstructionKind::StoreMultiple:
      store(instruction.registers);
      break;
    case InstructionKind::Call:
    case InstructionKind::IndirectCall:
      ++counts.calls;
      break;
    default:
      break;
  }
}

void add(const ExecutedCounts& block, ExecutedCounts& sum) {
  sum.instructions += block.instructions;
  sum.loads += block.loads;
  sum.stores += block.stores;
  sum.loadWords += block.loadWords;
  sum.storeWords += block.storeWords;
  sum.calls += block.calls;
  sum.divides += block.divides;
  sum.multiplies += block.multiplies;
  sum.cycles += block.cycles;
}

template <class T>
T copyAt(std::span<const std::byte> bytes, std::size_t offset) {
  T value;
  std::memcpy(&value, bytes.data() + offset, sizeof value);
  return value;
}

mcuprof_tensor tensorAt(std::span<const std::byte> program, const mcuprof_program_header& header,
                        std::uint32_t place) {
  const auto number = copyAt<std::uint16_t>(program, header.list + 2 * std::size_t{place});
  return copyAt<mcuprof_tensor>(program, header.tensors + sizeof(mcuprof_tensor) * number);
}

/// Arbitrary bytes are no usual numbers: the model's float inputs take values from -6.4 to 6.35.
void fillFloats(const mcuprof_program_header& header, std::span<const std::byte> program,
                std::span<std::uint8_t> arena) {
  for (std::uint32_t i = 0; i < header.input_count; ++i) {
    const mcuprof_tensor tensor = tensorAt(program, header, header.inputs + i);
    if (tensor.type != MCUPROF_F32) continue;
    for (std::uint32_t at = tensor.offset; at + 4 <= tensor.offset + tensor.bytes; at += 4) {
      const float value = static_cast<float>(arena[at] - 128) / 20.0F;
      std::memcpy(&arena[at], &value, sizeof value);
    }
  }
}

}  // namespace

Result<std::unique_ptr<CountingCore>> CountingCore::make(const PricingCore& core,
                                                         std::span<const std::byte> elf,
                                                         const std::string& name) {
  std::unique_ptr<CountingCore> made(new CountingCore(core));
  if (auto loaded = made->load(elf, name); !loaded) return loaded.error();
  return made;
}

Result<void> CountingCore::load(std::span<const std::byte> bytes, const std::string& name) {
  m_engine = makeEngine(m_pricer.core().name);
  if (!m_engine) return Error{name, fmt::format("no emulator for {}", m_pricer.core().name)};
  const auto elf = readElf(bytes, name);
  if (!elf) return elf.error();
  for (const ElfSection& section : elf->sections)
    if (section.executable) m_imageEnd = std::max(m_imageEnd, section.end());
  uc_engine* const engine = m_engine.get();
  bool good = loadImage(engine, *elf, UC_PROT_ALL);
  for (const std::uint32_t base : {kProgram, kArena})
    good = good && uc_mem_map(engine, base, kSpace, UC_PROT_READ | UC_PROT_WRITE) == UC_ERR_OK;
  good = good &&
         uc_mem_map(engine, kStack, kStackBytes + kPage, UC_PROT_READ | UC_PROT_WRITE) == UC_ERR_OK;
  good = good && uc_mem_map(engine, kReturn, kPage, UC_PROT_ALL) == UC_ERR_OK;
  good = good && addHook(engine, UC_HOOK_BLOCK, blockHook, this) != 0;
  good = good && addHook(engine, UC_HOOK_MEM_READ | UC_HOOK_MEM_WRITE, accessHook, this) != 0;
  if (!good) return Error{name, "cannot be emulated"};
  for (const ElfSymbol& symbol : elf->symbols) {
    if (symbol.name == "mcuprof_layer_run") m_layerRun = symbol.address;
    if (std::ranges::find(kSoftDivisions, symbol.name) != std::end(kSoftDivisions))
      m_softDivisions.push_back(symbol.address);
  }
  if (m_layerRun == 0) return Error{name, "has no function mcuprof_layer_run"};
  return {};
}

CountingCore::Block CountingCore::priced(std::uint32_t start) {
  Block block;
  std::vector<std::byte> code(
      std::min<std::uint32_t>(4 * kLongestBlock, m_imageEnd - std::min(start, m_imageEnd)));
  block.end = start + 2;
  if (uc_mem_read(m_engine.get(), start, code.data(), code.size()) != UC_ERR_OK) return block;
  std::vector<Instruction> run;
  m_pricer.disassembler().run(code, start, [&](const Instruction& instruction) {
    run.push_back(instruction);
    return !mayJump(instruction) && run.size() < kLongestBlock;
  });
  if (run.empty()) return block;
  block.end = run.back().end();
  for (const Instruction& instruction : run) tally(instruction, block.counts);
  block.counts.cycles = m_pricer.priceRun(run, false).cycles;
  return block;
}

void CountingCore::onBlock(std::uint32_t address, std::uint32_t size) {
  // What the emulator translates at a time may end earlier than the block.
  const bool continues = m_current != nullptr && address == m_next && address < m_current->end;
  if (!continues) {
    if (m_current != nullptr && address != m_current->end) ++m_counts.takenBranches;
    if (address == kReturn) return;
    const auto [entry, isNew] = m_blocks.try_emplace(address);
    if (isNew) entry->second = priced(address);
    m_current = &entry->second;
    add(m_current->counts, m_counts);
    if (std::ranges::find(m_softDivisions, address) != m_softDivisions.end())
      ++m_counts.softDivides;
  }
  m_next = address + size;
}

void CountingCore::onAccess(bool write, std::uint32_t address, std::uint32_t size) {
  const auto above = m_ranges.upper_bound(address);
  if (above == m_ranges.begin() || address >= std::prev(above)->second.end) {
    if (m_trouble.empty()) m_trouble = fmt::format("touches {:#x}", address);
    return;
  }
  const Range& range = std::prev(above)->second;
  const auto metric = write ? range.written : range.read;
  if (metric != nullptr) m_counts.*metric += size;
}

void CountingCore::setRanges(const mcuprof_program_header& header,
                             std::span<const std::byte> program) {
  using C = ExecutedCounts;
  m_ranges.clear();
  m_ranges[0] = {kStack, &C::constants, nullptr};
  m_ranges[kStack] = {kTables, &C::stackRead, &C::stackWritten};
  m_ranges[kTables] = {kTables + kPage, &C::parameters, nullptr};
  m_ranges[kProgram] = {kProgram + kSpace, &C::parameters, nullptr};
  m_ranges[kArena] = {kArena + kSpace, &C::scratchRead, &C::scratchWritten};
  // A range above another begins at its first address and gives way to that one behind its end.
  const auto put = [&](std::uint32_t base, const mcuprof_tensor& tensor, Range range) {
    const Range around = std::prev(m_ranges.upper_bound(base + tensor.offset))->second;
    range.end = base + tensor.offset + tensor.bytes;
    m_ranges[base + tensor.offset] = range;
    m_ranges.try_emplace(range.end, around);
  };
  const auto layer = copyAt<mcuprof_layer>(program, header.layers);
  for (std::uint32_t i = 0; i < layer.input_count; ++i) {
    const mcuprof_tensor tensor = tensorAt(program, header, layer.inputs + i);
    if (tensor.space != MCUPROF_SPACE_PROGRAM) {
      put(kArena, tensor, {0, &C::input, nullptr});
    } else if (i == 1) {
      put(kProgram, tensor, {0, &C::weights, nullptr});
    }
  }
  put(kArena, tensorAt(program, header, layer.outputs), {0, &C::outputRead, &C::output});
}

Result<ExecutedCounts> CountingCore::run(std::span<const std::byte> program) {
  const auto header = copyAt<mcuprof_program_header>(program, 0);
  if (program.size() > kSpace || header.arena_bytes > kSpace) {
    return Error{"", "the layer is larger than the emulated memory"};
  }
  setRanges(header, program);
  std::minstd_rand random(1);
  std::vector<std::uint8_t> arena(header.arena_bytes);
  for (std::uint8_t& byte : arena) byte = static_cast<std::uint8_t>(random() >> 8);
  fillFloats(header, program, arena);
  const std::uint32_t tables[] = {kProgram,
                                  kProgram,
                                  kProgram + header.tensors,
                                  kProgram + header.layers,
                                  kProgram + header.list,
                                  kProgram + header.names};
  uc_engine* const engine = m_engine.get();
  bool good = uc_mem_write(engine, kProgram, program.data(), program.size()) == UC_ERR_OK &&
              uc_mem_write(engine, kArena, arena.data(), arena.size()) == UC_ERR_OK &&
              uc_mem_write(engine, kTables, tables, sizeof tables) == UC_ERR_OK;
  const std::pair<int, std::uint32_t> registers[] = {{UC_ARM_REG_R0, kTables},
                                                     {UC_ARM_REG_R1, 0},
                                                     {UC_ARM_REG_R2, kArena},
                                                     {UC_ARM_REG_SP, kStack + kStackBytes},
                                                     {UC_ARM_REG_LR, kReturn | 1U}};
  for (const auto& [number, value] : registers)
    good = good && uc_reg_write(engine, number, &value) == UC_ERR_OK;
  m_counts = {};
  m_current = nullptr;
  m_trouble.clear();
  const uc_err error = uc_emu_start(engine, m_layerRun | 1U, kReturn, 0, 0);
  std::uint32_t counter = 0;
  uc_reg_read(engine, UC_ARM_REG_PC, &counter);
  if (!good || error != UC_ERR_OK || counter != kReturn) {
    return Error{"", fmt::format("stopped at {:#x}: {}", counter, uc_strerror(error))};
  }
  if (!m_trouble.empty()) return Error{"", m_trouble};
  ++m_counts.takenBranches;  // the return
  return m_counts;
}

}  // namespace mcuprof
