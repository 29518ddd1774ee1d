#pragma once

#include <cstddef>
#include <cstdint>
#include <vector>

#include "analyzer/pricing/control_flow.hpp"
#include "analyzer/pricing/cores.hpp"
#include "analyzer/pricing/disassembly.hpp"

namespace mcuprof {

/// A way through the body of a loop, from its header to a branch back.
struct LoopPath {
  std::vector<std::uint32_t> blocks;  ///< those of inner loops left out
  std::size_t innerLoops = 0;
  double refill = 0;      ///< of the branches taken on the way, the branch back included
  std::size_t taken = 0;  ///< how many those are
};

struct LoopPaths {
  LoopPath dearest;   ///< most MACs, then most instructions and refills
  LoopPath cheapest;  ///< fewest instructions and refills
};

/// The ways through one iteration of a loop. Inner loops are passed as one step that costs nothing.
LoopPaths findLoopPaths(const ControlFlow& flow, const Loop& loop, const Corrections& corrections,
                        const Disassembler& disassembler);

/// Cycles to add when this instruction, the last of a block, goes to its target.
double takenCycles(const Corrections& corrections, const Instruction& last);

}  // namespace mcuprof
