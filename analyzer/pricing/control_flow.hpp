#pragma once

#include <cstdint>
#include <span>
#include <vector>

#include "analyzer/pricing/disassembly.hpp"
#include "analyzer/pricing/functions.hpp"
#include "analyzer/pricing/instruction.hpp"

namespace mcuprof {

/// Instructions that run one after the other, entered only at the first.
struct BasicBlock {
  std::size_t first = 0;  ///< in ControlFlow::instructions
  std::size_t count = 0;
  std::vector<std::uint32_t>
      successors;               ///< blocks of this function; ways out of it are not listed
  std::uint32_t taken = kNone;  ///< the successor that a taken branch at its end leads to

  static constexpr std::uint32_t kNone = 0xffffffffu;
};

/// A natural loop: a header and all that runs between it and the branches back to it.
struct Loop {
  std::uint32_t header = 0;
  std::uint32_t parent = BasicBlock::kNone;  ///< the loop around it
  std::uint32_t depth = 1;                   ///< 1 is outermost
  bool innermost = true;
  std::vector<std::uint32_t> blocks;   ///< those of no inner loop, in rising order
  std::vector<std::uint32_t> latches;  ///< blocks that branch back to the header
  std::vector<std::uint32_t> inner;    ///< loops right inside
};

struct ControlFlow {
  std::vector<Instruction> instructions;  ///< in rising order of address
  std::vector<BasicBlock> blocks;         ///< in rising order of address
  std::vector<Loop> loops;                ///< a loop comes after the loops inside it
  std::vector<std::uint32_t> loopOf;      ///< for each block the innermost loop, or kNone
  std::size_t unresolvedJumps = 0;        ///< indirect branches whose targets are not known
  std::size_t undecoded = 0;              ///< places reached that hold no instruction of this core
};

/// Follows the code of a function from its start through branches and jump tables. Literal pools
/// are never reached this way; where mapping symbols tell code from data, code that only unresolved
/// jumps lead to is decoded too.
ControlFlow findControlFlow(const Function& function, const Disassembler& disassembler);

/// Splits decoded instructions, in rising order, into blocks and loops. `starts` are the addresses
/// where control enters from outside.
void buildBlocks(ControlFlow& flow, std::span<const std::uint32_t> starts,
                 std::span<const std::vector<std::uint32_t>> tableTargets);

}  // namespace mcuprof
