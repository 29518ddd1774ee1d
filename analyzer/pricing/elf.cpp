#include "analyzer/pricing/elf.hpp"

#include <algorithm>
#include <array>
#include <optional>

#include <fmt/format.h>

namespace mcuprof {
namespace {

// Numbers of the ELF specification (System V ABI, gABI chapters 4 and 5) and its Arm and RISC-V
// supplements.
constexpr std::uint16_t kMachineArm = 40;
constexpr std::uint16_t kMachineRiscv = 243;
constexpr std::uint32_t kSectionSymbols = 2;
constexpr std::uint32_t kSectionNoBits = 8;
constexpr std::uint32_t kSectionAllocated = 2;
constexpr std::uint32_t kSectionExecutable = 4;
constexpr std::uint32_t kSegmentLoad = 1;
constexpr std::uint32_t kSegmentExecutable = 1;
constexpr std::uint16_t kTypeRelocatable = 1;
constexpr std::size_t kHeaderBytes = 52;
constexpr std::size_t kSectionHeaderBytes = 40;
constexpr std::size_t kSegmentHeaderBytes = 32;
constexpr std::size_t kSymbolBytes = 16;

std::string machineName(std::uint16_t machine) {
  switch (machine) {
    case 3:
      return "Intel 80386";
    case 8:
      return "MIPS";
    case 20:
      return "PowerPC";
    case kMachineArm:
      return "Arm";
    case 62:
      return "x86-64";
    case 83:
      return "AVR";
    case 94:
      return "Xtensa";
    case 105:
      return "MSP430";
    case 183:
      return "AArch64";
    case kMachineRiscv:
      return "RISC-V";
    default:
      return fmt::format("machine {}", machine);
  }
}

/// Little-endian reads that know where the file ends. Callers prove the range first.
class Bytes32 {
 public:
  explicit Bytes32(std::span<const std::byte> bytes) : m_bytes(bytes) {}

  std::size_t size() const { return m_bytes.size(); }
  bool holds(std::uint64_t offset, std::uint64_t count) const {
    return offset <= m_bytes.size() && count <= m_bytes.size() - offset;
  }
  std::uint32_t at(std::size_t offset, unsigned count) const {
    std::uint32_t value = 0;
    for (unsigned i = 0; i < count; ++i) {
      value |= std::to_integer<std::uint32_t>(m_bytes[offset + i]) << (8 * i);
    }
    return value;
  }
  std::uint32_t word(std::size_t offset) const { return at(offset, 4); }
  std::uint16_t half(std::size_t offset) const { return static_cast<std::uint16_t>(at(offset, 2)); }
  std::uint8_t byte(std::size_t offset) const { return static_cast<std::uint8_t>(at(offset, 1)); }
  std::span<const std::byte> part(std::size_t offset, std::size_t count) const {
    return m_bytes.subspan(offset, count);
  }

 private:
  std::span<const std::byte> m_bytes;
};

struct SectionHeader {
  std::uint32_t name = 0;
  std::uint32_t type = 0;
  std::uint32_t flags = 0;
  std::uint32_t address = 0;
  std::uint32_t offset = 0;
  std::uint32_t size = 0;
  std::uint32_t link = 0;
};

class Reader {
 public:
  Reader(std::span<const std::byte> bytes, std::string_view name) : m_file(bytes), m_name(name) {}

  Result<Elf> read() {
    if (auto ok = readHeader(); !ok) return ok.error();
    if (auto ok = readSectionHeaders(); !ok) return ok.error();
    if (auto ok = m_headers.empty() ? readSegments() : readSections(); !ok) return ok.error();
    if (auto ok = readSymbols(); !ok) return ok.error();
    return std::move(m_elf);
  }

 private:
  Error fail(std::uint64_t offset, std::string what) const {
    return {fmt::format("{}:{:#x}", m_name, offset), std::move(what)};
  }

