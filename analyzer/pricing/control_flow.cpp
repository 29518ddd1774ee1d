#include "analyzer/pricing/control_flow.hpp"

#include <algorithm>
#include <limits>
#include <optional>

#include "analyzer/pricing/loops.hpp"

namespace mcuprof {
namespace {

constexpr std::uint32_t kNone = BasicBlock::kNone;
/// A function with more blocks is no function; the search for its loops could take long.
constexpr std::size_t kMostBlocks = 65536;
constexpr std::size_t kMostTableEntries = 1024;

/// Decodes what control can reach, starting at the function's first instruction.
class Walker {
 public:
  Walker(const Function& function, const Disassembler& disassembler)
      : m_function(function),
        m_disassembler(disassembler),
        m_seen(function.bytes.size() + 1, 0),
        m_covered(function.bytes.size() + 4, 0),
        m_tableEntriesLeft(function.bytes.size()) {}

  ControlFlow walk() {
    m_work.push_back(m_function.address);
    m_starts.push_back(m_function.address);
    follow();
    if (m_function.mapped) decodeRest();
    finish();
    return std::move(m_flow);
  }

 private:
  bool inside(std::uint32_t address) const {
    return address >= m_function.address && address < m_function.end && (address & 1) == 0;
  }

  /// First address at or after `address` that is data, or the end of the function.
  std::uint32_t codeEnd(std::uint32_t address) const {
    const auto& data = m_function.data;
    const auto next =
        std::upper_bound(data.begin(), data.end(), address,
                         [](std::uint32_t at, const AddressRange& r) { return at < r.end; });
    if (next == data.end()) return m_function.end;
    return std::max(next->first, address);
  }

  void follow() {
    while (!m_work.empty()) {
      const std::uint32_t start = m_work.back();
      m_work.pop_back();
      if (inside(start) && m_seen[start - m_function.address] == 0) decodeFrom(start);
    }
  }

  void decodeFrom(std::uint32_t start) {
    const std::uint32_t end = codeEnd(start);
    if (end == start) return;
    const auto bytes = m_function.bytes.subspan(start - m_function.address, end - start);
    std::uint32_t at = start;  // first address not decoded
    bool flows = true;         // control runs on to it
    m_disassembler.run(bytes, start, [&](const Instruction& instruction) {
      char& seen = m_seen[instruction.address - m_function.address];
      if (seen != 0) {
        flows = false;
        return false;
      }
      seen = 1;
      at = instruction.end();
      flows = !endsFlow(instruction);
      std::fill_n(m_covered.begin() + (instruction.address - m_function.address), instruction.size,
                  '\1');
      m_flow.instructions.push_back(instruction);
      if (instruction.hasTarget && !isCall(instruction)) m_work.push_back(instruction.target);
      if (instruction.kind == InstructionKind::TableBranch) readTable(instruction);
      if (instruction.kind == InstructionKind::IndirectBranch) ++m_flow.unresolvedJumps;
      return true;
    });
    if (flows && at < end) ++m_flow.undecoded;
  }

  static bool isCall(const Instruction& instruction) {
    return instruction.kind == InstructionKind::Call ||
           instruction.kind == InstructionKind::IndirectCall;
  }

  /// How many entries a table has, as the comparison before it tells: `cmp rX, #6`, `bhi default`.
  std::optional<std::size_t> entriesOf(const Instruction& branch) const {
    const std::uint32_t index = branch.encoding >> 16 & 15;
    const auto& before = m_flow.instructions;  // the branch is the last
    for (std::size_t back = 2; back <= std::min<std::size_t>(before.size(), 8); ++back) {
      const Instruction& each = before[before.size() - back];
      if (each.end() != before[before.size() - back + 1].address) break;
      // Armv7-M ARM (DDI 0403) A7.7.27: CMP (immediate), T1 with 8 bits, T2 as far as it is not
      // rotated.
      if (each.size == 2 && (each.encoding & 0xf800) == 0x2800 &&
          (each.encoding >> 8 & 7) == index) {
        return (each.encoding & 0xff) + 1;
      }
      if (each.size == 4 && (each.encoding & 0xff00fff0u) == 0x0f00f1b0u &&
          (each.encoding & 15) == index) {
        return (each.encoding >> 16 & 0xff) + 1;
      }
    }
    return std::nullopt;
  }

