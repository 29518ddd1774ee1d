#pragma once

#include <cstddef>
#include <cstdint>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "analyzer/base/result.hpp"

namespace mcuprof {

enum class Architecture : std::uint8_t { Thumb, Riscv32 };
std::string_view nameOf(Architecture architecture);

/// A range of memory that holds code or data from the file.
struct ElfSection {
  std::string_view name;
  std::uint32_t address = 0;
  std::span<const std::byte> bytes;
  bool executable = false;

  std::uint32_t end() const { return address + static_cast<std::uint32_t>(bytes.size()); }
  bool holds(std::uint32_t at) const { return at >= address && at - address < bytes.size(); }
};

enum class ElfSymbolKind : std::uint8_t {
  Function,
  Label,  ///< no type: how assembly sources often name their functions
  Thumb,  ///< mapping symbol $t (or $x): code from here
  Arm,    ///< mapping symbol $a: 32-bit Arm code, which no Cortex-M runs
  Data,   ///< mapping symbol $d: a literal pool or a table from here
};

/// A symbol that lies in an executable section.
struct ElfSymbol {
  std::string_view name;
  std::uint32_t address = 0;  ///< without the Thumb bit
  std::uint32_t size = 0;
  ElfSymbolKind kind = ElfSymbolKind::Label;
  bool armState = false;  ///< an Arm function without the Thumb bit
  bool global = false;
};

/// What of a 32-bit little-endian ELF file the pricing needs. Sections are in rising order of
/// address and never overlap nor wrap; symbols are in rising order of address, each inside an
/// executable section. Views the bytes it was read from, names included: they may hold any byte.
struct Elf {
  Architecture architecture = Architecture::Thumb;
  std::uint32_t entry = 0;  ///< without the Thumb bit
  bool relocatable =
      false;  ///< an object file: sections were laid out one after the other, calls lead nowhere
  bool fromSegments = false;  ///< no section headers: the executable segments stand in for them
  std::vector<ElfSection> sections;
  std::vector<ElfSymbol> symbols;

  /// The executable section that holds this address.
  const ElfSection* codeAt(std::uint32_t address) const;
};

/// Reads an ELF file of any origin; `name` is how errors call it.
Result<Elf> readElf(std::span<const std::byte> bytes, std::string_view name);

}  // namespace mcuprof
