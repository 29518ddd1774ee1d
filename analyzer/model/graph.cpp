#include "analyzer/model/graph.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <utility>

#include "analyzer/base/checked_math.hpp"
#include "analyzer/model/call_tree.hpp"
#include "analyzer/model/in_quotes.hpp"
#include "analyzer/model/op_rules.hpp"

namespace mcuprof {
namespace {

/// 1 TiB.
constexpr Bytes kMostBytes(std::int64_t{1} << 40);

/// Links a model whose indices have been checked: file order in, one pass over tensors and
/// operators.
class Builder {
 public:
  explicit Builder(const Model& model) : m_model(model) {}

  Result<Graph> build() {
    if (auto checked = checkModel(m_model); !checked) return checked.error();
    std::size_t tensors = 0;
    std::size_t ops = 0;
    for (const Subgraph& subgraph : m_model.subgraphs) {
      tensors += subgraph.tensors.size();
      ops += subgraph.operators.size();
    }
    m_graph.tensors.reserve(tensors);
    m_graph.ops.reserve(ops);
    m_graph.metadata = m_model.metadata;
    m_graph.buffers = m_model.buffers;
    m_graph.storage = m_model.storage;
    m_graph.fileBytes = Bytes(static_cast<std::int64_t>(m_model.fileBytes));
    for (const Subgraph& subgraph : m_model.subgraphs) addSubgraph(subgraph);
    for (const SubgraphId subgraph : m_graph.subgraphs.ids()) {
      if (OpProblem problem = link(subgraph)) {
        return Error{m_model.source, fmt::format("subgraph {}, {}", subgraph.value, *problem)};
      }
    }
    if (OpProblem problem = checkCalls(m_graph)) return Error{m_model.source, *problem};
    if (OpProblem problem = checkTotal()) return Error{m_model.source, *problem};
    return std::move(m_graph);
  }

 private:
  void addSubgraph(const Subgraph& from) {
    GraphSubgraph to;
    to.name = from.name;
    to.firstOp = OpId(m_graph.ops.size());
    to.opCount = from.operators.size();
    to.firstTensor = TensorId(m_graph.tensors.size());
    to.tensorCount = from.tensors.size();
    const auto tensorId = [&](std::int32_t index) {
      return index < 0 ? TensorId() : TensorId(to.firstTensor.value + index);
    };
    for (const std::int32_t index : from.inputs) to.inputs.push_back(tensorId(index));
    for (const std::int32_t index : from.outputs) to.outputs.push_back(tensorId(index));
    const SubgraphId id(m_graph.subgraphs.size());
    for (const Tensor& tensor : from.tensors) addTensor(tensor, id, to.firstTensor);
    for (const Operator& op : from.operators) addOperator(op, id, to.firstOp, tensorId);
    m_graph.subgraphs.add(std::move(to));
  }

  /// Sums over tensors, readers and steps must stay far below 63 bits in everything that follows.
  OpProblem checkTotal() const {
    std::int64_t left = kMostBytes.value;
    for (const GraphTensor& tensor : m_graph.tensors) {
      if (tensor.bytes.value > left) {
        return fmt::format("tensors take more than {} bytes together, which no device has",
                           kMostBytes.value);
      }
      left -= tensor.bytes.value;
    }
    return std::nullopt;
  }

  void addTensor(const Tensor& from, SubgraphId subgraph, TensorId first) {
    GraphTensor to;
    to.name = from.name;
    to.type = from.type;
    to.shape = from.shape;
    to.bytes = sizeOf(from.type, from.shape).value_or(Bytes(0));
    to.buffer = from.buffer;
    if (from.buffer < m_model.buffers.size()) to.data = m_model.buffers[from.buffer];
    to.isConstant = !to.data.empty();
    to.storedBytes = Bytes(static_cast<std::int64_t>(to.data.size()));
    to.isVariable = from.isVariable;
    to.isSparse = from.sparsity.has_value();
    to.isOpen = std::any_of(from.shapeSignature.begin(), from.shapeSignature.end(),
                            [](std::int32_t extent) { return extent < 0; });
    if (from.quantization) {
      to.scaleCount = from.quantization->scales.size();
      to.zeroPointCount = from.quantization->zeroPoints.size();
    }
    to.subgraph = subgraph;
    to.indexInSubgraph = static_cast<std::int32_t>(m_graph.tensors.size()) - first.value;
    m_graph.tensors.add(std::move(to));
  }

