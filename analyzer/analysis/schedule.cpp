#include "analyzer/analysis/schedule.hpp"

#include <algorithm>
#include <array>
#include <limits>
#include <utility>

namespace mcuprof {
namespace {

/// The device counts in 32 bits; a chain of calls that doubles at every level ends here instead.
constexpr std::int32_t kLastStep = std::numeric_limits<std::int32_t>::max() / 4;

std::int32_t later(std::int32_t step, std::int32_t by) {
  return std::min(step + by, kLastStep);
}

/// How TensorFlow Lite Micro counts. A subgraph is entered at some step: its inputs are made there.
/// Every operator takes one more step, in which its outputs are made. Before its inputs and outputs
/// are marked as used, the subgraphs that it calls are walked in turn, each entered one step later
/// than the last step so far; so an operator that calls is used until its callees are done. At the
/// end of a subgraph its outputs are used once more.
///
/// A subgraph may be called from several places. It is walked anew each time, with the same steps
/// inside of it; the first walk decides when a tensor is made and the last one when it is last
/// used. So each subgraph is walked once here, relative to its start, and the earliest and the
/// latest start come from its callers: the cost does not grow with the number of calls.
class Scheduler {
 public:
  explicit Scheduler(const Graph& graph)
      : m_graph(graph), m_walks(graph.subgraphs.size()), m_relative(graph.ops.size()) {
    m_out.step = Table<OpId, std::int32_t>(graph.ops.size(), -1);
    m_out.running = Table<OpId, Lifetime>(graph.ops.size());
    m_out.lifetime = Table<TensorId, Lifetime>(graph.tensors.size());
  }

  Schedule make() {
    if (m_graph.subgraphs.empty()) return std::move(m_out);
    walk(SubgraphId(0));
    m_walks[SubgraphId(0)].start = {0, 0};
    // Callers come after their callees in the order in which walks end.
    for (auto at = m_ended.rbegin(); at != m_ended.rend(); ++at) place(*at);
    sortByStep();
    return std::move(m_out);
  }

 private:
  struct Call {
    SubgraphId callee;
    std::int32_t at;  ///< relative to the caller's start
  };
  struct Walk {
    enum class State : std::uint8_t { New, Open, Done } state = State::New;
    std::vector<Call> calls;
    std::int32_t steps = 0;
    Lifetime start;  ///< of the earliest and of the latest call
  };
  /// One subgraph in the middle of its walk, on a stack of our own: a chain of calls can be long.
  struct Frame {
    SubgraphId subgraph;
    std::size_t op = 0;
    std::size_t callee = 0;
    bool entered = false;  ///< the op at hand has taken its step
  };

  static std::array<std::int32_t, 2> calleesOf(const GraphOp& op) {
    const auto* control = std::get_if<ControlAttributes>(&op.attributes);
    if (control == nullptr) return {-1, -1};
    switch (op.kind) {
      case OpKind::If:
      case OpKind::While:
        return {control->first, control->second};
      case OpKind::CallOnce:
        return {control->first, -1};
      default:
        return {-1, -1};
    }
  }

  void walk(SubgraphId root) {
    std::vector<Frame> stack = {{root}};
    m_walks[root].state = Walk::State::Open;
    while (!stack.empty()) {
      Frame& frame = stack.back();
      Walk& current = m_walks[frame.subgraph];
      const GraphSubgraph& subgraph = m_graph.subgraphs[frame.subgraph];
      if (frame.op == subgraph.opCount) {
        current.state = Walk::State::Done;
        m_ended.push_back(frame.subgraph);
        stack.pop_back();
        continue;
      }
      const OpId op(subgraph.firstOp.index() + frame.op);
      if (!frame.entered) {
        frame.entered = true;
        current.steps = later(current.steps, 1);
        m_relative[op].first = current.steps;
      }
      if (const auto callee = nextCallee(frame, m_graph.ops[op])) {
        Walk& called = m_walks[*callee];
        if (called.state == Walk::State::New) {
          called.state = Walk::State::Open;
          stack.push_back({*callee});
          continue;  // and come back to the same call when it is done
        }
        ++frame.callee;
        if (called.state == Walk::State::Open) continue;  // it would call itself
        current.steps = later(current.steps, 1);
        current.calls.push_back({*callee, current.steps});
        current.steps = later(current.steps, called.steps);
        continue;
      }
      m_relative[op].last = current.steps;
      ++frame.op;
      frame.callee = 0;
      frame.entered = false;
    }
  }

  std::optional<SubgraphId> nextCallee(Frame& frame, const GraphOp& op) const {
    const auto callees = calleesOf(op);
    for (; frame.callee < callees.size(); ++frame.callee) {
      const SubgraphId callee(callees[frame.callee]);
      if (m_graph.subgraphs.contains(callee)) return callee;
    }
    return std::nullopt;
  }

  /// Everything of one subgraph, whose starts are final, and the starts of what it calls.
  void place(SubgraphId id) {
    const Walk& walked = m_walks[id];
    const GraphSubgraph& subgraph = m_graph.subgraphs[id];
    for (const Call& call : walked.calls) {
      Lifetime& start = m_walks[call.callee].start;
      const std::int32_t first = later(walked.start.first, call.at);
      start.first = start.first < 0 ? first : std::min(start.first, first);
      start.last = std::max(start.last, later(walked.start.last, call.at));
    }
    const auto make = [&](TensorId tensor, std::int32_t at) {
      Lifetime& life = m_out.lifetime[tensor];
      if (life.first < 0) life.first = later(walked.start.first, at);
    };
    const auto use = [&](TensorId tensor, std::int32_t at) {
      m_out.lifetime[tensor].last = later(walked.start.last, at);
    };
    for (const TensorId input : subgraph.inputs) {
      make(input, 0);
      use(input, 0);
    }
    for (std::size_t i = 0; i < subgraph.opCount; ++i) {
      const OpId op(subgraph.firstOp.index() + i);
      const Lifetime relative = m_relative[op];
      m_out.step[op] = later(walked.start.first, relative.first);
      m_out.running[op] = {m_out.step[op], later(walked.start.last, relative.last)};
      m_out.order.push_back(op);
      for (const TensorId output : m_graph.ops[op].outputs) make(output, relative.first);
      for (const GraphInput& input : m_graph.ops[op].inputs) {
        if (input.tensor.valid()) use(input.tensor, relative.last);
      }
      for (const TensorId output : m_graph.ops[op].outputs) use(output, relative.last);
    }
    for (const TensorId output : subgraph.outputs) {
      make(output, walked.steps);
      use(output, walked.steps);
    }
    for (std::size_t i = 0; i < subgraph.tensorCount; ++i) {
      const TensorId tensor(subgraph.firstTensor.index() + i);
      if (m_graph.tensors[tensor].isConstant) m_out.lifetime[tensor] = {};
    }
    m_out.stepCount = std::max(m_out.stepCount, later(walked.start.last, walked.steps));
  }

  void sortByStep() {
    const auto byStep = [&](OpId a, OpId b) { return m_out.step[a] < m_out.step[b]; };
    if (!std::is_sorted(m_out.order.begin(), m_out.order.end(), byStep)) {
      std::stable_sort(m_out.order.begin(), m_out.order.end(), byStep);
    }
  }

  const Graph& m_graph;
  Table<SubgraphId, Walk> m_walks;
  Table<OpId, Lifetime> m_relative;
  std::vector<SubgraphId> m_ended;
  Schedule m_out;
};

}  // namespace

Schedule makeSchedule(const Graph& graph) {
  return Scheduler(graph).make();
}

}  // namespace mcuprof
