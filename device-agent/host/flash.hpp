#pragma once

#include <cstddef>
#include <cstdint>
#include <functional>
#include <span>
#include <string_view>
#include <vector>

#include "analyzer/base/result.hpp"
#include "device-agent/host/openocd.hpp"

namespace mcuprof {

struct FlashSector {
  std::uint32_t address = 0;
  std::uint32_t bytes = 0;
  friend bool operator==(const FlashSector&, const FlashSector&) = default;
};

/// The sectors in OpenOCD's answer to "flash info 0", in rising order; empty when it has none.
std::vector<FlashSector> sectorsOf(std::string_view answer);

/// Pieces to write `bytes` bytes at `address` in, each made of whole sectors as far as it goes, in
/// the order to write them in: the piece that holds the beginning comes last, so that a header
/// there is proof of the rest. An error when they leave the flash or do not begin at a sector.
struct FlashPiece {
  std::uint32_t address = 0;
  std::size_t offset = 0;
  std::size_t bytes = 0;
  friend bool operator==(const FlashPiece&, const FlashPiece&) = default;
};
Result<std::vector<FlashPiece>> planFlash(std::span<const FlashSector> sectors,
                                          std::uint32_t address, std::size_t bytes);

/// Called with bytes written and bytes to write.
using Progress = std::function<void(std::size_t, std::size_t)>;

/// Erases what it must and writes. The core is halted. When it ends early, the sector with the
/// beginning is erased.
Result<void> writeFlash(Openocd& openocd, std::uint32_t address, std::span<const std::byte> bytes,
                        const Progress& progress);

/// Writes RAM through a file, which is fast for more than some words.
Result<void> writeRam(Openocd& openocd, std::uint32_t address, std::span<const std::byte> bytes);

}  // namespace mcuprof
