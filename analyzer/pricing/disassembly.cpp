#include "analyzer/pricing/disassembly.hpp"

#include <algorithm>
#include <array>
#include <initializer_list>
#include <string_view>

#include <llvm/ADT/ArrayRef.h>
#include <llvm/Support/raw_ostream.h>

#include "analyzer/pricing/llvm_target.hpp"

namespace mcuprof {
namespace {

bool startsWith(std::string_view text, std::string_view start) {
  return text.substr(0, start.size()) == start;
}
bool startsWithAny(std::string_view text, std::initializer_list<std::string_view> starts) {
  for (std::string_view start : starts) {
    if (startsWith(text, start)) return true;
  }
  return false;
}

/// Turns LLVM's decoded instruction into ours. LLVM's names of instructions tell most; its flags
/// (branch, call, load) fill in the rest.
class Classifier {
 public:
  Classifier(const LlvmTarget& target, Architecture architecture)
      : m_target(target), m_thumb(architecture == Architecture::Thumb) {}

  Instruction classify(const llvm::MCInst& inst, std::uint32_t address, unsigned size,
                       std::uint32_t encoding) const {
    Instruction result;
    result.address = address;
    result.encoding = encoding;
    result.size = static_cast<std::uint8_t>(size);
    const llvm::MCInstrDesc& desc = m_target.instructions->get(inst.getOpcode());
    const llvm::StringRef llvmName = m_target.instructions->getName(inst.getOpcode());
    const std::string_view name(llvmName.data(), llvmName.size());
    if (m_thumb) {
      result.conditional = isPredicated(inst, desc);
      result.kind = thumbKind(name, inst, desc, result);
      setThumbTarget(inst, desc, result);
    } else {
      result.kind = riscvKind(name, inst, desc);
      result.conditional = result.kind == InstructionKind::ConditionalBranch;
      std::uint64_t target = 0;
      if (isDirect(result.kind) && m_target.analysis->evaluateBranch(inst, address, size, target)) {
        result.hasTarget = true;
        result.target = static_cast<std::uint32_t>(target);
      }
    }
    return result;
  }

 private:
  static bool isDirect(InstructionKind kind) {
    return kind == InstructionKind::Branch || kind == InstructionKind::ConditionalBranch ||
           kind == InstructionKind::Call || kind == InstructionKind::LoopEnd ||
           kind == InstructionKind::LoopStartWhile;
  }

  bool isPredicated(const llvm::MCInst& inst, const llvm::MCInstrDesc& desc) const {
    constexpr std::int64_t kAlways = 14;
    const int found = desc.findFirstPredOperandIdx();
    if (found < 0) return false;
    const auto at = static_cast<unsigned>(found);
    return at < inst.getNumOperands() && inst.getOperand(at).isImm() &&
           inst.getOperand(at).getImm() != kAlways && !startsWith(nameOfOpcode(inst), "MVE_");
  }

  std::string_view nameOfOpcode(const llvm::MCInst& inst) const {
    const llvm::StringRef name = m_target.instructions->getName(inst.getOpcode());
    return {name.data(), name.size()};
  }

  std::string_view registerName(const llvm::MCInst& inst, unsigned operand) const {
    if (operand >= inst.getNumOperands() || !inst.getOperand(operand).isReg()) return {};
    return m_target.registers->getName(inst.getOperand(operand).getReg());
  }

  bool writesPc(const llvm::MCInst& inst, const llvm::MCInstrDesc& desc) const {
    for (unsigned i = 0; i < desc.getNumDefs(); ++i) {
      if (registerName(inst, i) == "PC") return true;
    }
    return false;
  }

