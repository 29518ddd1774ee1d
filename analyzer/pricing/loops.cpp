#include "analyzer/pricing/loops.hpp"

#include <algorithm>
#include <utility>

namespace mcuprof {
namespace {

constexpr std::uint32_t kNone = BasicBlock::kNone;

using Edges = std::vector<std::vector<std::uint32_t>>;

Edges predecessorsOf(const std::vector<BasicBlock>& blocks) {
  Edges result(blocks.size());
  for (std::uint32_t b = 0; b < blocks.size(); ++b) {
    for (const std::uint32_t next : blocks[b].successors) result[next].push_back(b);
  }
  return result;
}

/// Semi-NCA (Georgiadis, "Linear-Time Algorithms for Dominators and Related Problems", 2005,
/// section 2.3): semidominators by path compression as Lengauer and Tarjan, then the dominator as
/// the nearest common ancestor in the tree built so far. Numbers below are depth-first numbers; 0
/// is the virtual root.
class SemiNca {
 public:
  SemiNca(const std::vector<BasicBlock>& blocks, const std::vector<std::uint32_t>& entries)
      : m_blocks(blocks), m_number(blocks.size(), 0) {
    m_vertex.push_back(kNone);
    m_parent.push_back(0);
    for (const std::uint32_t entry : entries) {
      if (m_number[entry] == 0) walk(entry);
    }
    m_isEntry.assign(m_vertex.size(), 0);
    for (const std::uint32_t entry : entries) m_isEntry[m_number[entry]] = 1;
  }

  std::vector<std::uint32_t> run() {
    const auto n = static_cast<std::uint32_t>(m_vertex.size());
    const Edges predecessors = predecessorsOf(m_blocks);
    m_label.resize(n);
    m_semi.resize(n);
    m_ancestor = m_parent;
    for (std::uint32_t v = 0; v < n; ++v) m_label[v] = m_semi[v] = v;
    for (std::uint32_t v = n; v-- > 1;) {
      std::uint32_t semi = m_isEntry[v] != 0 ? 0 : m_parent[v];
      for (const std::uint32_t block : predecessors[m_vertex[v]]) {
        const std::uint32_t from = m_number[block];
        if (from == 0) continue;  // not reachable
        semi = std::min(semi, m_semi[evaluate(from, v)]);
      }
      m_semi[v] = semi;
      m_label[v] = v;
    }
    std::vector<std::uint32_t> idom = m_parent;
    for (std::uint32_t v = 1; v < n; ++v) {
      while (idom[v] > m_semi[v]) idom[v] = idom[idom[v]];
    }
    std::vector<std::uint32_t> result(m_blocks.size(), kNone);
    for (std::uint32_t v = 1; v < n; ++v) result[m_vertex[v]] = m_vertex[idom[v]];
    return result;
  }

 private:
  void walk(std::uint32_t root) {
    std::vector<std::pair<std::uint32_t, std::size_t>> stack;
    const auto enter = [&](std::uint32_t block, std::uint32_t parent) {
      m_number[block] = static_cast<std::uint32_t>(m_vertex.size());
      m_vertex.push_back(block);
      m_parent.push_back(parent);
      stack.emplace_back(block, 0);
    };
    enter(root, 0);
    while (!stack.empty()) {
      auto& [block, next] = stack.back();
      if (next == m_blocks[block].successors.size()) {
        stack.pop_back();
        continue;
      }
      const std::uint32_t to = m_blocks[block].successors[next++];
      if (m_number[to] == 0) enter(to, m_number[block]);
    }
  }

  /// The vertex of least semidominator on the way up from `v` through vertices already done, that
  /// is those numbered above `last`. Compresses the way.
  std::uint32_t evaluate(std::uint32_t v, std::uint32_t last) {
    if (v <= last) return v;
    m_path.clear();
    for (std::uint32_t at = v; m_ancestor[at] > last; at = m_ancestor[at]) m_path.push_back(at);
    // m_path holds, from v upwards, all whose ancestor is still below the frontier.
    for (std::size_t i = m_path.size(); i-- > 0;) {
      const std::uint32_t at = m_path[i];
      const std::uint32_t up = m_ancestor[at];
      if (m_semi[m_label[up]] < m_semi[m_label[at]]) m_label[at] = m_label[up];
      m_ancestor[at] = m_ancestor[up];
    }
    return m_label[v];
  }

