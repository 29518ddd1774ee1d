#pragma once

#include <cstdint>
#include <vector>

#include "analyzer/target/target.hpp"
#include "device-agent/virtual-board/block_timing.hpp"
#include "device-agent/virtual-board/cache.hpp"
#include "device-agent/virtual-board/chip.hpp"
#include "device-agent/virtual-board/ticks.hpp"

namespace mcuprof::vboard {

/// What software has switched on of the memory system, read from the modelled registers.
struct MemorySettings {
  std::uint32_t flashWaitStates = 0;
  bool prefetch = false;
  bool acceleratorInstructions = false;  ///< ART: instruction cache (F7: both)
  bool acceleratorData = false;          ///< ART: data cache (F7: both)
  bool l1Instructions = false;
  bool l1Data = false;

  bool operator==(const MemorySettings&) const = default;
};

/// Cycles that an access waits longer than the price of its instruction says (which takes memory to
/// answer at once). docs/virtual-board.md lists the figures; those without a source in the board
/// file are assumed.
class MemoryTiming {
 public:
  MemoryTiming(const Board& board, const Chip& chip);

  void configure(const MemorySettings& settings);
  const MemorySettings& settings() const { return m_settings; }
  void invalidateL1Instructions();
  void invalidateL1Data();
  void invalidateAccelerator();

  /// Fetching a block: all its lines, on entry. `sequential`: control ran on into it.
  Ticks fetch(TimedBlock& block, bool sequential) {
    const Path path = m_paths[block.start >> kPathShift];
    if (path == Path::Free || block.fetchGeneration == m_generation) return 0;
    return slowFetch(path, block, sequential);
  }

  /// Reading or writing data. The address need not be memory.
  Ticks access(std::uint32_t address, bool write) {
    const Path path = m_paths[address >> kPathShift];
    if (path == Path::Free) return 0;
    return slowAccess(path, address, write);
  }

 private:
  enum class Path : std::uint8_t { Free, SramL1, FlashL1, FlashArt, FlashDirect, Peripheral };
  static constexpr unsigned kPathShift = 12;

  Ticks slowFetch(Path path, TimedBlock& block, bool sequential);
  Ticks slowAccess(Path path, std::uint32_t address, bool write);
  Ticks fetchLine(Path path, std::uint32_t address, bool sequential, Ticks lineTicks);
  std::uint32_t fetchStep(Path path) const;

  MemorySettings m_settings;
  std::vector<Path> m_paths;
  Cache m_l1Instructions;
  Cache m_l1Data;
  Cache m_artInstructions;
  Cache m_artData;
  bool m_unifiedArt = false;
  std::uint32_t m_flashLineBytes = 16;
  std::uint32_t m_lastFlashLine = 0xffffffffu;  ///< in the read buffer of the flash
  std::uint32_t m_lastFetch = 0xffffffffu;      ///< the piece fetched last
  /// Rises whenever an instruction cache changes; a block that was all hits at this generation is
  /// all hits still.
  std::uint64_t m_generation = 1;
};

}  // namespace mcuprof::vboard
