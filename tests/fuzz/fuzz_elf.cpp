// Any bytes as a firmware file: read, searched for functions, decoded, cut into blocks and loops.

#include <cstddef>
#include <cstdint>
#include <span>

#include "analyzer/pricing/control_flow.hpp"
#include "analyzer/pricing/elf.hpp"
#include "analyzer/pricing/functions.hpp"
#include "analyzer/pricing/price.hpp"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  static mcuprof::Pricer thumb(**mcuprof::findPricingCore("cortex-m55"));
  static mcuprof::Pricer riscv(**mcuprof::findPricingCore("sifive-e31"));
  const auto elf = mcuprof::readElf(std::as_bytes(std::span(data, size)), "fuzz");
  if (!elf) return 0;
  mcuprof::Pricer& pricer = elf->architecture == mcuprof::Architecture::Thumb ? thumb : riscv;
  std::size_t priced = 0;
  for (const mcuprof::Function& function : mcuprof::findFunctions(*elf).functions) {
    const auto flow = mcuprof::findControlFlow(function, pricer.disassembler());
    for (const mcuprof::Loop& loop : flow.loops) {
      if (++priced <= 4) pricer.priceLoop(flow, loop, true);
    }
  }
  return 0;
}
