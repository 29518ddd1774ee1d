#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "analyzer/pricing/control_flow.hpp"
#include "analyzer/pricing/elf.hpp"
#include "analyzer/pricing/functions.hpp"
#include "analyzer/pricing/price.hpp"

namespace mcuprof::test {

/// A firmware file compiled for these tests, read and searched for functions. Fails the test
/// otherwise.
struct Firmware {
  explicit Firmware(std::string_view name);
  Firmware(const Firmware&) = delete;
  Firmware& operator=(const Firmware&) = delete;

  /// Fails the test when there is none.
  const Function& function(std::string_view name) const;

  std::string path;
  std::vector<std::byte> bytes;
  Elf elf;
  FunctionList list;
};

std::vector<std::byte> bytesOf(std::string_view text);

const PricingCore& coreOf(std::string_view name);

/// The price of a function that is one block.
BlockPrice priceOf(const Firmware& firmware, std::string_view core, std::string_view function);

/// The prices of a function's loops, inner ones first.
std::vector<LoopPrice> loopsOf(const Firmware& firmware, std::string_view core,
                               std::string_view function);

/// The corrections' sum.
double corrected(const BlockPrice& price);

}  // namespace mcuprof::test
