#pragma once

#include <cstddef>
#include <cstdint>
#include <span>
#include <string>
#include <vector>

#include "analyzer/base/result.hpp"
#include "device-agent/firmware/agent/protocol.h"

namespace mcuprof {

/// What to flash: the loadable bytes of an ELF file as they lie in flash, gaps filled with 0xff.
struct FirmwareImage {
  std::uint32_t address = 0;
  std::vector<std::byte> bytes;
  /// The image header found in it, with a protocol that this program speaks.
  mcuprof_image_header header{};
  std::string buildId;   ///< 40 hexadecimal digits
  std::string compiler;  ///< "GCC 12.2.1"; empty where the file does not say
};

/// Reads a 32-bit little-endian ELF file of the device agent. `name` is how errors call it.
Result<FirmwareImage> readFirmware(std::span<const std::byte> elf, const std::string& name);

/// The header and build id in bytes that begin where the flash does; an error when there is none,
/// or one that cannot be right. Takes any bytes, as what is found on a board.
struct FoundHeader {
  mcuprof_image_header header{};
  std::string buildId;
};
Result<FoundHeader> findHeader(std::span<const std::byte> flash);
/// Bytes of flash that findHeader() looks at.
inline constexpr std::uint32_t kHeaderReach = MCUPROF_HEADER_OFFSET + 256;

/// The agent's image for a board, "nucleo-f767zi": share/mcuprof/firmware of the installation, or
/// the build tree that this program lies in. The error names where it was looked for.
Result<std::string> findFirmware(const std::string& board);

/// "1.2.3" of a version as the agent has it.
std::string versionText(std::uint32_t version);
/// "portable", "dsp", "cmsis-nn"; "unknown 7".
std::string kernelLibraryName(std::uint32_t number);

}  // namespace mcuprof
