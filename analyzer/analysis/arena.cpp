#include "analyzer/analysis/arena.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <map>
#include <numeric>
#include <utility>

#include "analyzer/analysis/offline_plan.hpp"

namespace mcuprof {
namespace {

/// One line a reason, however many layers it is true of, and no more lines than anyone reads.
class Reasons {
 public:
  void add(std::string_view subject, OpId op, std::string_view text) {
    for (Entry& entry : m_entries) {
      if (entry.subject == subject && entry.text == text) {
        ++entry.count;
        return;
      }
    }
    if (m_entries.size() < kMostLines) {
      m_entries.push_back({std::string(subject), std::string(text), op, 1});
    } else {
      ++m_untold;
    }
  }

  std::vector<std::string> lines() const {
    std::vector<std::string> lines;
    for (const Entry& entry : m_entries) {
      std::string where = fmt::format("layer {}", entry.first.value + 1);
      if (entry.count > 1) where += fmt::format(" and {} more", entry.count - 1);
      lines.push_back(fmt::format("{} ({}): {}", entry.subject, where, entry.text));
    }
    if (m_untold > 0)
      lines.push_back(fmt::format("and {} more layers with reasons of their own", m_untold));
    return lines;
  }

 private:
  struct Entry {
    std::string subject;
    std::string text;
    OpId first;
    int count;
  };
  static constexpr std::size_t kMostLines = 32;
  std::vector<Entry> m_entries;
  std::size_t m_untold = 0;
};

/// What resource variables take: VAR_HANDLE names one, and the first ASSIGN_VARIABLE that is
/// prepared with its handle at hand allocates it.
class ResourceVariables {
 public:
  explicit ResourceVariables(const Graph& graph) : m_graph(graph) {
    for (const GraphOp& op : graph.ops) {
      const auto* variable = std::get_if<VariableAttributes>(&op.attributes);
      if (variable == nullptr || op.kind != OpKind::VarHandle || op.outputs.empty()) continue;
      const auto [at, isNew] = m_ids.try_emplace(
          std::pair(std::string_view(variable->container), std::string_view(variable->sharedName)),
          m_ids.size());
      m_handles.emplace(op.outputs.front(), at->second);
    }
    m_allocated.resize(m_ids.size());
  }

  std::size_t count() const { return m_ids.size(); }
  bool isHandle(TensorId tensor) const {
    return !m_handles.empty() && m_handles.find(tensor) != m_handles.end();
  }

  /// What preparing an ASSIGN_VARIABLE takes, if anything.
  std::optional<Bytes> allocate(const GraphOp& op) {
    if (op.kind != OpKind::AssignVariable || op.inputs.size() < 2) return std::nullopt;
    const auto handle = m_handles.find(op.inputs[0].tensor);
    if (handle == m_handles.end() || m_allocated[handle->second]) return std::nullopt;
    const TensorId value = op.inputs[1].tensor;
    if (!value.valid()) return std::nullopt;
    m_allocated[handle->second] = true;
    return arenaBytes(m_graph.tensors[value]);
  }

 private:
  const Graph& m_graph;
  std::map<std::pair<std::string_view, std::string_view>, std::size_t> m_ids;
  std::map<TensorId, std::size_t> m_handles;
  std::vector<bool> m_allocated;
};

/// Whether the kernel computes its output's extents anew, so that those in the file do not matter.
bool setsOutputShape(OpKind kind) {
  static constexpr OpKind kKinds[] = {
      OpKind::Reshape,  OpKind::DepthToSpace, OpKind::SpaceToDepth,    OpKind::Gather,
      OpKind::GatherNd, OpKind::L2Pool2d,     OpKind::EmbeddingLookup, OpKind::BatchMatmul};
  return std::ranges::find(kKinds, kind) != std::end(kKinds);
}

/// Replays what the runtime allocates, in its order.
class ArenaReplay {
 public:
  ArenaReplay(const Graph& graph, const KernelPlan& kernels, const Schedule& schedule,
              const Runtime& runtime)
      : m_graph(graph),
        m_kernels(kernels),
        m_schedule(schedule),
        m_runtime(runtime),
        m_offline(readOfflinePlan(graph)),
        m_resources(graph) {
    m_bytes.reserve(graph.tensors.size());
    for (const GraphTensor& tensor : graph.tensors) {
      const auto bytes = arenaBytes(tensor);
      if (!bytes && m_unallocatable == nullptr) m_unallocatable = &tensor;
      m_bytes.add(bytes.value_or(Bytes()));
    }
  }