  /// TBB [pc, rX] and TBH: offsets in halfwords from the table itself, which stands right behind.
  /// It ends after as many entries as were compared for, or where the nearest of its own targets
  /// begins.
  void readTable(const Instruction& instruction) {
    // Armv7-M ARM (DDI 0403) A7.7.182: hw1 = 0xe8d0 | Rn, hw2 bit 4 tells TBH. Rn 15 is the PC.
    const bool halfwords = (instruction.encoding >> 20 & 1) != 0;
    if ((instruction.encoding & 15) != 15) {
      ++m_flow.unresolvedJumps;
      return;
    }
    const std::uint32_t table = instruction.end();
    const std::uint32_t step = halfwords ? 2 : 1;
    std::uint32_t nearest = std::numeric_limits<std::uint32_t>::max();
    std::vector<std::uint32_t> targets;
    const std::size_t most = std::min({entriesOf(instruction).value_or(kMostTableEntries),
                                       kMostTableEntries, m_tableEntriesLeft});
    for (std::uint32_t at = table;
         at + step <= m_function.end && at < nearest && targets.size() < most; at += step) {
      const std::size_t offset = at - m_function.address;
      std::uint32_t entry = std::to_integer<std::uint32_t>(m_function.bytes[offset]);
      if (halfwords) entry |= std::to_integer<std::uint32_t>(m_function.bytes[offset + 1]) << 8;
      const std::uint32_t target = table + 2 * entry;
      if (entry == 0 || !inside(target)) {
        if (at + step < nearest && entry != 0) break;
        continue;  // padding before the first case
      }
      nearest = std::min(nearest, target);
      targets.push_back(target);
      m_work.push_back(target);
    }
    m_tableEntriesLeft -= targets.size();
    m_tables.emplace_back(instruction.address, std::move(targets));
  }

  /// Code that no known jump leads to: behind tables we cannot read, or reached by a computed
  /// address.
  void decodeRest() {
    std::sort(m_flow.instructions.begin(), m_flow.instructions.end(),
              [](const auto& a, const auto& b) { return a.address < b.address; });
    const std::size_t known = m_flow.instructions.size();
    std::vector<AddressRange> gaps;
    std::uint32_t at = m_function.address;
    for (std::size_t i = 0; i <= known; ++i) {
      const std::uint32_t next = i < known ? m_flow.instructions[i].address : m_function.end;
      if (next > at) gaps.push_back({at, next});
      if (i < known) at = std::max(at, m_flow.instructions[i].end());
    }
    for (const AddressRange& gap : gaps) {
      for (std::uint32_t start = gap.first; start + 2 <= gap.end; start += 2) {
        if (m_covered[start - m_function.address] != 0 || isPadding(start)) continue;
        if (codeEnd(start) == start) {
          start = std::max(start, dataEnd(start) - 2);
          continue;
        }
        m_starts.push_back(start);
        m_work.push_back(start);
        follow();
      }
    }
  }

  /// First address behind the data that holds this one, on a halfword.
  std::uint32_t dataEnd(std::uint32_t address) const {
    const auto& data = m_function.data;
    const auto range =
        std::upper_bound(data.begin(), data.end(), address,
                         [](std::uint32_t at, const AddressRange& r) { return at < r.end; });
    return range == data.end() ? address + 2 : range->end + (range->end & 1);
  }

  /// Zeros and no-operations that align what follows.
  bool isPadding(std::uint32_t at) const {
    const std::size_t offset = at - m_function.address;
    const std::uint32_t half = std::to_integer<std::uint32_t>(m_function.bytes[offset]) |
                               std::to_integer<std::uint32_t>(m_function.bytes[offset + 1]) << 8;
    return half == 0 || half == 0xbf00 || half == 0x0001;
  }

