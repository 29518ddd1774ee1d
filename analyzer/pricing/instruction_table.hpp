#pragma once

#include <span>
#include <vector>

#include "analyzer/pricing/cores.hpp"
#include "analyzer/pricing/instruction.hpp"

namespace mcuprof {

/// Cycles of each instruction by the table of a core that issues one at a time; branches as if not
/// taken.
std::vector<double> tableCycles(const InstructionTable& table,
                                std::span<const Instruction> instructions);

}  // namespace mcuprof