  InstructionKind thumbKind(std::string_view name, const llvm::MCInst& inst,
                            const llvm::MCInstrDesc& desc, Instruction& result) const {
    using Kind = InstructionKind;
    if (startsWithAny(name,
                      {"tLDMIA", "t2LDM", "tPOP", "tSTMIA", "t2STM", "tPUSH", "VLDM", "VSTM"})) {
      return multipleKind(name, inst, desc, result);
    }
    if (startsWithAny(name, {"t2LE", "MVE_LETP"})) return Kind::LoopEnd;
    if (startsWithAny(name, {"t2DLS", "MVE_DLSTP"})) return Kind::LoopStart;
    if (startsWithAny(name, {"t2WLS", "MVE_WLSTP"})) return Kind::LoopStartWhile;
    if (startsWith(name, "MVE_")) return Kind::Vector;
    if (startsWithAny(name, {"VDIV", "VSQRT"})) return Kind::FloatDivide;
    if (startsWith(name, "VLDR")) return Kind::Load;
    if (startsWith(name, "VSTR")) return Kind::Store;
    if (name[0] == 'V') return Kind::Float;
    if (name == "t2IT") return Kind::It;
    if (startsWithAny(name, {"t2TBB", "t2TBH"})) return Kind::TableBranch;
    if (startsWithAny(name, {"tUDF", "t2UDF"})) return Kind::Trap;
    if (startsWithAny(name, {"t2SDIV", "t2UDIV"})) return Kind::Divide;
    if (startsWith(name, "t2LDRD")) return Kind::LoadDouble;
    if (startsWith(name, "t2STRD")) return Kind::StoreDouble;
    if (startsWithAny(name, {"t2SMULL", "t2UMULL", "t2SMLAL", "t2UMLAL", "t2UMAAL", "t2SMLSL"})) {
      return Kind::LongMultiply;
    }
    if (startsWithAny(name, {"tMUL", "t2MUL", "t2MLA", "t2MLS", "t2SMUL", "t2SMLA", "t2SMLS",
                             "t2SMU", "t2SMM"})) {
      return Kind::Multiply;
    }
    if (startsWithAny(name,
                      {"t2MSR", "t2MRS", "t2DMB", "t2DSB", "t2ISB", "tCPS", "t2CPS", "tSVC"})) {
      return Kind::System;
    }
    if (startsWithAny(name, {"tBLXr", "tBLXNSr"})) return Kind::IndirectCall;
    if (desc.isCall()) return Kind::Call;
    if (startsWithAny(name, {"tBX", "t2BX"})) {
      result.writesPc = true;
      return name == "tBX_RET" || registerName(inst, 0) == "LR" ? Kind::Return
                                                                : Kind::IndirectBranch;
    }
    if (startsWithAny(name, {"tCB", "tBcc", "t2Bcc"})) {
      result.conditional = true;
      return Kind::ConditionalBranch;
    }
    if (desc.isBranch() && !desc.isIndirectBranch()) {
      return result.conditional ? Kind::ConditionalBranch : Kind::Branch;
    }
    if (writesPc(inst, desc)) {
      result.writesPc = true;
      // LDR pc, [sp], #4 is how one register is popped.
      if (name == "t2LDR_POST") return Kind::Return;
      return name == "tMOVr" && registerName(inst, 1) == "LR" ? Kind::Return : Kind::IndirectBranch;
    }
    if (desc.mayLoad()) return Kind::Load;
    if (desc.mayStore()) return Kind::Store;
    return Kind::Simple;
  }

  InstructionKind multipleKind(std::string_view name, const llvm::MCInst& inst,
                               const llvm::MCInstrDesc& desc, Instruction& result) const {
    unsigned words = 0;
    // The list is the last operand of the description and runs to the end of the instruction.
    for (unsigned i = desc.getNumOperands() == 0 ? 0 : desc.getNumOperands() - 1;
         i < inst.getNumOperands(); ++i) {
      const std::string_view each = registerName(inst, i);
      words += !each.empty() && each[0] == 'D' ? 2u : 1u;
      if (each == "PC") result.writesPc = true;
    }
    result.registers = static_cast<std::uint8_t>(words);
    const bool loads = name.find("LDM") != std::string_view::npos || startsWith(name, "tPOP");
    if (loads && result.writesPc) return InstructionKind::Return;
    if (words == 1) {  // VLDMIA r0!, {s14} is how compilers load and step; no different from a load
      result.registers = 0;
      return loads ? InstructionKind::Load : InstructionKind::Store;
    }
    return loads ? InstructionKind::LoadMultiple : InstructionKind::StoreMultiple;
  }

