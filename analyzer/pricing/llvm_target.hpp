#pragma once

// Private to disassembly.cpp and mca.cpp: LLVM's view of one core.

#include <memory>

#include <llvm/MC/MCAsmInfo.h>
#include <llvm/MC/MCContext.h>
#include <llvm/MC/MCDisassembler/MCDisassembler.h>
#include <llvm/MC/MCInst.h>
#include <llvm/MC/MCInstPrinter.h>
#include <llvm/MC/MCInstrAnalysis.h>
#include <llvm/MC/MCInstrInfo.h>
#include <llvm/MC/MCRegisterInfo.h>
#include <llvm/MC/MCSubtargetInfo.h>
#include <llvm/MC/MCTargetOptions.h>
#include <llvm/MC/TargetRegistry.h>

#include "analyzer/pricing/cores.hpp"

namespace mcuprof {

struct LlvmTarget {
  const llvm::Target* target = nullptr;
  llvm::MCTargetOptions options;
  std::unique_ptr<llvm::MCRegisterInfo> registers;
  std::unique_ptr<llvm::MCAsmInfo> assembly;
  std::unique_ptr<llvm::MCSubtargetInfo> subtarget;
  std::unique_ptr<llvm::MCInstrInfo> instructions;
  std::unique_ptr<llvm::MCInstrAnalysis> analysis;
  std::unique_ptr<llvm::MCInstPrinter> printer;
  std::unique_ptr<llvm::MCContext> context;

  /// A decoder that knows of no IT block before it.
  std::unique_ptr<llvm::MCDisassembler> decoder() const {
    return std::unique_ptr<llvm::MCDisassembler>(
        target->createMCDisassembler(*subtarget, *context));
  }
};

std::shared_ptr<const LlvmTarget> makeLlvmTarget(const PricingCore& core);

}  // namespace mcuprof
