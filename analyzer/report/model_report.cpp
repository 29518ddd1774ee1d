#include "analyzer/report/model_report.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <map>
#include <utility>

#include "analyzer/report/text.hpp"

namespace mcuprof {
namespace {

std::string quantizationOf(const Model& model, const GraphTensor& tensor) {
  const Tensor& source = model.subgraphs[tensor.subgraph.index()]
                             .tensors[static_cast<std::size_t>(tensor.indexInSubgraph)];
  if (!source.quantization || source.quantization->scales.empty()) return "none";
  const std::size_t scales = source.quantization->scales.size();
  return scales == 1 ? "per tensor" : fmt::format("per channel ({})", scales);
}

TensorRow buildTensor(const Model& model, const Graph& graph, TensorId id) {
  const GraphTensor& tensor = graph.tensor(id);
  return {tensor.indexInSubgraph,           printable(tensor.name), textOf(tensor.shape),
          std::string(nameOf(tensor.type)), tensor.bytes,           quantizationOf(model, tensor)};
}

/// "/2" or "/2x1"; nothing for a stride of one.
void addStride(std::string& out, std::int32_t h, std::int32_t w) {
  if (h == 1 && w == 1) return;
  out += h == w ? fmt::format("/{}", h) : fmt::format("/{}x{}", h, w);
}

void addActivation(std::string& out, Activation activation) {
  if (activation != Activation::None) out.append(" ").append(nameOf(activation));
}

/// Options in the words that people use for layers: "3x3/2 same relu6".
struct OptionsText {
  const Graph& graph;
  const GraphOp& op;

  /// Height and width of a filter in OHWI or 1HWC order, "3x3"; empty when it is not there.
  std::string filter() const {
    if (op.inputs.size() < 2) return {};
    for (const GraphInput& input : op.inputs) {
      if (input.role != InputRole::Weights || !input.tensor.valid()) continue;
      const Shape& shape = graph.tensor(input.tensor).shape;
      if (shape.size() == 4) return fmt::format("{}x{}", shape[1], shape[2]);
    }
    return {};
  }

  std::string operator()(const NoAttributes&) const { return {}; }
  std::string operator()(const ConvAttributes& a) const {
    std::string out = filter();
    addStride(out, a.strideH, a.strideW);
    out.append(" ").append(nameOf(a.padding));
    if (a.dilationH != 1 || a.dilationW != 1)
      out += fmt::format(" d{}x{}", a.dilationH, a.dilationW);
    if (a.depthMultiplier > 1) out += fmt::format(" m{}", a.depthMultiplier);
    addActivation(out, a.activation);
    return out;
  }
  std::string operator()(const Conv3dAttributes& a) const {
    std::string out =
        fmt::format("s{}x{}x{} {}", a.strideD, a.strideH, a.strideW, nameOf(a.padding));
    addActivation(out, a.activation);
    return out;
  }
  std::string operator()(const PoolAttributes& a) const {
    std::string out = fmt::format("{}x{}", a.filterH, a.filterW);
    addStride(out, a.strideH, a.strideW);
    out.append(" ").append(nameOf(a.padding));
    addActivation(out, a.activation);
    return out;
  }
  std::string operator()(const FullyConnectedAttributes& a) const {
    return activation(a.activation);
  }
  std::string operator()(const ArithmeticAttributes& a) const { return activation(a.activation); }
  std::string operator()(const SoftmaxAttributes& a) const {
    return a.beta == 1.0F ? "" : fmt::format("beta {}", a.beta);
  }
  std::string operator()(const AxisAttributes& a) const {
    std::string out = fmt::format("axis {}", a.axis);
    addActivation(out, a.activation);
    return out;
  }
  std::string operator()(const DimensionsAttributes&) const { return {}; }
  std::string operator()(const ReduceAttributes& a) const { return a.keepDims ? "keeps dims" : ""; }
  std::string operator()(const StridedSliceAttributes&) const { return {}; }
  std::string operator()(const RecurrentAttributes& a) const {
    std::string out = a.rank > 0 ? fmt::format("rank {}", a.rank) : std::string();
    addActivation(out, a.activation);
    return out;
  }
  std::string operator()(const LeakyReluAttributes& a) const {
    return fmt::format("alpha {}", a.alpha);
  }
  std::string operator()(const ResizeAttributes&) const { return {}; }
  std::string operator()(const BlockAttributes& a) const {
    return fmt::format("block {}", a.blockSize);
  }
  std::string operator()(const BatchMatMulAttributes&) const { return {}; }
  std::string operator()(const MirrorPadAttributes& a) const {
    return a.mode == 0 ? "reflect" : "symmetric";
  }
  std::string operator()(const CumsumAttributes&) const { return {}; }
  std::string operator()(const ControlAttributes& a) const {
    return a.second < 0 ? fmt::format("subgraph {}", a.first)
                        : fmt::format("subgraphs {} and {}", a.first, a.second);
  }
  std::string operator()(const VariableAttributes& a) const { return printable(a.sharedName); }