  /// The operand that holds the distance to the target counts from four bytes after the
  /// instruction.
  void setThumbTarget(const llvm::MCInst& inst, const llvm::MCInstrDesc& desc,
                      Instruction& result) const {
    if (!isDirect(result.kind)) return;
    for (unsigned i = 0; i < desc.getNumOperands() && i < inst.getNumOperands(); ++i) {
      if (desc.operands()[i].OperandType != llvm::MCOI::OPERAND_PCREL && !isLoop(result.kind))
        continue;
      if (!inst.getOperand(i).isImm()) continue;
      auto distance = static_cast<std::uint32_t>(inst.getOperand(i).getImm());
      // LE and LETP hold the distance backwards as LLVM decodes it already: negative.
      result.hasTarget = true;
      result.target = (result.address + 4 + distance) & ~1u;
      return;
    }
  }
  static bool isLoop(InstructionKind kind) {
    return kind == InstructionKind::LoopEnd || kind == InstructionKind::LoopStartWhile;
  }

  InstructionKind riscvKind(std::string_view name, const llvm::MCInst& inst,
                            const llvm::MCInstrDesc& desc) const {
    using Kind = InstructionKind;
    const auto isLink = [](std::string_view reg) { return reg == "X1" || reg == "X5"; };
    if (name == "JAL") {
      if (registerName(inst, 0) == "X0") return Kind::Branch;
      return Kind::Call;
    }
    if (name == "C_J") return Kind::Branch;
    if (name == "C_JAL") return Kind::Call;
    if (name == "JALR") {
      if (registerName(inst, 0) != "X0") return Kind::IndirectCall;
      return isLink(registerName(inst, 1)) ? Kind::Return : Kind::IndirectBranch;
    }
    if (name == "C_JR") return isLink(registerName(inst, 0)) ? Kind::Return : Kind::IndirectBranch;
    if (name == "C_JALR") return Kind::IndirectCall;
    if (name == "MRET" || name == "SRET") return Kind::Return;
    if (startsWithAny(name, {"UNIMP", "C_UNIMP"})) return Kind::Trap;
    if (desc.isBranch()) return Kind::ConditionalBranch;
    if (startsWithAny(name, {"DIV", "REM"})) return Kind::Divide;
    if (startsWithAny(name, {"MULH"})) return Kind::LongMultiply;
    if (startsWithAny(name, {"MUL", "C_MUL"})) return Kind::Multiply;
    if (startsWithAny(name, {"FDIV", "FSQRT"})) return Kind::FloatDivide;
    if (startsWithAny(name, {"CSR", "FENCE", "ECALL", "EBREAK", "C_EBREAK", "WFI"}))
      return Kind::System;
    if (desc.mayLoad()) return Kind::Load;
    if (desc.mayStore()) return Kind::Store;
    if (name[0] == 'F' && !startsWith(name, "FENCE")) return Kind::Float;
    return Kind::Simple;
  }

