#include "analyzer/pricing/llvm_target.hpp"

#include <cassert>
#include <mutex>
#include <string>

#include <llvm-c/Target.h>
#include <llvm/TargetParser/Triple.h>

namespace mcuprof {

std::shared_ptr<const LlvmTarget> makeLlvmTarget(const PricingCore& core) {
  static std::once_flag once;
  std::call_once(once, [] {
    LLVMInitializeARMTargetInfo();
    LLVMInitializeARMTargetMC();
    LLVMInitializeARMDisassembler();
    LLVMInitializeRISCVTargetInfo();
    LLVMInitializeRISCVTargetMC();
    LLVMInitializeRISCVDisassembler();
  });
  const std::string name(core.triple);
  const std::string cpu(core.llvmCpu);
  const std::string features(core.features);
  const llvm::Triple triple(name);
  auto made = std::make_shared<LlvmTarget>();
  std::string error;
  made->target = llvm::TargetRegistry::lookupTarget(name, error);
  assert(made->target);  // the triples are ours and both targets are linked in
  made->registers.reset(made->target->createMCRegInfo(name));
  made->assembly.reset(made->target->createMCAsmInfo(*made->registers, name, made->options));
  made->subtarget.reset(made->target->createMCSubtargetInfo(name, cpu, features));
  made->instructions.reset(made->target->createMCInstrInfo());
  made->analysis.reset(made->target->createMCInstrAnalysis(made->instructions.get()));
  made->printer.reset(
      made->target->createMCInstPrinter(triple, made->assembly->getAssemblerDialect(),
                                        *made->assembly, *made->instructions, *made->registers));
  made->printer->setPrintBranchImmAsAddress(true);
  made->context = std::make_unique<llvm::MCContext>(triple, made->assembly.get(),
                                                    made->registers.get(), made->subtarget.get());
  return made;
}

}  // namespace mcuprof
