#pragma once

#include <cstdint>
#include <map>
#include <memory>
#include <vector>

#include "analyzer/pricing/price.hpp"
#include "device-agent/virtual-board/memory_map.hpp"
#include "device-agent/virtual-board/ticks.hpp"

namespace mcuprof::vboard {

/// An IT instruction and those that it makes conditional.
struct ConditionalRun {
  std::uint32_t it = 0;
  std::uint32_t begin = 0;
  std::uint32_t end = 0;
};

/// A run of instructions from where control arrived to the branch that ends it, with its price.
/// What the emulator translates at a time may end earlier; the price does not depend on that.
struct TimedBlock {
  std::uint32_t start = 0;
  std::uint32_t end = 0;                    ///< address behind its last instruction
  Ticks ticks = 0;                          ///< run through
  Ticks takenTicks = 0;                     ///< on top when its branch is taken
  Ticks saved = 0;                          ///< what `ticks` lacks to a cycle an instruction
  std::vector<std::uint32_t> instructions;  ///< addresses
  std::vector<std::byte> code;              ///< as it was priced
  std::vector<ConditionalRun> conditional;
  /// For the fetch model, which may skip a block whose lines are known to be present.
  std::uint64_t fetchGeneration = 0;
};

/// Prices blocks with the pricing library and keeps the prices.
class BlockTiming {
 public:
  BlockTiming(const PricingCore& core, const MemoryMap& memory);

  /// The block that starts here. The reference holds until `forget` or `clear`.
  TimedBlock& at(std::uint32_t start);

  /// Ticks of the instructions of a block before `pc`. Within a block cost is spread evenly over
  /// its instructions.
  static Ticks ticksBefore(const TimedBlock& block, std::uint32_t pc);
  static std::size_t instructionsBefore(const TimedBlock& block, std::uint32_t pc);
  /// TimedBlock::saved of so many instructions that take so long.
  static Ticks savedBy(std::size_t instructions, Ticks ticks);

  /// Drops prices of blocks that touch [begin, end): their code has changed.
  void forget(std::uint32_t begin, std::uint32_t end) { drop(begin, end, false); }
  /// The same, of those only whose code is no longer what was priced.
  void forgetChanged(std::uint32_t begin, std::uint32_t end) { drop(begin, end, true); }

  /// Whether some block was priced from a page of 1 KiB that holds part of [begin, end).
  bool holdsCode(std::uint32_t begin, std::uint32_t end) const;

  std::size_t size() const { return m_blocks.size(); }

 private:
  std::unique_ptr<TimedBlock> price(std::uint32_t start);
  void drop(std::uint32_t begin, std::uint32_t end, bool changedOnly);

  struct Recent {
    std::uint32_t start = 1;  // no block starts at an odd address
    TimedBlock* block = nullptr;
  };
  static constexpr std::size_t kRecent = 1u << 14;

  Pricer m_pricer;
  const MemoryMap* m_memory;
  std::map<std::uint32_t, std::unique_ptr<TimedBlock>> m_blocks;
  std::vector<Recent> m_recent;
  std::vector<bool> m_codePages;
};

inline TimedBlock& BlockTiming::at(std::uint32_t start) {
  Recent& recent = m_recent[(start >> 1) % kRecent];
  if (recent.start != start) {
    auto& block = m_blocks[start];
    if (!block) block = price(start);
    recent = {start, block.get()};
  }
  return *recent.block;
}

}  // namespace mcuprof::vboard