  const LlvmTarget& m_target;
  bool m_thumb;
};

/// Bytes of the instruction that starts here: what the decoder needs and no more than there are.
llvm::ArrayRef<std::uint8_t> window(std::span<const std::byte> bytes) {
  return {reinterpret_cast<const std::uint8_t*>(bytes.data()),
          std::min<std::size_t>(bytes.size(), 4)};
}

std::uint32_t encodingOf(std::span<const std::byte> bytes, std::uint64_t size) {
  std::uint32_t encoding = 0;
  for (std::uint64_t i = 0; i < size; ++i) {
    encoding |= std::to_integer<std::uint32_t>(bytes[i]) << (8 * i);
  }
  return encoding;
}

std::string tidy(std::string_view printed) {
  std::string text;
  for (const char letter : printed) {
    const char next = letter == '\t' ? ' ' : letter;
    if (next == ' ' && (text.empty() || text.back() == ' ')) continue;
    text += next;
  }
  return text;
}

}  // namespace

Disassembler::Disassembler(const PricingCore& core)
    : m_target(makeLlvmTarget(core)), m_architecture(core.architecture) {}

void Disassembler::run(std::span<const std::byte> bytes, std::uint32_t address,
                       const std::function<bool(const Instruction&)>& take) const {
  const auto decoder = m_target->decoder();
  const Classifier classifier(*m_target, m_architecture);
  for (std::size_t at = 0; at < bytes.size();) {
    llvm::MCInst inst;
    std::uint64_t size = 0;
    const auto rest = bytes.subspan(at);
    const auto here = static_cast<std::uint32_t>(address + at);
    if (decoder->getInstruction(inst, size, window(rest), here, llvm::nulls()) ==
            llvm::MCDisassembler::Fail ||
        size == 0 || size > rest.size() || size > 4) {
      return;
    }
    const Instruction instruction =
        classifier.classify(inst, here, static_cast<unsigned>(size), encodingOf(rest, size));
    at += size;
    if (!take(instruction) || endsFlow(instruction)) return;
  }
}

std::vector<Instruction> Disassembler::all(std::span<const std::byte> bytes,
                                           std::uint32_t address) const {
  std::vector<Instruction> result;
  for (std::size_t at = 0; at < bytes.size();) {
    const std::size_t before = result.size();
    run(bytes.subspan(at), static_cast<std::uint32_t>(address + at),
        [&](const Instruction& instruction) {
          result.push_back(instruction);
          return true;
        });
    at = result.size() == before ? at + 2 : result.back().end() - address;
  }
  return result;
}

std::vector<InstructionDetail> Disassembler::details(
    std::span<const Instruction> instructions) const {
  std::vector<InstructionDetail> result;
  const auto decoder = m_target->decoder();
  const llvm::MCRegisterInfo& registers = *m_target->registers;
  for (const Instruction& instruction : instructions) {
    std::array<std::uint8_t, 4> bytes{};
    for (unsigned i = 0; i < 4; ++i)
      bytes[i] = static_cast<std::uint8_t>(instruction.encoding >> (8 * i));
    llvm::MCInst inst;
    std::uint64_t size = 0;
    InstructionDetail detail;
    if (decoder->getInstruction(inst, size, llvm::ArrayRef(bytes.data(), instruction.size),
                                instruction.address, llvm::nulls()) == llvm::MCDisassembler::Fail) {
      detail.text = "unknown";
      result.push_back(std::move(detail));
      continue;
    }
    std::string printed;
    llvm::raw_string_ostream stream(printed);
    m_target->printer->printInst(&inst, instruction.address, "", *m_target->subtarget, stream);
    detail.text = tidy(stream.str());
    const llvm::StringRef name = m_target->instructions->getName(inst.getOpcode());
    detail.opcode.assign(name.data(), name.size());
    const llvm::MCInstrDesc& desc = m_target->instructions->get(inst.getOpcode());
    const auto add = [&](RegisterUnits& to, unsigned reg) {
      if (reg == 0) return;
      for (const llvm::MCRegUnit unit : registers.regunits(reg))
        to.push_back(static_cast<std::uint16_t>(unit));
    };
    for (unsigned i = 0; i < inst.getNumOperands(); ++i) {
      const llvm::MCOperand& operand = inst.getOperand(i);
      if (!operand.isReg()) continue;
      const bool listed = instruction.registers != 0 && i + 1 >= desc.getNumOperands();
      const bool loads = desc.mayLoad();
      const bool written = i < desc.getNumDefs() || (listed && loads);
      add(written ? detail.writes : detail.reads, operand.getReg());
    }
    for (const llvm::MCPhysReg reg : desc.implicit_defs()) add(detail.writes, reg);
    for (const llvm::MCPhysReg reg : desc.implicit_uses()) add(detail.reads, reg);
    result.push_back(std::move(detail));
  }
  return result;
}

}  // namespace mcuprof