  ArenaPlan replay() {
    m_out.tail.reserve(16 + 4 * m_graph.ops.size());
    create();
    start();
    for (const OpId op : m_graph.ops.ids()) parse(op);
    for (const OpId op : m_graph.ops.ids()) init(op);
    for (const OpId op : m_graph.ops.ids()) prepare(op);
    if (m_scratchCount > 0) {
      take(Phase::Handles,
           {m_runtime.scratchHandle.size * m_scratchCount, m_runtime.scratchHandle.alignment});
    }
    allocateVariables();
    const Bytes tailBeforeInterface = m_out.tailBytes;
    if (!m_graph.subgraphs.empty()) {
      allocateInterface(m_graph.subgraphs[SubgraphId(0)].inputs);
      allocateInterface(m_graph.subgraphs[SubgraphId(0)].outputs);
    }
    planBuffers();
    m_out.used = m_out.head + m_out.tailBytes;
    findSmallest(tailBeforeInterface);
    countLive();
    explain();
    return std::move(m_out);
  }

 private:
  using Phase = TailAllocation::Phase;

  void take(Phase phase, StructLayout layout, OpId op = {}, TensorId tensor = {}) {
    m_out.tailBytes = roundUp(m_out.tailBytes + layout.size, layout.alignment);
    m_out.tail.push_back({phase, op, tensor, layout.size, layout.alignment, m_out.tailBytes});
  }

  void create() {
    for (const StructLayout& layout : m_runtime.create) take(Phase::Create, layout);
    if (m_resources.count() == 0) return;
    take(Phase::Create, m_runtime.resourceVariables);
    take(Phase::Create,
         {m_runtime.resourceVariable.size * static_cast<std::int64_t>(m_resources.count()),
          m_runtime.resourceVariable.alignment});
    m_out.basis = std::max(m_out.basis, Basis::Datasheet);
  }

  void start() {
    for (const StructLayout& layout : m_runtime.start) take(Phase::Start, layout);
    const auto many = [&](const StructLayout& layout, std::size_t count) {
      take(Phase::Start, {layout.size * static_cast<std::int64_t>(count), layout.alignment});
    };
    many(m_runtime.subgraphAllocations, m_graph.subgraphs.size());
    for (const GraphSubgraph& s : m_graph.subgraphs) many(m_runtime.evalTensor, s.tensorCount);
    for (const GraphSubgraph& s : m_graph.subgraphs) many(m_runtime.node, s.opCount);
    if (m_graph.subgraphs.size() > 1) m_out.basis = std::max(m_out.basis, Basis::Datasheet);
  }

  void parse(OpId op) {
    const OperatorRules* rules = m_kernels[op].rules;
    if (rules != nullptr && rules->parse) take(Phase::Parse, *rules->parse, op);
  }

  void init(OpId op) {
    const KernelChoice& choice = m_kernels[op];
    if (choice.rules == nullptr) return;
    if (choice.rules->init) keep(Phase::Init, *choice.rules->init, op);
    for (const Bytes size : choice.init) keep(Phase::Init, size, op);
  }

  void prepare(OpId op) {
    const KernelChoice& choice = m_kernels[op];
    for (const Bytes size : choice.persistent) keep(Phase::Prepare, size, op);
    if (const auto size = m_resources.allocate(m_graph.ops[op])) keep(Phase::Prepare, *size, op);
    // The temporaries lie above the requests noted so far and the room for those of this operator.
    const Bytes requests =
        m_runtime.scratchRequest * (m_scratchCount + m_runtime.scratchRequestsPerOp);
    m_preparing = std::max(m_preparing, requests + choice.borrowed + m_out.tailBytes);
    m_scratchCount += static_cast<std::int64_t>(choice.scratch.size());
    m_out.basis = std::max(m_out.basis, choice.basis);
  }

  void keep(Phase phase, Bytes size, OpId op) {
    take(phase, {size, m_runtime.persistentAlignment}, op);
  }

  /// The device looks a variable's offline offset up by its position in its own subgraph, though
  /// the offsets are listed over all subgraphs.
  void allocateVariables() {
    for (const TensorId id : m_graph.tensors.ids()) {
      const GraphTensor& tensor = m_graph.tensors[id];
      if (!tensor.isVariable) continue;
      const auto position = static_cast<std::size_t>(tensor.indexInSubgraph);
      if (m_offline.exists() && m_offline.offsets[position] != OfflinePlan::kOnline) continue;
      take(Phase::Variables, {m_bytes[id], m_runtime.persistentAlignment}, {}, id);
    }
  }

