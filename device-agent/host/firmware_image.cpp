#include "device-agent/host/firmware_image.hpp"

#include <elf.h>
#include <fmt/format.h>

#include <algorithm>
#include <cstdlib>
#include <cstring>
#include <filesystem>
#include <optional>
#include <vector>

namespace mcuprof {
namespace {

/// No flash that the agent is built for is larger.
constexpr std::uint64_t kLargestImage = 8 * 1024 * 1024;
constexpr std::size_t kNoteBytes = 16;
constexpr std::size_t kBuildIdBytes = 20;
constexpr std::size_t kLongestCompiler = 60;

/// A copy of the T at `offset`; nothing when it does not lie within the bytes.
template <typename T>
std::optional<T> at(std::span<const std::byte> bytes, std::uint64_t offset) {
  if (offset > bytes.size() || bytes.size() - offset < sizeof(T)) return std::nullopt;
  T value;
  std::memcpy(&value, bytes.data() + offset, sizeof value);
  return value;
}

/// The text that begins at `offset` and ends before a 0 byte, or with the bytes.
std::string_view textAt(std::span<const std::byte> bytes, std::size_t offset) {
  if (offset >= bytes.size()) return {};
  const std::string_view text(reinterpret_cast<const char*>(bytes.data()) + offset,
                              bytes.size() - offset);
  return text.substr(0, text.find('\0'));
}

struct Segment {
  std::uint32_t address = 0;
  std::span<const std::byte> bytes;
};

Result<std::vector<Segment>> segmentsOf(std::span<const std::byte> elf, const std::string& name) {
  const auto header = at<Elf32_Ehdr>(elf, 0);
  if (!header || std::memcmp(header->e_ident, ELFMAG, SELFMAG) != 0 ||
      header->e_ident[EI_CLASS] != ELFCLASS32 || header->e_ident[EI_DATA] != ELFDATA2LSB ||
      header->e_machine != EM_ARM) {
    return Error{name, "is no 32-bit little-endian Arm ELF file"};
  }
  std::vector<Segment> segments;
  for (std::uint32_t i = 0; i < header->e_phnum; ++i) {
    const std::uint64_t place = header->e_phoff + std::uint64_t{i} * header->e_phentsize;
    const auto program = at<Elf32_Phdr>(elf, place);
    if (!program) return Error{name, fmt::format("program header {} lies behind the end", i)};
    if (program->p_type != PT_LOAD || program->p_filesz == 0) continue;
    if (program->p_offset > elf.size() || elf.size() - program->p_offset < program->p_filesz) {
      return Error{name, fmt::format("segment {} lies behind the end", i)};
    }
    segments.push_back({program->p_paddr, elf.subspan(program->p_offset, program->p_filesz)});
  }
  if (segments.empty()) return Error{name, "has nothing to load"};
  return segments;
}

/// The content of the section of this name; nothing where there is none, or it lies behind the end.
std::span<const std::byte> sectionOf(std::span<const std::byte> elf, std::string_view name) {
  const auto header = at<Elf32_Ehdr>(elf, 0);
  if (!header) return {};
  const auto contentOf =
      [&](std::uint32_t index) -> std::pair<Elf32_Shdr, std::span<const std::byte>> {
    const auto section =
        at<Elf32_Shdr>(elf, header->e_shoff + std::uint64_t{index} * header->e_shentsize);
    if (!section || section->sh_type == SHT_NOBITS || section->sh_offset > elf.size() ||
        elf.size() - section->sh_offset < section->sh_size) {
      return {};
    }
    return {*section, elf.subspan(section->sh_offset, section->sh_size)};
  };
  const auto names = contentOf(header->e_shstrndx).second;
  for (std::uint32_t i = 0; i < header->e_shnum; ++i) {
    const auto [section, content] = contentOf(i);
    if (section.sh_name < names.size() && textAt(names, section.sh_name) == name) return content;
  }
  return {};
}

/// The first compiler that the file names: "GCC: (15:12.2.rel1-1) 12.2.1 20221205" is GCC 12.2.1.
/// Others, such as Clang, say who they are without a package in parentheses.
std::string compilerOf(std::span<const std::byte> elf) {
  const std::string_view text = textAt(sectionOf(elf, ".comment"), 0);
  constexpr std::string_view kGcc = "GCC: (";
  const auto package = text.find(") ");
  if (!text.starts_with(kGcc) || package == std::string_view::npos) {
    return std::string(text.substr(0, kLongestCompiler));
  }
  const std::string_view version = text.substr(package + 2);
  return fmt::format("GCC {}", version.substr(0, std::min(version.find(' '), kLongestCompiler)));
}

}  // namespace

Result<FirmwareImage> readFirmware(std::span<const std::byte> elf, const std::string& name) {
  auto segments = segmentsOf(elf, name);
  if (!segments) return segments.error();
  std::uint64_t first = UINT64_MAX;
  std::uint64_t end = 0;
  for (const Segment& segment : *segments) {
    first = std::min<std::uint64_t>(first, segment.address);
    end = std::max<std::uint64_t>(end, segment.address + segment.bytes.size());
  }
  if (end - first > kLargestImage) {
    return Error{name,
                 fmt::format("spans {} bytes; at most {} fit a board", end - first, kLargestImage)};
  }
  FirmwareImage image;
  image.address = static_cast<std::uint32_t>(first);
  image.bytes.assign(end - first, std::byte{0xff});
  for (const Segment& segment : *segments) {
    std::ranges::copy(segment.bytes,
                      image.bytes.begin() + static_cast<std::ptrdiff_t>(segment.address - first));
  }
  auto found = findHeader(image.bytes);
  if (!found) return Error{name, found.error().what};
  image.header = found->header;
  image.buildId = std::move(found->buildId);
  image.compiler = compilerOf(elf);
  return image;
}

Result<FoundHeader> findHeader(std::span<const std::byte> flash) {
  const auto header = at<mcuprof_image_header>(flash, MCUPROF_HEADER_OFFSET);
  if (!header || header->magic != MCUPROF_HEADER_MAGIC) {
    return Error{"", "holds no device agent of mcuprof"};
  }
  if (header->protocol >> 8 != MCUPROF_PROTOCOL >> 8) {
    return Error{
        "", fmt::format("holds a device agent of protocol {}.{}; this mcuprof speaks {}.x",
                        header->protocol >> 8, header->protocol & 0xff, MCUPROF_PROTOCOL >> 8)};
  }
  FoundHeader found{*header, {}};
  if (header->header_bytes < sizeof *header || header->ram_ranges > MCUPROF_RAM_RANGES) {
    return Error{"", "holds a device agent whose header is damaged"};
  }
  const std::uint64_t note = MCUPROF_HEADER_OFFSET + std::uint64_t{header->header_bytes};
  const auto id = at<std::array<std::uint8_t, kBuildIdBytes>>(flash, note + kNoteBytes);
  if (!id) return Error{"", "holds a device agent without a build id"};
  for (const std::uint8_t byte : *id) found.buildId += fmt::format("{:02x}", byte);
  return found;
}

Result<std::string> findFirmware(const std::string& board) {
  constexpr std::string_view kPrefix = "nucleo-";
  const std::string shorter = board.starts_with(kPrefix) ? board.substr(kPrefix.size()) : board;
  std::error_code error;
  if (const char* const given = std::getenv("MCUPROF_FIRMWARE"); given != nullptr && *given != 0) {
    const std::filesystem::path file = std::filesystem::path(given) / shorter / "agent.elf";
    if (std::filesystem::is_regular_file(file, error)) return file.string();
    return Error{file.string(),
                 "is not there; MCUPROF_FIRMWARE names the folder it is looked for in"};
  }
  const std::filesystem::path program = std::filesystem::read_symlink("/proc/self/exe", error);
  const std::filesystem::path folder = program.parent_path();
  std::string looked;
  for (const char* place : {"../share/mcuprof/firmware", "../../device-agent/firmware",
                            "../device-agent/firmware", "../../../device-agent/firmware"}) {
    const std::filesystem::path file = (folder / place / shorter / "agent.elf").lexically_normal();
    if (std::filesystem::is_regular_file(file, error)) return file.string();
    if (looked.empty()) looked = file.string();
  }
  return Error{looked, fmt::format("no device agent for {} here: the board has none, or it is not "
                                   "built",
                                   board)};
}

std::string versionText(std::uint32_t version) {
  return fmt::format("{}.{}.{}", version >> 16, version >> 8 & 0xff, version & 0xff);
}

std::string kernelLibraryName(std::uint32_t number) {
  switch (number) {
    case MCUPROF_KERNELS_PORTABLE:
      return "portable";
    case MCUPROF_KERNELS_DSP:
      return "dsp";
    case MCUPROF_KERNELS_CMSIS_NN:
      return "cmsis-nn";
    default:
      return fmt::format("unknown {}", number);
  }
}

}  // namespace mcuprof
