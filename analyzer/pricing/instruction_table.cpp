#include "analyzer/pricing/instruction_table.hpp"

namespace mcuprof {
namespace {

bool isSingleTransfer(InstructionKind kind) {
  return kind == InstructionKind::Load || kind == InstructionKind::Store;
}

double cyclesOf(const InstructionTable& table, const Instruction& instruction, bool afterTransfer) {
  using Kind = InstructionKind;
  switch (instruction.kind) {
    case Kind::Simple:
    case Kind::Vector:
      return table.simple;
    case Kind::Multiply:
      return table.multiply;
    case Kind::LongMultiply:
      return table.longMultiply;
    case Kind::Divide:
      return table.divide;
    case Kind::Load:
      return afterTransfer ? table.loadAfterLoad : table.load;
    case Kind::Store:
      return table.store;
    case Kind::LoadDouble:
    case Kind::StoreDouble:
      return table.multipleBase + 2;
    case Kind::LoadMultiple:
    case Kind::StoreMultiple:
      return table.multipleBase + instruction.registers;
    case Kind::Return:
    case Kind::IndirectBranch:
      // A pop of the program counter is a transfer as well as a branch.
      return instruction.registers != 0 ? table.multipleBase + instruction.registers + table.popPc
                                        : table.branch;
    case Kind::Float:
      return table.floating;
    case Kind::FloatDivide:
      return table.floatDivide;
    case Kind::Branch:
    case Kind::ConditionalBranch:
    case Kind::LoopStart:
    case Kind::LoopStartWhile:
    case Kind::LoopEnd:
      return table.branch;
    case Kind::TableBranch:
      return table.load;
    case Kind::Call:
    case Kind::IndirectCall:
      return table.call;
    case Kind::It:
      return table.it;
    case Kind::System:
      return table.system;
    case Kind::Trap:
      return table.simple;
  }
  return table.simple;
}

}  // namespace

std::vector<double> tableCycles(const InstructionTable& table,
                                std::span<const Instruction> instructions) {
  std::vector<double> result;
  result.reserve(instructions.size());
  bool afterTransfer = false;
  for (const Instruction& instruction : instructions) {
    result.push_back(cyclesOf(table, instruction, afterTransfer));
    afterTransfer = isSingleTransfer(instruction.kind);
  }
  return result;
}

}  // namespace mcuprof
