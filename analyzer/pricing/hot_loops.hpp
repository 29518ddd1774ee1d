#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "analyzer/base/result.hpp"
#include "analyzer/pricing/elf.hpp"
#include "analyzer/pricing/price.hpp"

namespace mcuprof {

struct PriceRequest {
  std::optional<std::string>
      function;          ///< all loops of this function; otherwise the hot ones of all
  std::size_t top = 10;  ///< how many loops at most
};

struct PricedLoop {
  std::string function;
  std::uint32_t functionAddress = 0;
  LoopPrice price;
};

/// A block of a function without loops.
struct PricedBlock {
  std::uint32_t address = 0;
  std::size_t instructions = 0;
  BlockPrice price;
};

/// The loops of a program, the hottest first as far as code alone tells: those with
/// multiply-accumulates before others, deeper before shallower, more work before less.
struct FirmwarePrice {
  const PricingCore* core = nullptr;
  bool stripped = false;  ///< function starts were guessed from calls and vectors
  bool relocatable = false;
  std::size_t functions = 0;
  std::size_t loops = 0;      ///< innermost loops found, or all loops of the function asked for
  std::size_t armState = 0;   ///< functions left out since no Cortex-M runs their code
  std::size_t undecoded = 0;  ///< places that hold no instruction of this core
  std::size_t unresolvedJumps = 0;
  std::vector<PricedLoop> hot;
  std::vector<PricedBlock> blocks;  ///< of the function asked for, when it has no loop
};

/// Prices the loops of an ELF file for a core. `name` is how errors call the file.
Result<FirmwarePrice> priceFirmware(const Elf& elf, std::string_view name, const PricingCore& core,
                                    const PriceRequest& request);

}  // namespace mcuprof
