#pragma once

#include <cstdint>
#include <string>
#include <vector>

namespace mcuprof {

/// What an instruction does to the flow of control and to a pipeline, as far as a price needs to
/// know.
enum class InstructionKind : std::uint8_t {
  Simple,        ///< arithmetic, moves, logic; whatever has no kind of its own
  Multiply,      ///< 32-bit product, with or without accumulation
  LongMultiply,  ///< 64-bit product
  Divide,
  Load,
  Store,
  LoadDouble,  ///< two registers (LDRD)
  StoreDouble,
  LoadMultiple,  ///< LDM, POP, VLDM, VPOP
  StoreMultiple,
  Float,
  FloatDivide,  ///< and square root
  Vector,       ///< MVE
  Branch,       ///< always taken, known target
  ConditionalBranch,
  Call,  ///< known target
  IndirectCall,
  Return,  ///< also a LoadMultiple when it pops the program counter
  IndirectBranch,
  TableBranch,     ///< TBB, TBH: the table follows
  It,              ///< IT: predicates what follows
  LoopStart,       ///< DLS
  LoopStartWhile,  ///< WLS: goes to its target when there is nothing to do
  LoopEnd,         ///< LE, LETP: goes back to its target until the count is spent
  System,          ///< barriers, special registers
  Trap,            ///< UDF, BKPT used as a full stop
};

/// One decoded instruction, small enough to keep by the hundred thousand.
struct Instruction {
  std::uint32_t address = 0;
  std::uint32_t encoding = 0;  ///< its bytes, the first in the lowest bits
  std::uint32_t target = 0;    ///< of a branch or call, when `hasTarget`
  std::uint8_t size = 0;       ///< bytes: 2 or 4
  InstructionKind kind = InstructionKind::Simple;
  std::uint8_t registers = 0;  ///< how many a multiple transfer moves, in words
  bool hasTarget = false;
  bool conditional = false;  ///< executes under a condition (IT, B<cond>, CBZ, BEQ)
  bool writesPc = false;     ///< pops, loads or moves into the program counter

  std::uint32_t end() const { return address + size; }
};

/// Registers are LLVM's register units: two names that overlap (s0 and d0) share a unit.
using RegisterUnits = std::vector<std::uint16_t>;

/// What is needed to show and to understand an instruction; made on demand.
struct InstructionDetail {
  std::string text;    ///< "ldr r3, [r1], #4"
  std::string opcode;  ///< LLVM's name: "t2LDR_POST"; tells instructions apart that print alike
  RegisterUnits reads;
  RegisterUnits writes;
};

/// Whether control never runs on to the instruction after this one.
constexpr bool endsFlow(const Instruction& instruction) {
  switch (instruction.kind) {
    case InstructionKind::Branch:
    case InstructionKind::Return:
    case InstructionKind::IndirectBranch:
      return !instruction.conditional;
    case InstructionKind::TableBranch:
    case InstructionKind::Trap:
      return true;
    case InstructionKind::Simple:
    case InstructionKind::Multiply:
    case InstructionKind::LongMultiply:
    case InstructionKind::Divide:
    case InstructionKind::Load:
    case InstructionKind::Store:
    case InstructionKind::LoadDouble:
    case InstructionKind::StoreDouble:
    case InstructionKind::LoadMultiple:
    case InstructionKind::StoreMultiple:
    case InstructionKind::Float:
    case InstructionKind::FloatDivide:
    case InstructionKind::Vector:
    case InstructionKind::ConditionalBranch:
    case InstructionKind::Call:
    case InstructionKind::IndirectCall:
    case InstructionKind::It:
    case InstructionKind::LoopStart:
    case InstructionKind::LoopStartWhile:
    case InstructionKind::LoopEnd:
    case InstructionKind::System:
      return false;
  }
  return false;
}

/// Whether a basic block ends with this instruction: control may go elsewhere and not come back.
constexpr bool endsBlock(const Instruction& instruction) {
  switch (instruction.kind) {
    case InstructionKind::ConditionalBranch:
    case InstructionKind::LoopStartWhile:
    case InstructionKind::LoopEnd:
    case InstructionKind::Branch:
    case InstructionKind::Return:
    case InstructionKind::IndirectBranch:
      return true;
    default:
      return endsFlow(instruction);
  }
}

/// Whether something else than the instruction after this one may execute next, be it for a call.
constexpr bool mayJump(const Instruction& instruction) {
  return endsBlock(instruction) || instruction.writesPc ||
         instruction.kind == InstructionKind::Call ||
         instruction.kind == InstructionKind::IndirectCall;
}

}  // namespace mcuprof
