#include "device-agent/host/firmware_image.hpp"

#include <elf.h>
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <cstring>
#include <random>

namespace mcuprof {
namespace {

using testing::HasSubstr;

constexpr std::uint32_t kFlash = 0x08000000;
constexpr std::size_t kImage = MCUPROF_HEADER_OFFSET + sizeof(mcuprof_image_header) + 36;

/// An ELF file with an agent's header in its only segment.
std::vector<std::byte> smallElf(std::uint16_t protocol = MCUPROF_PROTOCOL) {
  Elf32_Ehdr elf{};
  std::memcpy(elf.e_ident, ELFMAG, SELFMAG);
  elf.e_ident[EI_CLASS] = ELFCLASS32;
  elf.e_ident[EI_DATA] = ELFDATA2LSB;
  elf.e_machine = EM_ARM;
  elf.e_phoff = sizeof elf;
  elf.e_phentsize = sizeof(Elf32_Phdr);
  elf.e_phnum = 1;
  Elf32_Phdr segment{};
  segment.p_type = PT_LOAD;
  segment.p_offset = sizeof elf + sizeof segment;
  segment.p_paddr = kFlash;
  segment.p_filesz = kImage;
  mcuprof_image_header header{};
  header.magic = MCUPROF_HEADER_MAGIC;
  header.header_bytes = sizeof header;
  header.protocol = protocol;
  header.agent_version = 0x00010203;
  header.kernel_library = MCUPROF_KERNELS_DSP;
  std::vector<std::byte> bytes(segment.p_offset + kImage);
  std::memcpy(bytes.data(), &elf, sizeof elf);
  std::memcpy(bytes.data() + sizeof elf, &segment, sizeof segment);
  std::memcpy(bytes.data() + segment.p_offset + MCUPROF_HEADER_OFFSET, &header, sizeof header);
  for (std::size_t i = 0; i < 20; ++i) bytes[bytes.size() - 20 + i] = static_cast<std::byte>(i);
  return bytes;
}

TEST(Firmware, IsReadWithItsHeader) {
  const auto image = readFirmware(smallElf(), "agent.elf");
  ASSERT_TRUE(image) << image.error().text();
  EXPECT_EQ(image->address, kFlash);
  EXPECT_EQ(image->bytes.size(), kImage);
  EXPECT_EQ(versionText(image->header.agent_version), "1.2.3");
  EXPECT_EQ(kernelLibraryName(image->header.kernel_library), "dsp");
  EXPECT_EQ(image->buildId, "000102030405060708090a0b0c0d0e0f10111213");
}

TEST(Firmware, OfAnotherProtocolIsRefused) {
  EXPECT_EQ(readFirmware(smallElf(0x0203), "agent.elf").error().text(),
            "agent.elf: holds a device agent of protocol 2.3; this mcuprof speaks 1.x");
  EXPECT_TRUE(readFirmware(smallElf(MCUPROF_PROTOCOL + 1), "agent.elf")) << "a newer minor version";
}

/// The small file with a section ".comment".
std::vector<std::byte> elfWithComment(std::string_view comment) {
  std::vector<std::byte> bytes = smallElf();
  const std::string_view names(".comment\0.names", 16);
  Elf32_Shdr sections[2]{};
  sections[0].sh_type = SHT_PROGBITS;
  sections[0].sh_offset = static_cast<Elf32_Off>(bytes.size());
  sections[0].sh_size = static_cast<Elf32_Word>(comment.size());
  sections[1].sh_type = SHT_STRTAB;
  sections[1].sh_name = 9;
  sections[1].sh_offset = static_cast<Elf32_Off>(bytes.size() + comment.size());
  sections[1].sh_size = static_cast<Elf32_Word>(names.size());
  const auto append = [&](std::string_view text) {
    for (const char c : text) bytes.push_back(static_cast<std::byte>(c));
  };
  append(comment);
  append(names);
  Elf32_Ehdr elf{};
  std::memcpy(&elf, bytes.data(), sizeof elf);
  elf.e_shoff = static_cast<Elf32_Off>(bytes.size());
  elf.e_shentsize = sizeof(Elf32_Shdr);
  elf.e_shnum = 2;
  elf.e_shstrndx = 1;
  std::memcpy(bytes.data(), &elf, sizeof elf);
  append({reinterpret_cast<const char*>(sections), sizeof sections});
  return bytes;
}

TEST(Firmware, NamesItsCompiler) {
  const auto compilerOf = [](std::string_view comment) {
    return readFirmware(elfWithComment(comment), "x")->compiler;
  };
  EXPECT_EQ(compilerOf({"GCC: (15:12.2.rel1-1) 12.2.1 20221205\0more", 42}), "GCC 12.2.1");
  EXPECT_EQ(compilerOf("GCC: (GNU) 9.3.0"), "GCC 9.3.0");
  EXPECT_EQ(compilerOf("clang version 17.0.1"), "clang version 17.0.1");
  EXPECT_EQ(compilerOf(std::string(500, 'x')), std::string(60, 'x'));
  EXPECT_EQ(compilerOf(""), "");
  EXPECT_EQ(readFirmware(smallElf(), "x")->compiler, "");
}

TEST(Firmware, ThatIsNoneIsRefused) {
  EXPECT_EQ(readFirmware({}, "x").error().text(), "x: is no 32-bit little-endian Arm ELF file");
  auto bytes = smallElf();
  bytes[sizeof(Elf32_Ehdr) + sizeof(Elf32_Phdr) + MCUPROF_HEADER_OFFSET] = std::byte{0};
  EXPECT_EQ(readFirmware(bytes, "x").error().text(), "x: holds no device agent of mcuprof");
}

TEST(Firmware, ThatIsCutShortIsRefusedAtEveryLength) {
  const auto bytes = smallElf();
  for (std::size_t size = 0; size < bytes.size(); ++size) {
    EXPECT_FALSE(readFirmware(std::span(bytes).first(size), "x")) << size;
  }
}

TEST(Firmware, WithAnyDamageGivesAnErrorOrAnImage) {
  constexpr std::size_t kHeaders = sizeof(Elf32_Ehdr) + sizeof(Elf32_Phdr);
  constexpr std::size_t kSections = 2 * sizeof(Elf32_Shdr);
  const auto good = elfWithComment("GCC: (GNU) 9.3.0");
  for (unsigned seed = 0; seed < 2000; ++seed) {
    std::mt19937 random(seed);
    auto bytes = good;
    for (int i = 0; i < 4; ++i) {
      const std::size_t place = random() % (kHeaders + kSections);
      bytes[place < kHeaders ? place : bytes.size() - (place - kHeaders) - 1] =
          static_cast<std::byte>(random() % 256);
    }
    const auto image = readFirmware(bytes, "x");
    EXPECT_TRUE(!image || image->bytes.size() <= 8U * 1024 * 1024);
  }
}

}  // namespace
}  // namespace mcuprof