  Result<void> readHeader() {
    static constexpr std::array<std::uint8_t, 4> kMagic = {0x7f, 'E', 'L', 'F'};
    for (std::size_t i = 0; i < kMagic.size(); ++i) {
      if (i >= m_file.size() || m_file.byte(i) != kMagic[i]) {
        return fail(0, "not an ELF file: wanted 7f 45 4c 46 at its start");
      }
    }
    if (m_file.size() < 20) return truncated(0, kHeaderBytes, "ELF header");
    const bool bigEndian = m_file.byte(5) == 2;
    const std::uint16_t machine =
        bigEndian ? static_cast<std::uint16_t>(m_file.byte(18) << 8 | m_file.byte(19))
                  : m_file.half(18);
    if (m_file.byte(4) != 1) {
      return fail(4,
                  fmt::format("{} ELF for {}; wanted 32-bit Arm Thumb or RISC-V",
                              m_file.byte(4) == 2 ? "64-bit" : "classless", machineName(machine)));
    }
    if (m_file.byte(5) != 1) {
      return fail(5, fmt::format("{} ELF for {}; wanted little-endian Arm Thumb or RISC-V",
                                 bigEndian ? "big-endian" : "orderless", machineName(machine)));
    }
    if (machine != kMachineArm && machine != kMachineRiscv) {
      return fail(18, fmt::format("ELF for {}; wanted Arm Thumb or RISC-V", machineName(machine)));
    }
    if (!m_file.holds(0, kHeaderBytes)) return truncated(0, kHeaderBytes, "ELF header");
    m_elf.architecture = machine == kMachineArm ? Architecture::Thumb : Architecture::Riscv32;
    m_elf.relocatable = m_file.half(16) == kTypeRelocatable;
    m_elf.entry = m_file.word(24) & ~1u;
    return {};
  }

  Error truncated(std::uint64_t offset, std::uint64_t size, std::string_view what) const {
    return fail(offset, fmt::format("{} reaches to byte {}, the file has {}", what, offset + size,
                                    m_file.size()));
  }

  Result<void> readSectionHeaders() {
    const std::uint64_t offset = m_file.word(32);
    std::uint64_t count = m_file.half(48);
    if (offset == 0) return {};
    if (const unsigned each = m_file.half(46); each != kSectionHeaderBytes) {
      return fail(46,
                  fmt::format("section headers of {} bytes; wanted {}", each, kSectionHeaderBytes));
    }
    if (count == 0) {  // 65280 sections or more: the count stands in the first header
      if (!m_file.holds(offset, kSectionHeaderBytes)) {
        return truncated(offset, kSectionHeaderBytes, "first section header");
      }
      count = m_file.word(offset + 20);
    }
    if (!m_file.holds(offset, count * kSectionHeaderBytes)) {
      return truncated(offset, count * kSectionHeaderBytes, "section header table");
    }
    m_headers.reserve(count);
    for (std::uint64_t i = 0; i < count; ++i) {
      const std::size_t at = offset + i * kSectionHeaderBytes;
      m_headers.push_back({m_file.word(at), m_file.word(at + 4), m_file.word(at + 8),
                           m_file.word(at + 12), m_file.word(at + 16), m_file.word(at + 20),
                           m_file.word(at + 24)});
      const SectionHeader& header = m_headers.back();
      if (i != 0 && header.type != kSectionNoBits && header.type != 0 &&
          !m_file.holds(header.offset, header.size)) {
        return fail(at, fmt::format("section {} reaches to byte {}, the file has {}", i,
                                    std::uint64_t{header.offset} + header.size, m_file.size()));
      }
    }
    return {};
  }

  /// The text at an offset of a string table, cut at its end.
  std::string_view textAt(const SectionHeader& table, std::uint32_t offset) const {
    constexpr std::uint32_t kLongestName = 1024;
    if (offset >= table.size) return {};
    const auto bytes = m_file.part(std::size_t{table.offset} + offset,
                                   std::min(table.size - offset, kLongestName));
    const std::string_view all(reinterpret_cast<const char*>(bytes.data()), bytes.size());
    return all.substr(0, all.find('\0'));
  }

