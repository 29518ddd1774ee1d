#pragma once

#include <span>

#include "analyzer/base/quantity.hpp"
#include "analyzer/pricing/instruction.hpp"

namespace mcuprof {

/// Multiply-accumulates in straight-line code, as far as instructions show them: 1 for MLA or
/// SMLABB, 2 for SMLAD, 16 for VMLADAVA.S8, and 1 for a product that is then added to a running
/// sum. A predicated vector instruction counts in full. Multiplications that only scale or address
/// count nothing.
Macs countMacs(std::span<const Instruction> instructions,
               std::span<const InstructionDetail> details);

}  // namespace mcuprof
