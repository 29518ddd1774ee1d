#include "analyzer/pricing/functions.hpp"

#include <algorithm>
#include <optional>

#include <fmt/format.h>

namespace mcuprof {
namespace {

std::uint32_t halfAt(std::span<const std::byte> bytes, std::size_t at) {
  return std::to_integer<std::uint32_t>(bytes[at]) | std::to_integer<std::uint32_t>(bytes[at + 1])
                                                         << 8;
}
std::uint32_t wordAt(std::span<const std::byte> bytes, std::size_t at) {
  return halfAt(bytes, at) | halfAt(bytes, at + 2) << 16;
}

bool isMapping(ElfSymbolKind kind) {
  return kind == ElfSymbolKind::Thumb || kind == ElfSymbolKind::Arm || kind == ElfSymbolKind::Data;
}

/// Where a Thumb BL or a RISC-V JAL leads, read from the encoding alone: a sweep over bytes of
/// which nothing is known yet. Source: Armv7-M ARM (DDI 0403) A7.7.18, BL encoding T1; RISC-V ISA
/// manual volume I, JAL.
std::optional<std::uint32_t> callTarget(std::uint32_t word, std::uint32_t address,
                                        Architecture architecture) {
  if (architecture == Architecture::Riscv32) {
    if ((word & 0xfff) != 0x0ef) return std::nullopt;  // jal ra
    std::uint32_t offset =
        (word >> 21 & 0x3ff) << 1 | (word >> 20 & 1) << 11 | (word >> 12 & 0xff) << 12;
    if ((word >> 31) != 0) offset |= 0xfff00000u;
    return address + offset;
  }
  const std::uint32_t first = word & 0xffff;
  const std::uint32_t second = word >> 16;
  if ((first & 0xf800) != 0xf000 || (second & 0xd000) != 0xd000) return std::nullopt;
  const std::uint32_t sign = first >> 10 & 1;
  const std::uint32_t i1 = (second >> 13 & 1) == sign ? 1 : 0;
  const std::uint32_t i2 = (second >> 11 & 1) == sign ? 1 : 0;
  std::uint32_t offset = i1 << 23 | i2 << 22 | (first & 0x3ff) << 12 | (second & 0x7ff) << 1;
  if (sign != 0) offset |= 0xff000000u;
  return address + 4 + offset;
}

class Finder {
 public:
  explicit Finder(const Elf& elf) : m_elf(elf) {}

  FunctionList find() {
    const bool named =
        std::any_of(m_elf.symbols.begin(), m_elf.symbols.end(),
                    [](const ElfSymbol& s) { return s.kind == ElfSymbolKind::Function; });
    m_list.stripped = !named;
    if (named) {
      fromSymbols();
    } else {
      fromCalls();
    }
    addDataRanges();
    return std::move(m_list);
  }

 private:
  void add(std::string name, std::uint32_t address, std::uint64_t end, bool endIsKnown) {
    const ElfSection* section = m_elf.codeAt(address);
    if (!section) return;
    auto& functions = m_list.functions;
    if (!functions.empty() && functions.back().end > address) functions.back().end = address;
    Function function;
    function.name = std::move(name);
    function.address = address;
    function.end = static_cast<std::uint32_t>(std::min<std::uint64_t>(end, section->end()));
    function.mapped = endIsKnown && m_elf.architecture == Architecture::Riscv32;
    functions.push_back(std::move(function));
  }

  /// Function symbols with a size are certain. A label of an assembly source counts where no sized
  /// function covers it; compilers' own labels inside functions do not.
  void fromSymbols() {
    std::uint64_t covered = 0;  // first address no sized function has reached yet
    const auto& symbols = m_elf.symbols;
    for (std::size_t i = 0; i < symbols.size(); ++i) {
      const ElfSymbol& symbol = symbols[i];
      if (isMapping(symbol.kind)) continue;
      const bool function = symbol.kind == ElfSymbolKind::Function;
      if (symbol.armState) {
        ++m_list.armState;
        continue;
      }
      if (!function && (symbol.address < covered || !symbol.global)) continue;
      auto& functions = m_list.functions;
      if (!functions.empty() && functions.back().address == symbol.address) {
        functions.back().otherNames.push_back(symbol.name);
        if (symbol.size != 0) stretch(functions.back(), symbol, covered);
        continue;
      }
      const ElfSection* section = m_elf.codeAt(symbol.address);
      const std::uint64_t end =
          symbol.size != 0 ? std::uint64_t{symbol.address} + symbol.size : section->end();
      add(std::string(symbol.name), symbol.address, end, symbol.size != 0);
      if (symbol.size != 0) covered = std::max(covered, end);
    }
  }

