#pragma once

#include <cstdint>
#include <vector>

#include "analyzer/pricing/control_flow.hpp"

namespace mcuprof {

/// For each block its immediate dominator: the last block that every way from outside passes before
/// it. The root (kNone) stands before all of `entries`; blocks that are not reachable have kNone as
/// well. Near linear on the graphs of real code; at worst quadratic, so callers bound the number of
/// blocks.
std::vector<std::uint32_t> findDominators(const std::vector<BasicBlock>& blocks,
                                          const std::vector<std::uint32_t>& entries);

/// Fills `loops` and `loopOf` of a function whose blocks are known.
void findLoops(ControlFlow& flow, const std::vector<std::uint32_t>& entries);

}  // namespace mcuprof
