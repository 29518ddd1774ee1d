#include "analyzer/pricing/loop_path.hpp"

#include <algorithm>
#include <optional>
#include <utility>

#include "analyzer/pricing/macs.hpp"

namespace mcuprof {
namespace {

/// Looks for the dearest and the cheapest way. Inner loops are passed as one step that costs
/// nothing.
class PathFinder {
 public:
  PathFinder(const ControlFlow& flow, const Loop& loop, const Corrections& corrections,
             const Disassembler& disassembler)
      : m_flow(flow), m_loop(loop), m_corrections(corrections) {
    m_id = static_cast<std::uint32_t>(&loop - flow.loops.data());
    for (const std::uint32_t block : loop.blocks) addNode(block, BasicBlock::kNone, disassembler);
    for (const std::uint32_t inner : loop.inner) {
      addNode(flow.loops[inner].header, inner, disassembler);
    }
    order();
  }

  LoopPath find(bool dearest) const {
    // Best way from each node to a latch, latest nodes first.
    std::vector<Best> best(m_nodes.size());
    for (const std::size_t n : m_order) {
      const Node& node = m_nodes[n];
      for (const Exit& exit : node.exits) {
        Best way;
        way.valid = exit.back || best[exit.to].valid;
        if (!way.valid) continue;
        way.macs = node.macs + (exit.back ? 0 : best[exit.to].macs);
        way.weight = node.weight + exit.refill + (exit.back ? 0 : best[exit.to].weight);
        way.exit = static_cast<std::size_t>(&exit - node.exits.data());
        const bool better =
            dearest ? std::pair(way.macs, way.weight) > std::pair(best[n].macs, best[n].weight)
                    : way.weight < best[n].weight;
        if (!best[n].valid || better) best[n] = way;
      }
    }
    LoopPath path;
    for (std::size_t n = 0; best[n].valid;) {
      const Node& node = m_nodes[n];
      if (node.inner == BasicBlock::kNone) {
        path.blocks.push_back(node.block);
      } else {
        ++path.innerLoops;
      }
      const Exit& exit = node.exits[best[n].exit];
      path.refill += exit.refill;
      path.taken += exit.refill > 0 ? 1 : 0;
      if (exit.back) return path;
      n = exit.to;
    }
    path.blocks = {m_loop.header};  // an irreducible tangle: the header alone
    return path;
  }

 private:
  struct Exit {
    std::size_t to = 0;
    bool back = false;
    double refill = 0;
  };
  struct Node {
    std::uint32_t block = 0;
    std::uint32_t inner = BasicBlock::kNone;
    std::int64_t macs = 0;
    double weight = 0;
    std::vector<Exit> exits;
  };
  struct Best {
    bool valid = false;
    std::int64_t macs = 0;
    double weight = 0;
    std::size_t exit = 0;
  };

  void addNode(std::uint32_t block, std::uint32_t inner, const Disassembler& disassembler) {
    Node node{.block = block, .inner = inner, .macs = 0, .weight = 0, .exits = {}};
    if (inner == BasicBlock::kNone) {
      const BasicBlock& b = m_flow.blocks[block];
      const auto run = std::span(m_flow.instructions).subspan(b.first, b.count);
      node.macs = countMacs(run, disassembler.details(run)).value;
      node.weight = static_cast<double>(b.count);
    }
    m_nodeOf.emplace_back(inner == BasicBlock::kNone ? block : inner + m_flow.blocks.size(),
                          m_nodes.size());
    m_nodes.push_back(std::move(node));
  }

  /// The node that holds a block: itself, or the loop right inside this one; none outside of this
  /// loop.
  std::optional<std::size_t> nodeOf(std::uint32_t block) const {
    std::uint32_t loop = m_flow.loopOf[block];
    std::size_t key = block;
    while (loop != m_id) {
      if (loop == BasicBlock::kNone) return std::nullopt;
      key = loop + m_flow.blocks.size();
      loop = m_flow.loops[loop].parent;
    }
    const auto at =
        std::lower_bound(m_nodeOf.begin(), m_nodeOf.end(), std::pair(key, std::size_t{0}));
    if (at == m_nodeOf.end() || at->first != key) return std::nullopt;
    return at->second;
  }

