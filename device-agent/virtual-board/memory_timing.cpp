#include "device-agent/virtual-board/memory_timing.hpp"

#include <algorithm>

namespace mcuprof::vboard {
namespace {

// Assumed: no public text gives the cycles of these paths. They are of the size that the bus
// structure suggests (AXI of 64 bits with a register slice on each side; AHB and APB bridges) and
// are listed in docs/virtual-board.md.
constexpr std::uint32_t kAxiCycles = 4;           // Cortex-M7 to anything behind its AXI port
constexpr std::uint32_t kAxiStoreCycles = 0;      // stores leave through a buffer
constexpr std::uint32_t kLineTransferCycles = 3;  // the words of a line behind the first
constexpr std::uint32_t kDirtyLineCycles = 4;     // an evicted line that was written
constexpr std::uint32_t kPeripheralCycles = 4;    // AHB and an APB bridge

std::uint32_t valueOr(const std::optional<Sourced<std::int64_t>>& value, std::uint32_t otherwise) {
  return value ? static_cast<std::uint32_t>(value->value) : otherwise;
}
std::uint32_t valueOr(const std::optional<Sourced<int>>& value, std::uint32_t otherwise) {
  return value ? static_cast<std::uint32_t>(value->value) : otherwise;
}

}  // namespace

MemoryTiming::MemoryTiming(const Board& board, const Chip& chip)
    : m_paths(std::size_t{1} << (32 - kPathShift), Path::Free) {
  const auto fill = [&](std::uint64_t base, std::uint64_t size, Path path) {
    const auto first = static_cast<std::ptrdiff_t>(base >> kPathShift);
    const auto count = static_cast<std::ptrdiff_t>((size + 0xfff) >> kPathShift);
    std::fill_n(m_paths.begin() + first, count, path);
  };
  fill(0x40000000, 0x20000000, Path::Peripheral);
  for (const Memory& memory : board.memories) {
    if (!memory.base || *memory.base >= 0x40000000) continue;
    const auto size = static_cast<std::uint64_t>(memory.size.value);
    const bool l1 = memory.front && memory.front->name == "l1";
    if (memory.front && l1) {
      const MemoryFront& front = *memory.front;
      const std::uint32_t line = valueOr(front.lineBytes, 32);
      m_l1Data = Cache(valueOr(front.dataBytes, 4096), line, valueOr(front.dataWays, 4));
      m_l1Instructions =
          Cache(valueOr(front.instructionBytes, 4096), line, valueOr(front.instructionWays, 2));
    } else if (memory.front && memory.front->lineBytes) {
      // ART: as many ways as lines (RM0090: least recently used of all lines).
      const MemoryFront& front = *memory.front;
      const std::uint32_t line = valueOr(front.lineBytes, 16);
      m_unifiedArt = front.unifiedBytes.has_value();
      const std::uint32_t instructions =
          valueOr(m_unifiedArt ? front.unifiedBytes : front.instructionBytes, 1024);
      m_artInstructions = Cache(instructions, line, instructions / line);
      const std::uint32_t data = valueOr(front.dataBytes, 128);
      if (!m_unifiedArt) m_artData = Cache(data, line, data / line);
    }
    if (memory.kind == MemoryKind::Flash) {
      m_flashLineBytes = valueOr(memory.widthBits, 128) / 8;
      const Path path = l1                                        ? Path::FlashL1
                        : memory.front && memory.front->lineBytes ? Path::FlashArt
                                                                  : Path::FlashDirect;
      fill(*memory.base, size, path);
      // The boot alias of a chip without TCM: same bytes, same path.
      if (chip.bootAddress == 0) fill(0, size, path);
    } else if (memory.kind == MemoryKind::Sram && l1) {
      fill(*memory.base, size, Path::SramL1);
    }
  }
}

void MemoryTiming::configure(const MemorySettings& settings) {
  if (settings == m_settings) return;
  m_settings = settings;
  ++m_generation;
}

void MemoryTiming::invalidateL1Instructions() {
  m_l1Instructions.invalidate();
  ++m_generation;
}
void MemoryTiming::invalidateL1Data() {
  m_l1Data.invalidate();
}
void MemoryTiming::invalidateAccelerator() {
  m_artInstructions.invalidate();
  m_artData.invalidate();
  m_lastFlashLine = 0xffffffffu;
  ++m_generation;
}

std::uint32_t MemoryTiming::fetchStep(Path path) const {
  switch (path) {
    case Path::SramL1:
    case Path::FlashL1:
      return m_settings.l1Instructions ? m_l1Instructions.lineBytes() : 8;  // AXI of 64 bits
    case Path::FlashArt:
    case Path::FlashDirect:
      return m_flashLineBytes;
    case Path::Free:
    case Path::Peripheral:
      break;
  }
  return 0;
}

Ticks MemoryTiming::fetchLine(Path path, std::uint32_t address, bool sequential, Ticks lineTicks) {
  const std::uint32_t waits = m_settings.flashWaitStates;
  const std::uint32_t flashLine = address / m_flashLineBytes;
  switch (path) {
    case Path::Free:
    case Path::Peripheral:
      return 0;
    case Path::SramL1:
    case Path::FlashL1: {
      const std::uint32_t first = path == Path::SramL1           ? kAxiCycles
                                  : flashLine == m_lastFlashLine ? kAxiCycles
                                                                 : kAxiCycles + waits;
      if (path == Path::FlashL1) m_lastFlashLine = flashLine;
      if (!m_settings.l1Instructions) return ticksOfCycles(first);
      if (m_l1Instructions.touch(address, false, true).hit) return 0;
      ++m_generation;
      return ticksOfCycles(first + kLineTransferCycles);
    }
    case Path::FlashArt: {
      if (m_settings.acceleratorInstructions) {
        if (m_artInstructions.touch(address, false, true).hit) return 0;
        ++m_generation;
      } else if (flashLine == m_lastFlashLine) {
        return 0;
      }
      m_lastFlashLine = flashLine;
      const Ticks stall = ticksOfCycles(waits);
      // The prefetcher began the next line when the core began this one.
      if (m_settings.prefetch && sequential) return stall > lineTicks ? stall - lineTicks : 0;
      return stall;
    }
    case Path::FlashDirect: {
      if (flashLine == m_lastFlashLine) return 0;
      m_lastFlashLine = flashLine;
      const Ticks stall = ticksOfCycles(waits);
      if (m_settings.prefetch && sequential) return stall > lineTicks ? stall - lineTicks : 0;
      return stall;
    }
  }
  return 0;
}

Ticks MemoryTiming::slowFetch(Path path, TimedBlock& block, bool sequential) {
  const std::uint32_t step = fetchStep(path);
  if (step == 0) return 0;
  const Ticks perLine = block.ticks * step / std::max(block.end - block.start, 1u);
  const std::uint64_t before = m_generation;
  Ticks stall = 0;
  for (std::uint32_t piece = block.start / step; piece <= (block.end - 1) / step; ++piece) {
    if (sequential && piece == m_lastFetch) continue;
    stall += fetchLine(path, piece * step, sequential, perLine);
    m_lastFetch = piece;
    sequential = true;
  }
  // Only what lies in a cache costs nothing for as long as the cache does not change.
  const bool cached = path == Path::FlashArt ? m_settings.acceleratorInstructions
                                             : (path == Path::SramL1 || path == Path::FlashL1) &&
                                                   m_settings.l1Instructions;
  if (cached && before == m_generation && stall == 0) block.fetchGeneration = m_generation;
  return stall;
}

Ticks MemoryTiming::slowAccess(Path path, std::uint32_t address, bool write) {
  const std::uint32_t waits = m_settings.flashWaitStates;
  switch (path) {
    case Path::Free:
      return 0;
    case Path::Peripheral:
      return write ? 0 : ticksOfCycles(kPeripheralCycles);
    case Path::SramL1:
    case Path::FlashL1: {
      const bool flash = path == Path::FlashL1;
      const std::uint32_t flashLine = address / m_flashLineBytes;
      if (!m_settings.l1Data) {
        if (write) return ticksOfCycles(kAxiStoreCycles);
        const std::uint32_t wait = flash && flashLine != m_lastFlashLine ? waits : 0;
        if (flash) m_lastFlashLine = flashLine;
        return ticksOfCycles(kAxiCycles + wait);
      }
      const Cache::Access access = m_l1Data.touch(address, write, true);
      if (access.hit) return 0;
      if (write) return ticksOfCycles(access.evictedDirty ? kDirtyLineCycles : 0);
      if (flash) m_lastFlashLine = flashLine;
      return ticksOfCycles(kAxiCycles + (flash ? waits : 0) + kLineTransferCycles +
                           (access.evictedDirty ? kDirtyLineCycles : 0));
    }
    case Path::FlashArt: {
      if (write) return 0;
      if (!m_settings.acceleratorData) return ticksOfCycles(waits);
      Cache& cache = m_unifiedArt ? m_artInstructions : m_artData;
      if (cache.touch(address, false, true).hit) return 0;
      if (m_unifiedArt) ++m_generation;
      return ticksOfCycles(waits);
    }
    case Path::FlashDirect:
      return write ? 0 : ticksOfCycles(waits);
  }
  return 0;
}

}  // namespace mcuprof::vboard