  const SectionHeader* tableOf(std::uint64_t index) const {
    if (index == 0 || index >= m_headers.size()) return nullptr;
    return m_headers[index].type == kSectionNoBits || m_headers[index].type == 0
               ? nullptr
               : &m_headers[index];
  }

  Result<void> readSections() {
    std::uint64_t names = m_file.half(50);
    if (names == 0xffff) names = m_headers[0].link;
    const SectionHeader* nameTable = tableOf(names);
    m_base.assign(m_headers.size(), 0);
    std::uint64_t next = 0;
    for (std::size_t i = 1; i < m_headers.size(); ++i) {
      const SectionHeader& header = m_headers[i];
      if ((header.flags & kSectionAllocated) == 0 || header.size == 0 || !tableOf(i)) continue;
      ElfSection section;
      if (nameTable) section.name = textAt(*nameTable, header.name);
      section.address = header.address;
      if (m_elf.relocatable) {
        m_base[i] = static_cast<std::uint32_t>(next);
        section.address = m_base[i];
        next = (next + header.size + 63) / 64 * 64;
      }
      section.bytes = m_file.part(header.offset, header.size);
      section.executable = (header.flags & kSectionExecutable) != 0;
      m_elf.sections.push_back(section);
    }
    return checkLayout();
  }

  Result<void> readSegments() {
    m_elf.fromSegments = true;
    const std::uint64_t offset = m_file.word(28);
    const std::uint64_t count = m_file.half(44);
    if (offset == 0 || count == 0) return fail(28, "neither section nor program headers");
    if (const unsigned each = m_file.half(42); each != kSegmentHeaderBytes) {
      return fail(42,
                  fmt::format("program headers of {} bytes; wanted {}", each, kSegmentHeaderBytes));
    }
    if (!m_file.holds(offset, count * kSegmentHeaderBytes)) {
      return truncated(offset, count * kSegmentHeaderBytes, "program header table");
    }
    for (std::uint64_t i = 0; i < count; ++i) {
      const std::size_t at = offset + i * kSegmentHeaderBytes;
      const std::uint32_t start = m_file.word(at + 4);
      const std::uint32_t size = m_file.word(at + 16);
      if (m_file.word(at) != kSegmentLoad || size == 0) continue;
      if (!m_file.holds(start, size)) {
        return fail(at, fmt::format("segment {} reaches to byte {}, the file has {}", i,
                                    std::uint64_t{start} + size, m_file.size()));
      }
      m_elf.sections.push_back({"segment", m_file.word(at + 8), m_file.part(start, size),
                                (m_file.word(at + 24) & kSegmentExecutable) != 0});
    }
    return checkLayout();
  }

  Result<void> checkLayout() {
    auto& sections = m_elf.sections;
    std::stable_sort(sections.begin(), sections.end(),
                     [](const auto& a, const auto& b) { return a.address < b.address; });
    std::vector<ElfSection> kept;
    for (const ElfSection& section : sections) {
      if (std::uint64_t{section.address} + section.bytes.size() > 0xffffffffu) {
        return fail(0,
                    fmt::format("{} bytes of code or data at {:#x} leave the 32-bit address space",
                                section.bytes.size(), section.address));
      }
      if (kept.empty() || section.address >= kept.back().end()) {
        kept.push_back(section);
      } else if (section.executable && kept.back().executable) {
        return fail(0, fmt::format("two executable sections overlap at {:#x}", section.address));
      } else if (section.executable) {
        kept.back() = section;  // data in the same place (an overlay) tells nothing about code
        while (kept.size() > 1 && kept[kept.size() - 2].end() > section.address) {
          kept.erase(kept.end() - 2);
        }
      }
    }
    sections = std::move(kept);
    if (std::none_of(sections.begin(), sections.end(),
                     [](const auto& s) { return s.executable; })) {
      return fail(0, "no executable section with code in it");
    }
    return {};
  }