  const std::vector<BasicBlock>& m_blocks;
  std::vector<std::uint32_t> m_number;  ///< of a block, 0 while not reached
  std::vector<std::uint32_t> m_vertex;  ///< block of a number
  std::vector<std::uint32_t> m_parent;
  std::vector<std::uint32_t> m_ancestor;
  std::vector<std::uint32_t> m_label;
  std::vector<std::uint32_t> m_semi;
  std::vector<char> m_isEntry;
  std::vector<std::uint32_t> m_path;
};

/// Preorder intervals of the dominator tree, to ask in constant time whether one block dominates
/// another.
class DominatorTree {
 public:
  explicit DominatorTree(const std::vector<std::uint32_t>& idom, const std::vector<char>& reached)
      : m_in(idom.size(), 0), m_out(idom.size(), 0) {
    const auto n = static_cast<std::uint32_t>(idom.size());
    Edges children(n);
    std::vector<std::uint32_t> roots;
    for (std::uint32_t b = 0; b < n; ++b) {
      if (!reached[b]) continue;
      if (idom[b] == kNone) {
        roots.push_back(b);
      } else {
        children[idom[b]].push_back(b);
      }
    }
    std::uint32_t clock = 0;
    std::vector<std::pair<std::uint32_t, std::size_t>> stack;
    for (const std::uint32_t root : roots) {
      m_in[root] = ++clock;
      stack.emplace_back(root, 0);
      while (!stack.empty()) {
        auto& [block, next] = stack.back();
        if (next == children[block].size()) {
          m_out[block] = ++clock;
          m_postorder.push_back(block);
          stack.pop_back();
          continue;
        }
        const std::uint32_t child = children[block][next++];
        m_in[child] = ++clock;
        stack.emplace_back(child, 0);
      }
    }
  }
  bool dominates(std::uint32_t a, std::uint32_t b) const {
    return m_in[a] != 0 && m_in[b] != 0 && m_in[a] <= m_in[b] && m_out[b] <= m_out[a];
  }
  const std::vector<std::uint32_t>& postorder() const { return m_postorder; }

 private:
  std::vector<std::uint32_t> m_in;
  std::vector<std::uint32_t> m_out;
  std::vector<std::uint32_t> m_postorder;
};

}  // namespace

std::vector<std::uint32_t> findDominators(const std::vector<BasicBlock>& blocks,
                                          const std::vector<std::uint32_t>& entries) {
  return SemiNca(blocks, entries).run();
}

void findLoops(ControlFlow& flow, const std::vector<std::uint32_t>& entries) {
  const auto n = static_cast<std::uint32_t>(flow.blocks.size());
  flow.loops.clear();
  flow.loopOf.assign(n, kNone);
  if (n == 0) return;
  const std::vector<std::uint32_t> idom = findDominators(flow.blocks, entries);
  std::vector<char> reached(n, 0);
  for (const std::uint32_t entry : entries) reached[entry] = 1;
  for (std::uint32_t b = 0; b < n; ++b) {
    if (idom[b] != kNone) reached[b] = 1;
  }
  // A block reachable from two entries has the virtual root as its dominator: reached, though idom
  // is none.
  std::vector<std::uint32_t> open(entries.begin(), entries.end());
  while (!open.empty()) {
    const std::uint32_t block = open.back();
    open.pop_back();
    for (const std::uint32_t next : flow.blocks[block].successors) {
      if (reached[next] == 2) continue;
      reached[next] = 2;
      open.push_back(next);
    }
  }
  const DominatorTree tree(idom, reached);
  const Edges predecessors = predecessorsOf(flow.blocks);

  // Headers in postorder of the dominator tree: inner loops come first, and what an inner loop has
  // claimed is skipped as a whole by jumping to the header of the outermost loop known around it.
  std::vector<std::uint32_t>
      outermost;  // of a loop, the outermost around it known so far; compressed
  const auto outermostOf = [&](std::uint32_t loop) {
    std::uint32_t top = loop;
    while (outermost[top] != top) top = outermost[top];
    while (outermost[loop] != top) loop = std::exchange(outermost[loop], top);
    return top;
  };
  for (const std::uint32_t header : tree.postorder()) {
    std::vector<std::uint32_t> latches;
    for (const std::uint32_t from : predecessors[header]) {
      if (tree.dominates(header, from)) latches.push_back(from);
    }
    if (latches.empty()) continue;
    const auto id = static_cast<std::uint32_t>(flow.loops.size());
    Loop loop;
    loop.header = header;
    loop.latches = latches;
    outermost.push_back(id);
    std::vector<std::uint32_t> work = std::move(latches);
    while (!work.empty()) {
      const std::uint32_t block = work.back();
      work.pop_back();
      if (flow.loopOf[block] == kNone) {
        flow.loopOf[block] = id;
        loop.blocks.push_back(block);
        if (block == header) continue;
        for (const std::uint32_t from : predecessors[block]) {
          if (tree.dominates(header, from)) work.push_back(from);
        }
      } else {
        const std::uint32_t inner = outermostOf(flow.loopOf[block]);
        if (inner == id) continue;
        outermost[inner] = id;
        flow.loops[inner].parent = id;
        loop.inner.push_back(inner);
        loop.innermost = false;
        const std::uint32_t innerHeader = flow.loops[inner].header;
        if (innerHeader == header) continue;
        for (const std::uint32_t from : predecessors[innerHeader]) {
          if (tree.dominates(header, from)) work.push_back(from);
        }
      }
    }
    if (flow.loopOf[header] == kNone) {  // every latch lay in an inner loop
      flow.loopOf[header] = id;
      loop.blocks.push_back(header);
    }
    std::sort(loop.blocks.begin(), loop.blocks.end());
    loop.blocks.erase(std::unique(loop.blocks.begin(), loop.blocks.end()), loop.blocks.end());
    flow.loops.push_back(std::move(loop));
  }
  for (std::size_t i = flow.loops.size(); i-- > 0;) {
    Loop& loop = flow.loops[i];
    loop.depth = loop.parent == kNone ? 1 : flow.loops[loop.parent].depth + 1;
  }
}

}  // namespace mcuprof