  void allocateInterface(const std::vector<TensorId>& ids) {
    take(Phase::Interface, {m_runtime.pointer * static_cast<std::int64_t>(ids.size()),
                            m_runtime.persistentAlignment});
    for (const TensorId id : ids) {
      const GraphTensor& tensor = m_graph.tensors[id];
      take(Phase::Interface, m_runtime.tensor, {}, id);
      if (tensor.scaleCount == 0 || tensor.zeroPointCount == 0) continue;
      take(Phase::Interface, m_runtime.affineQuantization, {}, id);
      const auto words = 1 + static_cast<std::int64_t>(tensor.scaleCount);
      take(Phase::Interface, {Bytes(4 * words), Bytes(4)}, {}, id);
    }
  }

  /// Tensors in the order of their ids, then scratch in the order in which it was asked for.
  void planBuffers() {
    std::vector<BufferRequest> requests;
    requests.reserve(m_graph.tensors.size());
    m_out.buffers.reserve(m_graph.tensors.size());
    const auto add = [&](PlannedBuffer buffer, Bytes size, std::optional<Bytes> fixed) {
      buffer.size = roundUp(size, m_runtime.bufferAlignment);
      buffer.offline = fixed.has_value();
      requests.push_back({buffer.size, buffer.life, fixed});
      m_out.buffers.push_back(buffer);
    };
    for (const TensorId id : m_graph.tensors.ids()) {
      const GraphTensor& tensor = m_graph.tensors[id];
      std::optional<Bytes> fixed;
      if (m_offline.exists() && m_offline.offsets[id.index()] != OfflinePlan::kOnline) {
        fixed = Bytes(m_offline.offsets[id.index()]);
      }
      const Bytes size = m_bytes[id];
      const bool planned = tensor.isVariable
                               ? fixed.has_value()
                               : !tensor.isConstant && size > Bytes() && !m_resources.isHandle(id);
      if (planned) add({id, {}, {}, m_schedule.lifetime[id], {}}, size, fixed);
    }
    for (const OpId op : m_graph.ops.ids()) {
      for (const Bytes size : m_kernels[op].scratch) {
        // The device learns the size of scratch when it walks the operator: 0 where it never does.
        const Lifetime life = m_schedule.running[op];
        add({{}, op, {}, life, {}}, life.first < 0 ? Bytes() : size, std::nullopt);
      }
    }
    const std::vector<Bytes> offsets = placeGreedily(requests);
    for (std::size_t i = 0; i < offsets.size(); ++i) {
      PlannedBuffer& buffer = m_out.buffers[i];
      buffer.offset = offsets[i];
      m_out.head = std::max(m_out.head, buffer.offset + buffer.size);
    }
    if (m_offline.exists()) m_out.basis = std::max(m_out.basis, Basis::Datasheet);
  }

  /// Besides the arena in its final form, two moments need room: while an operator prepares, and
  /// while the plan is made, when requests, lifetimes and the planner's own tables lie in the head.
  void findSmallest(Bytes tailBeforeInterface) {
    const Bytes step = m_runtime.bufferAlignment;
    const auto tensors = static_cast<std::int64_t>(m_graph.tensors.size());
    const auto subgraphs = static_cast<std::int64_t>(m_graph.subgraphs.size());
    const Bytes tables =
        m_runtime.scratchRequest * (m_scratchCount + m_runtime.scratchRequestsPerOp) +
        m_runtime.subgraphOffset * subgraphs +
        m_runtime.allocationInfo * (tensors + m_scratchCount);
    const Bytes planner =
        m_runtime.plannerPerBuffer * static_cast<std::int64_t>(m_out.buffers.size());
    const Bytes planning =
        roundUp(roundUp(tables, step) + planner, step) + roundUp(tailBeforeInterface, step);
    m_out.smallest = std::max({roundUp(m_out.used, step), planning, roundUp(m_preparing, step)});
  }