  Result<void> readSymbols() {
    for (std::size_t i = 1; i < m_headers.size(); ++i) {
      const SectionHeader& table = m_headers[i];
      if (table.type != kSectionSymbols) continue;
      const SectionHeader* names = tableOf(table.link);
      if (!names) {
        return fail(table.offset,
                    fmt::format("symbol table has section {} as its names", table.link));
      }
      for (std::size_t at = 0; at + kSymbolBytes <= table.size; at += kSymbolBytes) {
        addSymbol(table.offset + at, *names);
      }
    }
    std::stable_sort(m_elf.symbols.begin(), m_elf.symbols.end(),
                     [](const auto& a, const auto& b) { return a.address < b.address; });
    return {};
  }

  void addSymbol(std::size_t at, const SectionHeader& names) {
    constexpr unsigned kNoType = 0;
    constexpr unsigned kFunction = 2;
    const unsigned type = m_file.byte(at + 12) & 15u;
    if (type != kNoType && type != kFunction) return;
    const std::uint16_t home = m_file.half(at + 14);
    if (home == 0 || home >= m_headers.size()) return;
    if ((m_headers[home].flags & kSectionExecutable) == 0 || m_headers[home].size == 0) return;
    std::uint32_t value = m_file.word(at + 4);
    if (m_elf.relocatable) value += m_base[home];
    ElfSymbol symbol;
    symbol.name = textAt(names, m_file.word(at));
    symbol.size = m_file.word(at + 8);
    symbol.global = m_file.byte(at + 12) >> 4 != 0;
    symbol.address = value & ~1u;
    symbol.kind = type == kFunction ? ElfSymbolKind::Function : ElfSymbolKind::Label;
    symbol.armState =
        type == kFunction && m_elf.architecture == Architecture::Thumb && (value & 1u) == 0;
    if (symbol.name.empty()) return;
    if (type == kNoType && symbol.name[0] == '$') {
      const auto kind = mappingKind(symbol.name);
      if (!kind) return;
      symbol.kind = *kind;
      symbol.address = value;
    }
    if (!m_elf.codeAt(symbol.address)) return;
    m_elf.symbols.push_back(symbol);
  }

  /// "$t", "$t.7" and "$xrv32i2p1" (RISC-V names the instruction set).
  static std::optional<ElfSymbolKind> mappingKind(std::string_view name) {
    if (name.size() > 2 && name[2] != '.' && name.substr(0, 3) != "$xr") return std::nullopt;
    switch (name.size() > 1 ? name[1] : '\0') {
      case 't':
      case 'x':
        return ElfSymbolKind::Thumb;
      case 'a':
        return ElfSymbolKind::Arm;
      case 'd':
        return ElfSymbolKind::Data;
      default:
        return std::nullopt;
    }
  }

  Bytes32 m_file;
  std::string m_name;
  Elf m_elf;
  std::vector<SectionHeader> m_headers;
  std::vector<std::uint32_t> m_base;  ///< where an object file's sections were put
};

}  // namespace

std::string_view nameOf(Architecture architecture) {
  switch (architecture) {
    case Architecture::Thumb:
      return "Arm Thumb";
    case Architecture::Riscv32:
      return "RISC-V";
  }
  return "";
}

const ElfSection* Elf::codeAt(std::uint32_t address) const {
  auto after =
      std::upper_bound(sections.begin(), sections.end(), address,
                       [](std::uint32_t at, const ElfSection& s) { return at < s.address; });
  if (after == sections.begin()) return nullptr;
  const ElfSection& section = *std::prev(after);
  return section.executable && section.holds(address) ? &section : nullptr;
}

Result<Elf> readElf(std::span<const std::byte> bytes, std::string_view name) {
  return Reader(bytes, name).read();
}

}  // namespace mcuprof
