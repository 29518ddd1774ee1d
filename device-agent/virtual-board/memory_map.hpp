#pragma once

#include <cstddef>
#include <cstdint>
#include <memory>
#include <span>
#include <string>
#include <vector>

#include "analyzer/target/target.hpp"
#include "device-agent/virtual-board/chip.hpp"

namespace mcuprof::vboard {

enum class Storage : std::uint8_t { Ram, Flash, Rom };

/// A range of addresses with bytes behind it. Two regions may show the same bytes.
struct MappedRegion {
  std::string name;
  std::uint32_t base = 0;
  std::uint32_t size = 0;
  Storage storage = Storage::Ram;
  std::byte* bytes = nullptr;

  bool contains(std::uint32_t address, std::uint32_t count) const {
    return address >= base && address - base <= size && count <= size - (address - base);
  }
};

/// The memories of a board: RAM (zero at power-on), flash (erased), and the ROM area with the
/// words that a debugger reads. Pages of 4 KiB: the emulator maps no smaller ones.
class MemoryMap {
 public:
  MemoryMap(const Board& board, const Chip& chip);

  std::span<const MappedRegion> regions() const { return m_regions; }

  /// The region that holds all `count` bytes from `address`, or null.
  const MappedRegion* find(std::uint32_t address, std::uint32_t count) const;

  /// The bytes themselves; empty where there is no memory. Writing them bypasses the emulator.
  std::span<std::byte> bytesAt(std::uint32_t address, std::uint32_t count);
  std::span<const std::byte> bytesAt(std::uint32_t address, std::uint32_t count) const;

  std::span<std::byte> flash() { return m_flash; }
  /// Offset into flash of an address in it or in one of its aliases.
  bool flashOffset(std::uint32_t address, std::uint32_t& offset) const;

 private:
  struct Free {
    void operator()(std::byte* p) const;
  };
  std::byte* allocate(std::uint32_t size, std::byte fill);

  std::vector<std::unique_ptr<std::byte[], Free>> m_storage;
  std::vector<MappedRegion> m_regions;
  std::span<std::byte> m_flash;
};

}  // namespace mcuprof::vboard
