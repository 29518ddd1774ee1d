#include "analyzer/model/call_tree.hpp"

#include <fmt/format.h>

#include <algorithm>

#include "analyzer/base/checked_math.hpp"

namespace mcuprof {
namespace {

constexpr int kDeepest = 100;
constexpr std::int64_t kMostOperators = 10'000'000;

OpProblem wantArguments(const char* what, SubgraphId callee, std::size_t found,
                        std::size_t wanted) {
  if (found == wanted) return std::nullopt;
  return fmt::format("calls subgraph {} with {} {}, which has {}", callee.value, wanted, what,
                     found);
}

OpProblem checkArguments(const Graph& graph, const GraphOp& op) {
  const auto* calls = std::get_if<ControlAttributes>(&op.attributes);
  const SubgraphId first(calls->first);
  const GraphSubgraph& firstCallee = graph.subgraphs[first];
  if (op.kind == OpKind::If) {
    for (const SubgraphId id : {first, SubgraphId(calls->second)}) {
      const GraphSubgraph& callee = graph.subgraphs[id];
      // The first input is the condition.
      if (auto p = wantArguments("inputs", id, callee.inputs.size(), op.inputs.size() - 1)) {
        return p;
      }
      if (auto p = wantArguments("outputs", id, callee.outputs.size(), op.outputs.size())) return p;
    }
  }
  if (op.kind == OpKind::While) {
    const SubgraphId second(calls->second);
    const GraphSubgraph& body = graph.subgraphs[second];
    if (auto p = wantArguments("inputs", first, firstCallee.inputs.size(), op.inputs.size())) {
      return p;
    }
    if (auto p = wantArguments("outputs", first, firstCallee.outputs.size(), 1)) return p;
    if (auto p = wantArguments("inputs", second, body.inputs.size(), op.inputs.size())) return p;
    if (auto p = wantArguments("outputs", second, body.outputs.size(), op.outputs.size())) return p;
    return wantArguments("outputs", second, op.outputs.size(), op.inputs.size());
  }
  return std::nullopt;
}

/// Walks the call tree depth first; its depth is bounded, so recursion is.
class Walk {
 public:
  explicit Walk(const Graph& graph)
      : m_graph(graph),
        m_operators(graph.subgraphs.size(), kUnseen),
        m_levels(graph.subgraphs.size(), 1) {}

  OpProblem visit(SubgraphId id, int depth) {
    if (depth > kDeepest) return tooDeep();
    m_operators[id] = kActive;
    const GraphSubgraph& subgraph = m_graph.subgraphs[id];
    std::int64_t total = 0;
    for (std::size_t i = 0; i < subgraph.opCount; ++i) {
      const GraphOp& op = m_graph.ops[OpId(subgraph.firstOp.value + static_cast<std::int32_t>(i))];
      ++total;
      for (const SubgraphId callee : calleesOf(op)) {
        if (m_operators[callee] == kActive) {
          return fmt::format(
              "subgraph {}, operator {} ({}) calls subgraph {}, which is running "
              "already, so it would never end",
              id.value, i, m_graph.kindName(op), callee.value);
        }
        if (m_operators[callee] == kUnseen) {
          if (auto problem = visit(callee, depth + 1)) return problem;
        }
        total += m_operators[callee];
        m_levels[id] = std::max(m_levels[id], m_levels[callee] + 1);
        if (m_levels[id] > kDeepest) return tooDeep();
      }
      if (total > kMostOperators) {
        return fmt::format("subgraph {} runs more than {} operators in one call", id.value,
                           kMostOperators);
      }
    }
    m_operators[id] = total;
    return std::nullopt;
  }

  bool seen(SubgraphId id) const { return m_operators[id] != kUnseen; }

 private:
  static constexpr std::int64_t kUnseen = -1;
  static constexpr std::int64_t kActive = -2;
  static OpProblem tooDeep() {
    return fmt::format("subgraphs call each other more than {} deep", kDeepest);
  }

  const Graph& m_graph;
  Table<SubgraphId, std::int64_t> m_operators;  ///< that one call runs, all levels
  Table<SubgraphId, int> m_levels;              ///< of calls, this one included
};

}  // namespace

std::vector<SubgraphId> calleesOf(const GraphOp& op) {
  const auto* calls = std::get_if<ControlAttributes>(&op.attributes);
  if (calls == nullptr) return {};
  if (op.kind == OpKind::If || op.kind == OpKind::While) {
    return {SubgraphId(calls->first), SubgraphId(calls->second)};
  }
  return {SubgraphId(calls->first)};
}

OpProblem checkCalls(const Graph& graph) {
  Walk walk(graph);
  for (const SubgraphId id : graph.subgraphs.ids()) {
    if (walk.seen(id)) continue;
    if (auto problem = walk.visit(id, 1)) return problem;
  }
  for (const OpId id : graph.ops.ids()) {
    const GraphOp& op = graph.ops[id];
    if (!std::holds_alternative<ControlAttributes>(op.attributes)) continue;
    if (auto problem = checkArguments(graph, op)) {
      return fmt::format("subgraph {}, operator {} ({}): {}", op.subgraph.value, op.indexInSubgraph,
                         graph.kindName(op), *problem);
    }
  }
  return std::nullopt;
}

}  // namespace mcuprof
