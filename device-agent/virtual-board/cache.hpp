#pragma once

#include <cstddef>
#include <cstdint>
#include <vector>

namespace mcuprof::vboard {

/// A set-associative cache of which only the tags exist. Least recently used leaves first.
class Cache {
 public:
  Cache() = default;
  /// `bytes` is a multiple of `lineBytes * ways`; `lineBytes` and the number of sets are powers of
  /// two.
  Cache(std::uint32_t bytes, std::uint32_t lineBytes, std::uint32_t ways)
      : m_ways(ways), m_sets(bytes / lineBytes / ways), m_lines(bytes / lineBytes) {
    while ((1u << m_lineShift) < lineBytes) ++m_lineShift;
  }

  struct Access {
    bool hit = true;
    bool evictedDirty = false;
  };

  std::uint32_t lineBytes() const { return 1u << m_lineShift; }
  std::uint32_t lineOf(std::uint32_t address) const { return address >> m_lineShift; }

  /// Touches the line of an address and brings it in when `allocate`.
  Access touch(std::uint32_t address, bool write, bool allocate) {
    const std::uint32_t line = lineOf(address);
    Line* set = &m_lines[std::size_t{line & (m_sets - 1)} * m_ways];
    const std::uint32_t tag = line + 1;  // 0 is an empty line
    for (std::uint32_t way = 0; way < m_ways; ++way) {
      if (set[way].tag != tag) continue;
      Line found = set[way];
      found.dirty = found.dirty || write;
      for (; way > 0; --way) set[way] = set[way - 1];
      set[0] = found;
      return {};
    }
    if (!allocate) return {false, false};
    const bool dirty = set[m_ways - 1].dirty;
    for (std::uint32_t way = m_ways - 1; way > 0; --way) set[way] = set[way - 1];
    set[0] = {tag, write};
    return {false, dirty};
  }

  void invalidate() {
    for (Line& line : m_lines) line = {};
  }

 private:
  struct Line {
    std::uint32_t tag = 0;
    bool dirty = false;
  };
  std::uint32_t m_ways = 1;
  std::uint32_t m_sets = 1;
  std::uint32_t m_lineShift = 0;
  std::vector<Line> m_lines;
};

}  // namespace mcuprof::vboard
