#include "device-agent/virtual-board/block_timing.hpp"

#include <algorithm>
#include <bit>

namespace mcuprof::vboard {
namespace {

/// No block is longer: a bound for what a change of code must look back over. The emulator
/// translates less at a time.
constexpr std::size_t kMostInstructions = 512;
constexpr std::uint32_t kMostBytes = 4 * kMostInstructions;
constexpr unsigned kCodePageShift = 10;

constexpr std::uint32_t kSvc = 0xdf00;
constexpr std::uint32_t kIsb = 0x8f60f3bf;

/// How many instructions an IT makes conditional: the lowest set bit of its mask ends the list.
std::size_t conditionalCount(const Instruction& it) {
  return 4 - static_cast<std::size_t>(std::countr_zero((it.encoding & 0xf) | 0x10));
}

/// Whether control may go elsewhere behind this instruction, or exceptions may be taken first.
bool endsTimedBlock(const Instruction& instruction) {
  if (mayJump(instruction)) return true;
  if (instruction.size == 2) return (instruction.encoding & 0xff00) == kSvc;
  return (instruction.encoding & 0xfff0ffff) == kIsb;
}

}  // namespace

BlockTiming::BlockTiming(const PricingCore& core, const MemoryMap& memory)
    : m_pricer(core),
      m_memory(&memory),
      m_recent(kRecent),
      m_codePages(std::size_t{1} << (32 - kCodePageShift), false) {}

std::unique_ptr<TimedBlock> BlockTiming::price(std::uint32_t start) {
  auto block = std::make_unique<TimedBlock>();
  block->start = start;
  block->end = start + 2;
  m_codePages[start >> kCodePageShift] = true;
  const MappedRegion* region = m_memory->find(start, 2);
  if (region == nullptr) return block;
  const std::uint32_t left = region->size - (start - region->base);
  const auto bytes = m_memory->bytesAt(start, std::min(left, kMostBytes));
  std::vector<Instruction> run;
  m_pricer.disassembler().run(bytes, start, [&](const Instruction& instruction) {
    run.push_back(instruction);
    return !endsTimedBlock(instruction) && run.size() < kMostInstructions;
  });
  if (run.empty()) return block;
  const BlockPrice price = m_pricer.priceRun(run, false);
  block->end = run.back().end();
  block->ticks = ticksOfPrice(std::max(price.cycles, 0.0));
  block->takenTicks = ticksOfPrice(price.takenBranchCycles);
  block->saved = savedBy(run.size(), block->ticks);
  m_codePages[(block->end - 1) >> kCodePageShift] = true;
  const auto code = bytes.first(block->end - start);
  block->code.assign(code.begin(), code.end());
  block->instructions.reserve(run.size());
  for (std::size_t i = 0; i < run.size(); ++i) {
    block->instructions.push_back(run[i].address);
    if (run[i].kind != InstructionKind::It) continue;
    const std::size_t last = std::min(i + conditionalCount(run[i]), run.size() - 1);
    block->conditional.push_back({run[i].address, run[i].end(), run[last].end()});
  }
  return block;
}

std::size_t BlockTiming::instructionsBefore(const TimedBlock& block, std::uint32_t pc) {
  const auto first = block.instructions.begin();
  return static_cast<std::size_t>(std::lower_bound(first, block.instructions.end(), pc) - first);
}

Ticks BlockTiming::savedBy(std::size_t instructions, Ticks ticks) {
  const Ticks even = ticksOfCycles(instructions);
  return even > ticks ? even - ticks : 0;
}

Ticks BlockTiming::ticksBefore(const TimedBlock& block, std::uint32_t pc) {
  if (pc >= block.end) return block.ticks;
  if (block.instructions.empty()) return 0;
  return block.ticks * instructionsBefore(block, pc) / block.instructions.size();
}

bool BlockTiming::holdsCode(std::uint32_t begin, std::uint32_t end) const {
  for (std::uint32_t page = begin >> kCodePageShift; page <= (end - 1) >> kCodePageShift; ++page) {
    if (m_codePages[page]) return true;
  }
  return false;
}

void BlockTiming::drop(std::uint32_t begin, std::uint32_t end, bool changedOnly) {
  const std::uint32_t from = begin > kMostBytes ? begin - kMostBytes : 0;
  auto at = m_blocks.lower_bound(from);
  while (at != m_blocks.end() && at->first < end) {
    const TimedBlock& block = *at->second;
    bool keep = block.end <= begin;
    if (!keep && changedOnly && !block.code.empty()) {
      const auto now =
          m_memory->bytesAt(block.start, static_cast<std::uint32_t>(block.code.size()));
      keep = std::equal(now.begin(), now.end(), block.code.begin(), block.code.end());
    }
    if (keep) {
      ++at;
      continue;
    }
    Recent& recent = m_recent[(at->first >> 1) % kRecent];
    if (recent.start == at->first) recent = {};
    at = m_blocks.erase(at);
  }
}

}  // namespace mcuprof::vboard