  template <typename ToId>
  void addOperator(const Operator& from, SubgraphId subgraph, OpId first, const ToId& tensorId) {
    GraphOp to;
    to.kind = from.kind;
    to.customName = from.customName;
    if (!isKnown(from.kind)) {
      to.customName = fmt::format("BUILTIN_{}", static_cast<std::int32_t>(from.kind));
    }
    to.attributes = from.attributes;
    to.subgraph = subgraph;
    to.indexInSubgraph = static_cast<std::int32_t>(m_graph.ops.size()) - first.value;
    to.inputs.reserve(from.inputs.size());
    for (const std::int32_t index : from.inputs) {
      GraphInput input{tensorId(index), InputRole::Activation};
      if (input.tensor.valid()) {
        const GraphTensor& tensor = m_graph.tensors[input.tensor];
        if (tensor.isVariable) {
          input.role = InputRole::State;
        } else if (tensor.isConstant) {
          input.role = roleOfConstant(from.kind, to.inputs.size(), from.inputs.size());
        }
      }
      to.inputs.push_back(input);
    }
    for (const std::int32_t index : from.outputs) to.outputs.push_back(tensorId(index));
    for (const std::int32_t index : from.intermediates) {
      if (index >= 0) to.intermediates.push_back(tensorId(index));
    }
    if (!to.outputs.empty()) to.name = m_graph.tensors[to.outputs[0]].name;
    m_graph.ops.add(std::move(to));
  }

  std::string nameOfTensor(TensorId id) const {
    const GraphTensor& tensor = m_graph.tensors[id];
    return fmt::format("tensor {} {}", tensor.indexInSubgraph, inQuotes(tensor.name));
  }

  OpProblem link(SubgraphId id) {
    const GraphSubgraph& subgraph = m_graph.subgraphs[id];
    m_isInput.resize(m_graph.tensors.size());
    for (const TensorId input : subgraph.inputs) m_isInput[input.index()] = true;
    for (std::size_t i = 0; i < subgraph.opCount; ++i) {
      const OpId op(subgraph.firstOp.value + static_cast<std::int32_t>(i));
      if (OpProblem problem = linkOperator(op)) {
        return fmt::format("operator {} ({}): {}", i, inLine(m_graph.kindName(m_graph.ops[op])),
                           *problem);
      }
    }
    return std::nullopt;
  }

  OpProblem linkOperator(OpId id) {
    GraphOp& op = m_graph.ops[id];
    const OpView view{m_graph, op};
    for (const GraphInput& input : op.inputs) {
      if (!input.tensor.valid()) continue;
      std::vector<OpId>& readers = m_graph.tensors[input.tensor].readers;
      if (readers.empty() || readers.back() != id) readers.push_back(id);
    }
    for (const TensorId output : op.outputs) {
      if (OpProblem problem = produce(output, id)) return problem;
    }
    if (OpProblem problem = checkForm(view)) return problem;
    if (OpProblem problem = checkShape(view)) {
      // Where the file leaves extents open it has place-holders, which need not agree.
      if (!touchesOpenTensor(op)) return problem;
    }
    const MacCount count = countMacs(view);
    if (count.overflow) return "has more than 2^63 multiply-accumulates";
    op.macs = count.macs;
    return std::nullopt;
  }

  OpProblem produce(TensorId output, OpId op) {
    GraphTensor& tensor = m_graph.tensors[output];
    if (tensor.isVariable) return std::nullopt;
    if (tensor.isConstant) {
      return fmt::format("writes {}, which is constant", nameOfTensor(output));
    }
    if (m_isInput[output.index()]) {
      return fmt::format("writes {}, which is an input of the subgraph", nameOfTensor(output));
    }
    if (tensor.producer.valid()) {
      return fmt::format("writes {}, which operator {} writes already", nameOfTensor(output),
                         m_graph.ops[tensor.producer].indexInSubgraph);
    }
    if (!tensor.readers.empty()) {
      return fmt::format("writes {}, which operator {} has read before", nameOfTensor(output),
                         m_graph.ops[tensor.readers.front()].indexInSubgraph);
    }
    tensor.producer = op;
    return std::nullopt;
  }

  bool touchesOpenTensor(const GraphOp& op) const {
    const auto isOpen = [&](TensorId id) { return id.valid() && m_graph.tensors[id].isOpen; };
    return std::any_of(op.inputs.begin(), op.inputs.end(),
                       [&](const GraphInput& input) { return isOpen(input.tensor); }) ||
           std::any_of(op.outputs.begin(), op.outputs.end(), isOpen);
  }

  const Model& m_model;
  Graph m_graph;
  std::vector<bool> m_isInput;
};

}  // namespace

Result<Graph> buildGraph(const Model& model) {
  return Builder(model).build();
}

}  // namespace mcuprof