 private:
  static std::string activation(Activation a) {
    return a == Activation::None ? "" : std::string(nameOf(a));
  }
};

OperatorRow buildOperator(const Model& model, const Graph& graph, OpId id,
                          const WorkingSet& parts) {
  const GraphOp& op = graph.ops[id];
  OperatorRow row;
  row.number = id.value + 1;
  row.subgraph = op.subgraph.value;
  row.index = op.indexInSubgraph;
  row.kind = printable(graph.kindName(op));
  row.name = printable(op.name);
  row.macs = op.macs;
  row.parts = parts;
  row.options = std::visit(OptionsText{graph, op}, op.attributes);
  if (row.options.starts_with(' ')) row.options.erase(0, 1);
  if (!op.outputs.empty() && op.outputs[0].valid()) {
    const GraphTensor& output = graph.tensor(op.outputs[0]);
    row.shape = textOf(output.shape);
    row.type = nameOf(output.type);
    row.quantization = quantizationOf(model, output);
  }
  for (const GraphInput& input : op.inputs) {
    if (!input.tensor.valid()) continue;
    const GraphTensor& tensor = graph.tensor(input.tensor);
    if (input.role == InputRole::Activation && row.inputShape.empty()) {
      row.inputShape = textOf(tensor.shape);
    }
    if (input.role == InputRole::Weights) {
      row.quantization = quantizationOf(model, tensor);
      break;
    }
  }
  return row;
}

std::vector<KindRow> countKinds(const std::vector<OperatorRow>& operators) {
  std::map<std::string, KindRow> byName;
  for (const OperatorRow& op : operators) {
    KindRow& row = byName[op.kind];
    row.kind = op.kind;
    ++row.operators;
    if (op.macs) {
      row.macs += *op.macs;
    } else {
      row.macsKnown = false;
    }
    row.constants += op.parts.weights + op.parts.bias;
  }
  std::vector<KindRow> rows;
  for (auto& [name, row] : byName) rows.push_back(std::move(row));
  std::ranges::stable_sort(rows, std::greater<>(),
                           [](const KindRow& row) { return row.macs.value; });
  return rows;
}

}  // namespace

ModelReport buildModelReport(const Model& model, const Graph& graph, Provenance provenance) {
  ModelReport out;
  out.provenance = std::move(provenance);
  out.schemaVersion = model.version;
  out.description = printable(model.description);
  for (const GraphSubgraph& subgraph : graph.subgraphs) {
    SubgraphRow row{printable(subgraph.name), subgraph.opCount, subgraph.tensorCount, {}, {}};
    for (TensorId id : subgraph.inputs) row.inputs.push_back(buildTensor(model, graph, id));
    for (TensorId id : subgraph.outputs) row.outputs.push_back(buildTensor(model, graph, id));
    out.subgraphs.push_back(std::move(row));
  }
  const WorkingSets sets = countWorkingSets(graph, KernelPlan(graph.ops.size()));
  out.operators.reserve(graph.ops.size());
  for (OpId id : graph.ops.ids()) {
    out.operators.push_back(buildOperator(model, graph, id, sets[id]));
    const OperatorRow& row = out.operators.back();
    if (row.macs) {
      out.totals.macs += *row.macs;
    } else {
      ++out.totals.unknownLayers;
    }
    out.totals.parts.input += row.parts.input;
    out.totals.parts.weights += row.parts.weights;
    out.totals.parts.bias += row.parts.bias;
    out.totals.parts.output += row.parts.output;
  }
  out.kinds = countKinds(out.operators);
  for (const Metadata& entry : model.metadata) {
    const auto bytes = entry.buffer < model.buffers.size() ? model.buffers[entry.buffer].size() : 0;
    out.metadata.push_back({printable(entry.name), Bytes(static_cast<std::int64_t>(bytes))});
  }
  for (const Signature& signature : model.signatures) {
    SignatureRow row{printable(signature.key), signature.subgraph, {}, {}};
    for (const auto& argument : signature.inputs) row.inputs.push_back(printable(argument.name));
    for (const auto& argument : signature.outputs) row.outputs.push_back(printable(argument.name));
    out.signatures.push_back(std::move(row));
  }
  return out;
}

}  // namespace mcuprof