  void stretch(Function& function, const ElfSymbol& symbol, std::uint64_t& covered) {
    const std::uint64_t end = std::uint64_t{symbol.address} + symbol.size;
    const ElfSection* section = m_elf.codeAt(symbol.address);
    function.end = static_cast<std::uint32_t>(std::min<std::uint64_t>(end, section->end()));
    covered = std::max(covered, end);
  }

  void fromCalls() {
    std::vector<std::uint32_t> starts;
    const auto note = [&](std::uint32_t address) {
      if ((address & 1) == 0 && m_elf.codeAt(address)) starts.push_back(address);
    };
    if (!m_elf.relocatable) note(m_elf.entry);
    for (const ElfSection& section : m_elf.sections) {
      if (section.executable) {
        for (std::size_t at = 0; at + 4 <= section.bytes.size(); at += 2) {
          const auto here = static_cast<std::uint32_t>(section.address + at);
          if (const auto target = callTarget(wordAt(section.bytes, at), here, m_elf.architecture)) {
            note(*target);
          }
        }
      }
      if (m_elf.architecture == Architecture::Thumb) noteVectors(section, note);
    }
    for (const ElfSection& section : m_elf.sections) {
      // A section in which no call leads anywhere is taken as one function.
      const auto inside = [&](std::uint32_t at) { return section.holds(at); };
      if (section.executable && std::none_of(starts.begin(), starts.end(), inside)) {
        starts.push_back(section.address + (section.address & 1));
      }
    }
    std::sort(starts.begin(), starts.end());
    starts.erase(std::unique(starts.begin(), starts.end()), starts.end());
    for (const std::uint32_t start : starts) {
      const ElfSection* section = m_elf.codeAt(start);
      if (section) add(fmt::format("sub_{:x}", start), start, section->end(), false);
    }
  }

  /// A vector table opens a section: the initial stack pointer, then addresses of code with the
  /// Thumb bit. Two of the first three must lead into code (reset, NMI, hard fault).
  void noteVectors(const ElfSection& section, const auto& note) const {
    constexpr std::size_t kMostVectors = 512;
    const std::size_t words = std::min(section.bytes.size() / 4, kMostVectors);
    if (words < 4) return;
    const auto leads = [&](std::size_t i) {
      const std::uint32_t value = wordAt(section.bytes, i * 4);
      return (value & 1) == 1 && m_elf.codeAt(value - 1) != nullptr;
    };
    if (!leads(1) || (!leads(2) && !leads(3))) return;
    for (std::size_t i = 1; i < words; ++i) {
      if (leads(i)) {
        note(wordAt(section.bytes, i * 4) - 1);
      } else if (wordAt(section.bytes, i * 4) != 0) {
        break;
      }
    }
  }

  void addDataRanges() {
    const auto& symbols = m_elf.symbols;
    auto next = symbols.begin();
    ElfSymbolKind state = ElfSymbolKind::Thumb;
    const ElfSection* home = nullptr;
    bool known = false;
    auto& functions = m_list.functions;
    for (Function& function : functions) {
      const ElfSection* section = m_elf.codeAt(function.address);
      function.bytes = section->bytes.subspan(function.address - section->address,
                                              function.end - function.address);
      if (section != home) {
        home = section;
        known = false;
        state = ElfSymbolKind::Thumb;
      }
      for (; next != symbols.end() && next->address <= function.address; ++next) {
        if (!isMapping(next->kind) || !section->holds(next->address)) continue;
        state = next->kind;
        known = true;
      }
      if (known) function.mapped = true;
      std::uint32_t since = function.address;
      for (; next != symbols.end() && next->address < function.end; ++next) {
        if (!isMapping(next->kind)) continue;
        if (state != ElfSymbolKind::Thumb && next->address > since) {
          function.data.push_back({since, next->address});
        }
        if (state == ElfSymbolKind::Thumb || next->kind == ElfSymbolKind::Thumb)
          since = next->address;
        state = next->kind;
      }
      if (state != ElfSymbolKind::Thumb && since < function.end) {
        function.data.push_back({since, function.end});
      }
    }
    std::erase_if(functions, [](const Function& f) { return f.end <= f.address; });
  }

  const Elf& m_elf;
  FunctionList m_list;
};

}  // namespace

FunctionList findFunctions(const Elf& elf) {
  return Finder(elf).find();
}

}  // namespace mcuprof
