#include "tests/pricing/firmware.hpp"

#include <gtest/gtest.h>

#include "tests/support/files.hpp"

namespace mcuprof::test {

std::vector<std::byte> bytesOf(std::string_view text) {
  const auto* first = reinterpret_cast<const std::byte*>(text.data());
  return {first, first + text.size()};
}

Firmware::Firmware(std::string_view name)
    : path(std::string(MCUPROF_FIRMWARE_DIR "/") + std::string(name)),
      bytes(bytesOf(contentOf(path))) {
  auto read = readElf(bytes, name);
  if (!read) {
    ADD_FAILURE() << read.error().text();
    return;
  }
  elf = *std::move(read);
  list = findFunctions(elf);
}

const Function& Firmware::function(std::string_view name) const {
  for (const Function& function : list.functions) {
    if (function.name == name) return function;
  }
  ADD_FAILURE() << "no function " << name << " in " << path;
  static const Function none;
  return none;
}

const PricingCore& coreOf(std::string_view name) {
  const auto core = findPricingCore(name);
  EXPECT_TRUE(core) << name;
  return **core;
}

BlockPrice priceOf(const Firmware& firmware, std::string_view core, std::string_view function) {
  const Function& found = firmware.function(function);
  const auto price = priceBlock(core, found.bytes, found.address);
  if (!price) {
    ADD_FAILURE() << price.error().text();
    return {};
  }
  return *price;
}

std::vector<LoopPrice> loopsOf(const Firmware& firmware, std::string_view core,
                               std::string_view function) {
  Pricer pricer(coreOf(core));
  const ControlFlow flow = findControlFlow(firmware.function(function), pricer.disassembler());
  std::vector<LoopPrice> result;
  for (const Loop& loop : flow.loops) result.push_back(pricer.priceLoop(flow, loop, true));
  return result;
}

double corrected(const BlockPrice& price) {
  double sum = 0;
  for (const Correction& correction : price.corrections) sum += correction.cycles;
  return sum;
}

}  // namespace mcuprof::test
