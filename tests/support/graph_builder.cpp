#include "tests/support/graph_builder.hpp"

#include <algorithm>
#include <cassert>
#include <utility>

namespace mcuprof::test {
namespace {

bool takesBias(OpKind kind) {
  return kind == OpKind::Conv2d || kind == OpKind::DepthwiseConv2d ||
         kind == OpKind::FullyConnected || kind == OpKind::TransposeConv || kind == OpKind::Conv3d;
}

InputRole roleOf(const GraphTensor& tensor, OpKind kind, std::size_t position) {
  if (tensor.isVariable) return InputRole::State;
  if (!tensor.isConstant) return InputRole::Activation;
  const bool wide = tensor.type == ElementType::Int32 || tensor.type == ElementType::Int64;
  const std::size_t biasPosition = kind == OpKind::TransposeConv ? 3 : 2;
  if (takesBias(kind) && position == biasPosition) return InputRole::Bias;
  return wide ? InputRole::Parameter : InputRole::Weights;
}

}  // namespace

GraphBuilder::GraphBuilder() {
  m_graph.buffers.emplace_back();  // buffer 0 is the empty one
  beginSubgraph("main");
}

std::span<const std::byte> GraphBuilder::own(std::size_t size) {
  auto bytes = std::make_shared<std::vector<std::byte>>(size);
  m_graph.storage.push_back(bytes);
  return *bytes;
}

TensorId GraphBuilder::add(Shape shape, ElementType type) {
  GraphSubgraph& subgraph = *(m_graph.subgraphs.end() - 1);
  GraphTensor tensor;
  tensor.name = "t" + std::to_string(m_graph.tensors.size());
  tensor.type = type;
  tensor.bytes = sizeOf(type, shape).value_or(Bytes());
  tensor.shape = std::move(shape);
  tensor.subgraph = SubgraphId(m_graph.subgraphs.size() - 1);
  tensor.indexInSubgraph = static_cast<std::int32_t>(subgraph.tensorCount++);
  return m_graph.tensors.add(std::move(tensor));
}

TensorId GraphBuilder::input(Shape shape, ElementType type) {
  const TensorId id = add(std::move(shape), type);
  (m_graph.subgraphs.end() - 1)->inputs.push_back(id);
  return id;
}

TensorId GraphBuilder::constant(Shape shape, ElementType type) {
  const TensorId id = add(std::move(shape), type);
  GraphTensor& tensor = m_graph.tensors[id];
  tensor.isConstant = true;
  tensor.storedBytes = tensor.bytes;
  tensor.data = own(static_cast<std::size_t>(tensor.bytes.value));
  tensor.buffer = static_cast<std::uint32_t>(m_graph.buffers.size());
  m_graph.buffers.push_back(tensor.data);
  return id;
}

TensorId GraphBuilder::variable(Shape shape, ElementType type) {
  const TensorId id = add(std::move(shape), type);
  m_graph.tensors[id].isVariable = true;
  return id;
}

TensorId GraphBuilder::op(OpKind kind, std::vector<TensorId> inputs, Shape output,
                          Attributes attributes, ElementType type) {
  return opWithOutputs(kind, std::move(inputs), {std::move(output)}, std::move(attributes), type)
      .front();
}

std::vector<TensorId> GraphBuilder::opWithOutputs(OpKind kind, std::vector<TensorId> inputs,
                                                  std::vector<Shape> outputs, Attributes attributes,
                                                  ElementType type) {
  const OpId id(m_graph.ops.size());
  GraphSubgraph& subgraph = *(m_graph.subgraphs.end() - 1);
  GraphOp op;
  op.kind = kind;
  op.attributes = std::move(attributes);
  op.subgraph = SubgraphId(m_graph.subgraphs.size() - 1);
  op.indexInSubgraph = static_cast<std::int32_t>(subgraph.opCount++);
  op.macs = Macs(0);
  for (std::size_t i = 0; i < inputs.size(); ++i) {
    if (!inputs[i].valid()) {
      op.inputs.push_back({});
      continue;
    }
    GraphTensor& tensor = m_graph.tensors[inputs[i]];
    op.inputs.push_back({inputs[i], roleOf(tensor, kind, i)});
    if (tensor.readers.empty() || tensor.readers.back() != id) tensor.readers.push_back(id);
  }
  for (Shape& shape : outputs) {
    const TensorId output = add(std::move(shape), type);
    m_graph.tensors[output].producer = id;
    op.outputs.push_back(output);
  }
  if (!op.outputs.empty()) op.name = m_graph.tensors[op.outputs.front()].name;
  m_graph.ops.add(op);
  return op.outputs;
}

OpId GraphBuilder::lastOp() const {
  assert(!m_graph.ops.empty());
  return OpId(m_graph.ops.size() - 1);
}

GraphBuilder& GraphBuilder::macs(std::int64_t count) {
  m_graph.ops[lastOp()].macs = Macs(count);
  return *this;
}

GraphBuilder& GraphBuilder::unknownMacs() {
  m_graph.ops[lastOp()].macs.reset();
  return *this;
}

GraphBuilder& GraphBuilder::customName(std::string name) {
  m_graph.ops[lastOp()].customName = std::move(name);
  return *this;
}

GraphBuilder& GraphBuilder::output(TensorId tensor) {
  (m_graph.subgraphs.end() - 1)->outputs.push_back(tensor);
  return *this;
}

SubgraphId GraphBuilder::beginSubgraph(std::string name) {
  GraphSubgraph subgraph;
  subgraph.name = std::move(name);
  subgraph.firstOp = OpId(m_graph.ops.size());
  subgraph.firstTensor = TensorId(m_graph.tensors.size());
  return m_graph.subgraphs.add(std::move(subgraph));
}

GraphBuilder& GraphBuilder::metadata(std::string name, std::vector<std::byte> content) {
  auto bytes = std::make_shared<std::vector<std::byte>>(std::move(content));
  m_graph.storage.push_back(bytes);
  m_graph.metadata.push_back({std::move(name), static_cast<std::uint32_t>(m_graph.buffers.size())});
  m_graph.buffers.emplace_back(*bytes);
  return *this;
}

GraphBuilder& GraphBuilder::fileBytes(Bytes bytes) {
  m_fileBytes = bytes;
  return *this;
}

Graph GraphBuilder::build() {
  Graph graph = m_graph;
  Bytes constants;
  for (const GraphTensor& tensor : graph.tensors) constants += tensor.storedBytes;
  graph.fileBytes = m_fileBytes.value_or(constants);
  return graph;
}

}  // namespace mcuprof::test