  void countLive() {
    const std::vector<OpId>& order = m_schedule.order;
    m_out.live = Table<OpId, Bytes>(m_graph.ops.size());
    std::vector<std::int32_t> steps(order.size());
    std::ranges::transform(order, steps.begin(), [&](OpId op) { return m_schedule.step[op]; });
    std::vector<std::int64_t> change(order.size() + 1);
    for (const PlannedBuffer& buffer : m_out.buffers) {
      const auto from = std::ranges::lower_bound(steps, buffer.life.first) - steps.begin();
      const auto to = std::ranges::upper_bound(steps, buffer.life.last) - steps.begin();
      if (from >= to) continue;
      change[static_cast<std::size_t>(from)] += buffer.size.value;
      change[static_cast<std::size_t>(to)] -= buffer.size.value;
    }
    Bytes alive;
    for (std::size_t i = 0; i < order.size(); ++i) {
      alive += Bytes(change[i]);
      m_out.live[order[i]] = alive;
      if (!m_out.peakOp.valid() || alive > m_out.live[m_out.peakOp]) m_out.peakOp = order[i];
    }
  }

  void explain() {
    Reasons bounds;
    Reasons refusals;
    for (const OpId id : m_graph.ops.ids()) {
      const GraphOp& op = m_graph.ops[id];
      const KernelChoice& choice = m_kernels[id];
      const std::string_view name = m_graph.kindName(op);
      if (choice.rules == nullptr) {
        bounds.add(name, id, fmt::format("{} does not say what it needs", m_runtime.name));
        if (op.kind != OpKind::Custom) refusals.add(name, id, "the runtime has no such operator");
      } else if (choice.rule == nullptr && !choice.rules->kernels.empty()) {
        bounds.add(name, id,
                   fmt::format("no rule of {} covers its types and shape", m_runtime.name));
      } else if (choice.rule != nullptr) {
        if (!choice.rule->unknown.empty()) bounds.add(name, id, choice.rule->unknown);
        if (!choice.rule->refused.empty()) refusals.add(name, id, choice.rule->refused);
      }
      explainTensors(op, id, refusals);
    }
    m_out.lowerBoundReasons = bounds.lines();
    m_out.refusals = refusals.lines();
    if (m_unallocatable != nullptr) {
      m_out.refusals.push_back(fmt::format("tensor \"{}\": the runtime allocates no {}",
                                           m_unallocatable->name, nameOf(m_unallocatable->type)));
    }
    if (!m_offline.problem.empty()) m_out.refusals.push_back(m_offline.problem);
    if (!m_out.lowerBoundReasons.empty()) m_out.basis = std::max(m_out.basis, Basis::Assumed);
  }

  void explainTensors(const GraphOp& op, OpId id, Reasons& refusals) {
    const std::string_view name = m_graph.kindName(op);
    if (static_cast<std::int64_t>(m_kernels[id].scratch.size()) > m_runtime.scratchRequestsPerOp) {
      refusals.add(name, id, "it asks for more scratch buffers than the runtime allows");
    }
    for (const TensorId output : op.outputs) {
      const Shape& shape = m_graph.tensors[output].shape;
      const bool legacyScalar = shape.size() == 1 && shape.front() == 0;
      const bool empty = std::ranges::find(shape, 0) != shape.end();
      if (empty && !legacyScalar && !setsOutputShape(op.kind)) {
        refusals.add(name, id,
                     "an output has an extent of 0, which the runtime takes for a dynamic one");
      }
    }
    for (const TensorId intermediate : op.intermediates) {
      if (m_bytes[intermediate] > Bytes()) {
        refusals.add(name, id, "it has an intermediate tensor with a size");
      }
    }
  }

  const Graph& m_graph;
  const KernelPlan& m_kernels;
  const Schedule& m_schedule;
  const Runtime& m_runtime;
  OfflinePlan m_offline;
  ResourceVariables m_resources;
  Table<TensorId, Bytes> m_bytes;  ///< in the arena
  const GraphTensor* m_unallocatable = nullptr;
  std::int64_t m_scratchCount = 0;
  Bytes m_preparing;  ///< the most that any operator needs while it prepares
  ArenaPlan m_out;
};

}  // namespace

std::optional<Bytes> arenaBytes(const GraphTensor& tensor) {
  if (tensor.type == ElementType::Resource || tensor.type == ElementType::Int4) {
    const std::int64_t element = tensor.type == ElementType::Resource ? 4 : 1;
    return Bytes(countElements(tensor.shape).value_or(0) * element);
  }
  const auto bits = bitsOf(tensor.type);
  if (!bits || *bits < 8) return std::nullopt;
  return tensor.bytes;
}

ArenaPlan planArena(const Graph& graph, const KernelPlan& kernels, const Schedule& schedule,
                    const Runtime& runtime) {
  return ArenaReplay(graph, kernels, schedule, runtime).replay();
}

}  // namespace mcuprof
