#include "device-agent/virtual-board/memory_map.hpp"

#include <algorithm>
#include <cstdlib>

#include "device-agent/virtual-board/bytes.hpp"

namespace mcuprof::vboard {
namespace {

constexpr std::uint32_t kPage = 4096;

}  // namespace

void MemoryMap::Free::operator()(std::byte* p) const {
  std::free(p);
}

std::byte* MemoryMap::allocate(std::uint32_t size, std::byte fill) {
  const std::uint32_t rounded = (size + kPage - 1) / kPage * kPage;
  m_storage.emplace_back(static_cast<std::byte*>(std::aligned_alloc(kPage, rounded)));
  std::fill_n(m_storage.back().get(), rounded, fill);
  return m_storage.back().get();
}

MemoryMap::MemoryMap(const Board& board, const Chip& chip) {
  for (const Memory& memory : board.memories) {
    if (!memory.base || *memory.base > 0xffffffffu || memory.kind == MemoryKind::Sd) continue;
    const auto base = static_cast<std::uint32_t>(*memory.base);
    const auto size = static_cast<std::uint32_t>(memory.size.value);
    // Backup SRAM lies among the peripherals, whose registers keep what is written to them.
    if (base >= 0x40000000u && base < 0x60000000u) continue;
    if (memory.kind == MemoryKind::Flash) {
      if (m_flash.empty()) m_flash = {allocate(size, std::byte{0xff}), size};
      m_regions.push_back({memory.name, base, size, Storage::Flash, m_flash.data()});
    } else if (memory.kind == MemoryKind::Tcm || memory.kind == MemoryKind::Sram) {
      m_regions.push_back({memory.name, base, size, Storage::Ram, allocate(size, std::byte{0})});
    }
  }
  // Without TCM the boot memory shows at address zero.
  if (find(0, 4) == nullptr) {
    m_regions.push_back(
        {"boot", 0, static_cast<std::uint32_t>(m_flash.size()), Storage::Flash, m_flash.data()});
  }
  const std::uint32_t romBase = chip.flashSizeAddress / 0x10000 * 0x10000;
  std::byte* rom = allocate(0x10000, std::byte{0xff});
  m_regions.push_back({"system", romBase, 0x10000, Storage::Rom, rom});
  write16({rom, 0x10000}, chip.flashSizeAddress - romBase,
          static_cast<std::uint32_t>(m_flash.size() / 1024));
}

const MappedRegion* MemoryMap::find(std::uint32_t address, std::uint32_t count) const {
  const auto found =
      std::find_if(m_regions.begin(), m_regions.end(),
                   [&](const MappedRegion& region) { return region.contains(address, count); });
  return found == m_regions.end() ? nullptr : &*found;
}

std::span<std::byte> MemoryMap::bytesAt(std::uint32_t address, std::uint32_t count) {
  const MappedRegion* region = find(address, count);
  if (region == nullptr) return {};
  return {region->bytes + (address - region->base), count};
}

std::span<const std::byte> MemoryMap::bytesAt(std::uint32_t address, std::uint32_t count) const {
  return const_cast<MemoryMap*>(this)->bytesAt(address, count);
}

bool MemoryMap::flashOffset(std::uint32_t address, std::uint32_t& offset) const {
  const MappedRegion* region = find(address, 1);
  if (region == nullptr || region->storage != Storage::Flash) return false;
  offset = address - region->base;
  return true;
}

}  // namespace mcuprof::vboard