  void addExits(Node& node, std::uint32_t block, std::size_t self) {
    const BasicBlock& b = m_flow.blocks[block];
    const Instruction& last = m_flow.instructions[b.first + b.count - 1];
    for (const std::uint32_t next : b.successors) {
      const auto to = nodeOf(next);
      if (!to || (*to == self && next != m_loop.header)) continue;
      Exit exit;
      exit.back = next == m_loop.header;
      exit.to = *to;
      const bool taken = next == b.taken || last.kind == InstructionKind::TableBranch;
      exit.refill = taken ? takenCycles(m_corrections, last) : 0;
      node.exits.push_back(exit);
    }
  }

  void collectBlocks(std::uint32_t loop, std::vector<std::uint32_t>& blocks) const {
    std::vector<std::uint32_t> open = {loop};
    while (!open.empty()) {
      const Loop& inner = m_flow.loops[open.back()];
      open.pop_back();
      blocks.insert(blocks.end(), inner.blocks.begin(), inner.blocks.end());
      open.insert(open.end(), inner.inner.begin(), inner.inner.end());
    }
  }

  /// Node 0 must be the header's; m_order ends with it: every node comes after those it leads to.
  void order() {
    std::sort(m_nodeOf.begin(), m_nodeOf.end());
    const auto header = nodeOf(m_loop.header);
    if (header && *header != 0) {
      std::swap(m_nodes[0], m_nodes[*header]);
      for (auto& [key, node] : m_nodeOf) {
        node = node == 0 ? *header : node == *header ? 0 : node;
      }
    }
    for (std::size_t n = 0; n < m_nodes.size(); ++n) {
      if (m_nodes[n].inner == BasicBlock::kNone) {
        addExits(m_nodes[n], m_nodes[n].block, n);
      } else {
        std::vector<std::uint32_t> blocks;
        collectBlocks(m_nodes[n].inner, blocks);
        for (const std::uint32_t block : blocks) addExits(m_nodes[n], block, n);
      }
    }
    enum State : char { New, Open, Done };
    std::vector<char> state(m_nodes.size(), New);
    std::vector<std::pair<std::size_t, std::size_t>> stack = {{0, 0}};
    state[0] = Open;
    while (!stack.empty()) {
      auto& [n, next] = stack.back();
      auto& exits = m_nodes[n].exits;
      if (next == exits.size()) {
        state[n] = Done;
        m_order.push_back(n);
        stack.pop_back();
        continue;
      }
      const Exit exit = exits[next];
      if (!exit.back && state[exit.to] == Open) {  // a cycle without a header of its own: cut it
        exits.erase(exits.begin() + static_cast<std::ptrdiff_t>(next));
        continue;
      }
      ++next;
      if (!exit.back && state[exit.to] == New) {
        state[exit.to] = Open;
        stack.emplace_back(exit.to, 0);
      }
    }
  }

  const ControlFlow& m_flow;
  const Loop& m_loop;
  const Corrections& m_corrections;
  std::uint32_t m_id = 0;
  std::vector<Node> m_nodes;
  std::vector<std::pair<std::size_t, std::size_t>>
      m_nodeOf;  ///< block, or block count + loop; sorted
  std::vector<std::size_t> m_order;
};

}  // namespace

LoopPaths findLoopPaths(const ControlFlow& flow, const Loop& loop, const Corrections& corrections,
                        const Disassembler& disassembler) {
  const PathFinder finder(flow, loop, corrections, disassembler);
  return {finder.find(true), finder.find(false)};
}

double takenCycles(const Corrections& corrections, const Instruction& last) {
  switch (last.kind) {
    case InstructionKind::Branch:
    case InstructionKind::ConditionalBranch:
    case InstructionKind::Return:
    case InstructionKind::IndirectBranch:
    case InstructionKind::TableBranch:
    case InstructionKind::LoopStartWhile:
      return corrections.takenBranch.cycles;
    default:
      return 0;
  }
}

}  // namespace mcuprof