  void finish() {
    auto& instructions = m_flow.instructions;
    std::sort(instructions.begin(), instructions.end(),
              [](const auto& a, const auto& b) { return a.address < b.address; });
    std::vector<std::vector<std::uint32_t>> tables(instructions.size());
    for (auto& [address, targets] : m_tables) {
      const auto at =
          std::lower_bound(instructions.begin(), instructions.end(), address,
                           [](const Instruction& i, std::uint32_t a) { return i.address < a; });
      tables[static_cast<std::size_t>(at - instructions.begin())] = std::move(targets);
    }
    buildBlocks(m_flow, m_starts, tables);
  }

  const Function& m_function;
  const Disassembler& m_disassembler;
  ControlFlow m_flow;
  std::vector<char> m_seen;     ///< an instruction starts here
  std::vector<char> m_covered;  ///< an instruction has this byte
  /// Tables that overlap, which no compiler makes, would otherwise have more entries than the
  /// function bytes.
  std::size_t m_tableEntriesLeft;
  std::vector<std::uint32_t> m_work;
  std::vector<std::uint32_t> m_starts;
  std::vector<std::pair<std::uint32_t, std::vector<std::uint32_t>>> m_tables;
};

}  // namespace

void buildBlocks(ControlFlow& flow, std::span<const std::uint32_t> starts,
                 std::span<const std::vector<std::uint32_t>> tableTargets) {
  const auto& instructions = flow.instructions;
  const auto indexOf = [&](std::uint32_t address) -> std::optional<std::size_t> {
    const auto at =
        std::lower_bound(instructions.begin(), instructions.end(), address,
                         [](const Instruction& i, std::uint32_t a) { return i.address < a; });
    if (at == instructions.end() || at->address != address) return std::nullopt;
    return static_cast<std::size_t>(at - instructions.begin());
  };
  std::vector<char> leader(instructions.size() + 1, 0);
  const auto lead = [&](std::uint32_t address) {
    if (const auto at = indexOf(address)) leader[*at] = 1;
  };
  for (const std::uint32_t start : starts) lead(start);
  for (std::size_t i = 0; i < instructions.size(); ++i) {
    const Instruction& instruction = instructions[i];
    const bool call = instruction.kind == InstructionKind::Call;
    if (instruction.hasTarget && !call) lead(instruction.target);
    for (const std::uint32_t target : tableTargets[i]) lead(target);
    if (endsBlock(instruction)) leader[i + 1] = 1;
    // Overlapping decodings of the same bytes never fall through into each other.
    if (i + 1 < instructions.size() && instructions[i + 1].address != instruction.end()) {
      leader[i + 1] = 1;
    }
  }
  flow.blocks.clear();
  std::vector<std::uint32_t> blockOf(instructions.size(), kNone);
  for (std::size_t i = 0; i < instructions.size(); ++i) {
    if (i == 0 || leader[i] != 0) flow.blocks.emplace_back().first = i;
    ++flow.blocks.back().count;
    blockOf[i] = static_cast<std::uint32_t>(flow.blocks.size() - 1);
  }
  for (BasicBlock& block : flow.blocks) {
    const std::size_t lastIndex = block.first + block.count - 1;
    const Instruction& last = instructions[lastIndex];
    const auto link = [&](std::uint32_t address) {
      const auto at = indexOf(address);
      if (!at) return kNone;
      block.successors.push_back(blockOf[*at]);
      return blockOf[*at];
    };
    if (last.hasTarget && last.kind != InstructionKind::Call) block.taken = link(last.target);
    for (const std::uint32_t target : tableTargets[lastIndex]) link(target);
    if (!endsFlow(last)) link(last.end());
    std::sort(block.successors.begin(), block.successors.end());
    block.successors.erase(std::unique(block.successors.begin(), block.successors.end()),
                           block.successors.end());
  }
  flow.loopOf.assign(flow.blocks.size(), kNone);
  if (flow.blocks.size() > kMostBlocks) return;
  std::vector<std::uint32_t> entries;
  for (const std::uint32_t start : starts) {
    if (const auto at = indexOf(start)) entries.push_back(blockOf[*at]);
  }
  findLoops(flow, entries);
}

ControlFlow findControlFlow(const Function& function, const Disassembler& disassembler) {
  return Walker(function, disassembler).walk();
}

}  // namespace mcuprof
