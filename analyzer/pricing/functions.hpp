#pragma once

#include <cstdint>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "analyzer/pricing/elf.hpp"

namespace mcuprof {

/// A range of literal pools or tables among the code.
struct AddressRange {
  std::uint32_t first = 0;
  std::uint32_t end = 0;
};

struct Function {
  std::string name;  ///< its symbol, or "sub_8001234" where there is none; any byte a file may hold
  std::vector<std::string_view> otherNames;  ///< further symbols at the same address
  std::uint32_t address = 0;
  std::uint32_t end = 0;  ///< first address after its code, literal pools included
  std::span<const std::byte> bytes;
  std::vector<AddressRange> data;  ///< what mapping symbols say is no code, in rising order
  bool mapped =
      false;  ///< mapping symbols tell code from data, or the architecture has no literal pools
};

struct FunctionList {
  std::vector<Function> functions;  ///< in rising order of address, never overlapping
  bool stripped = false;            ///< no function symbol: starts were found by calls and vectors
  std::size_t armState = 0;         ///< functions in 32-bit Arm code, left out
};

/// Finds the functions of a file. A function reaches to its symbol's size or, where it has none, to
/// the next symbol. Without symbols, functions start where calls, the entry and the vector table
/// lead.
FunctionList findFunctions(const Elf& elf);

}  // namespace mcuprof
