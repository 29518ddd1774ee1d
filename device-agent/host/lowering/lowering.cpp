#include "device-agent/host/lowering/lowering.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cassert>
#include <cstring>
#include <limits>
#include <span>
#include <utility>

#include "analyzer/analysis/arena.hpp"
#include "device-agent/host/lowering/layer_context.hpp"

namespace mcuprof {
namespace {

constexpr std::int64_t kMostTensorBytes = 0x3FFFFFFF;

LayerOrRefusal lowerOp(const LayerContext& c) {
  switch (c.view.op.kind) {
    case OpKind::Conv2d:
      return lowerConv(c);
    case OpKind::DepthwiseConv2d:
      return lowerDepthwise(c);
    case OpKind::TransposeConv:
      return lowerTransposeConv(c);
    case OpKind::AveragePool2d:
    case OpKind::MaxPool2d:
      return lowerPool(c);
    case OpKind::FullyConnected:
      return lowerFullyConnected(c);
    case OpKind::Svdf:
      return lowerSvdf(c);
    case OpKind::UnidirectionalSequenceLstm:
      return lowerLstm(c);
    case OpKind::Add:
    case OpKind::Sub:
    case OpKind::Mul:
    case OpKind::Div:
    case OpKind::Minimum:
    case OpKind::Maximum:
      return lowerArithmetic(c);
    case OpKind::Prelu:
      return lowerPrelu(c);
    case OpKind::Softmax:
      return lowerSoftmax(c);
    case OpKind::Relu:
    case OpKind::Relu6:
      return lowerRelu(c);
    case OpKind::LeakyRelu:
      return lowerLeakyRelu(c);
    case OpKind::Logistic:
    case OpKind::Tanh:
    case OpKind::HardSwish:
      return lowerCurve(c);
    case OpKind::Quantize:
      return lowerQuantize(c);
    case OpKind::Dequantize:
      return lowerDequantize(c);
    case OpKind::Mean:
      return lowerMean(c);
    case OpKind::Cast:
      return lowerCast(c);
    case OpKind::Reshape:
    case OpKind::Squeeze:
    case OpKind::ExpandDims:
      return lowerCopy(c);
    case OpKind::Shape:
      return lowerShape(c);
    case OpKind::Pad:
    case OpKind::Padv2:
      return lowerPad(c);
    case OpKind::Concatenation:
    case OpKind::Pack:
      return lowerJoin(c);
    case OpKind::StridedSlice:
      return lowerStridedSlice(c);
    case OpKind::Transpose:
      return lowerTranspose(c);
    default:
      return refuse("the agent has no kernel for it");
  }
}

/// What no kind of layer can take, whatever the operator.
std::optional<Refusal> refuseTensors(const LayerContext& c) {
  const auto isBad = [&](TensorId id) {
    if (!id.valid()) return false;
    const GraphTensor& t = c.view.graph.tensors[id];
    return t.isSparse || t.shape.size() > MCUPROF_MAX_RANK;
  };
  const GraphOp& op = c.view.op;
  if (op.outputs.empty() || op.inputs.size() > 255 || op.outputs.size() > 255) {
    return refuse("it has no outputs or too many tensors");
  }
  const bool bad = std::any_of(op.inputs.begin(), op.inputs.end(),
                               [&](const GraphInput& in) { return isBad(in.tensor); }) ||
                   std::any_of(op.outputs.begin(), op.outputs.end(), isBad);
  if (bad) return refuse("a tensor is sparse or of more than six axes");
  return std::nullopt;
}

/// Types whose elements are whole bytes the program can describe.
bool isStorable(const GraphTensor& tensor) {
  using enum ElementType;
  switch (tensor.type) {
    case Float32:
    case Int32:
    case Uint8:
    case Int64:
    case Bool:
    case Int16:
    case Int8:
    case Uint64:
    case Uint32:
    case Uint16:
      return tensor.shape.size() <= MCUPROF_MAX_RANK && tensor.bytes > Bytes(0) &&
             tensor.bytes.value <= kMostTensorBytes;
    default:
      return false;
  }
}

bool usesOnlyStorable(const LayerContext& c) {
  const auto isGood = [&](TensorId id) {
    return !id.valid() || isStorable(c.view.graph.tensors[id]);
  };
  return std::all_of(c.view.op.inputs.begin(), c.view.op.inputs.end(),
                     [&](const GraphInput& in) { return isGood(in.tensor); }) &&
         std::all_of(c.view.op.outputs.begin(), c.view.op.outputs.end(), isGood);
}

class Lowering {
 public:
  Lowering(const Model& model, const Graph& graph, const Schedule& schedule,
           mcuprof_library library)
      : m_model(model),
        m_graph(graph),
        m_schedule(schedule),
        m_library(library),
        m_main(graph.subgraphs[SubgraphId(0)]),
        m_layers(m_main.opCount),
        m_forms(m_main.opCount),
        m_scratchOffsets(m_main.opCount),
        m_isMisfit(m_main.opCount),
        m_offsets(graph.tensors.size()) {}

  Result<LoweredProgram> run(const std::array<std::uint8_t, 16>& modelHash);

 private:
  void lowerLayers(ProgramBuilder& builder, ProgramTensors& tensors);
  LayerOrRefusal lowerLayer(const LayerContext& context, std::size_t layer) const;
  Result<void> placeArena();
  std::vector<std::byte> write(const std::array<std::uint8_t, 16>& modelHash);
  bool findMisfits(std::span<const std::byte> bytes);

  const Model& m_model;
  const Graph& m_graph;
  const Schedule& m_schedule;
  mcuprof_library m_library;
  const GraphSubgraph& m_main;
  std::vector<LoweredLayer> m_layers;
  std::vector<LayerForm> m_forms;
  std::vector<Bytes> m_scratchOffsets;
  std::vector<bool> m_isMisfit;  ///< layers that the agent's check would refuse
  Table<TensorId, std::optional<Bytes>> m_offsets;
  Bytes m_arenaBytes;
};

LayerOrRefusal Lowering::lowerLayer(const LayerContext& context, std::size_t layer) const {
  if (m_isMisfit[layer]) return refuse("its tensors' shapes do not fit together");
  if (const auto refusal = refuseTensors(context)) return *refusal;
  if (!usesOnlyStorable(context)) {
    return refuse("a tensor's type or size has no place in a layer program");
  }
  return lowerOp(context);
}

void Lowering::lowerLayers(ProgramBuilder& builder, ProgramTensors& tensors) {
  for (std::size_t i = 0; i < m_main.opCount; ++i) {
    const OpId id(m_main.firstOp.index() + i);
    const GraphOp& op = m_graph.ops[id];
    LayerOrRefusal result = lowerLayer({{m_graph, op}, m_library, tensors, builder}, i);
    LoweredLayer& layer = m_layers[i];
    layer = LoweredLayer();
    layer.op = id;
    if (auto* form = std::get_if<LayerForm>(&result)) {
      layer.kind = static_cast<mcuprof_kind>(form->kind);
      layer.scratch = form->scratchBytes;
      m_forms[i] = std::move(*form);
      continue;
    }
    layer.reason = std::get<Refusal>(result).reason;
    m_forms[i] = LayerForm();
    for (const TensorId out : op.outputs) {
      const GraphTensor& tensor = m_graph.tensors[out];
      const bool isThere = isStorable(tensor) && !tensor.isConstant;
      if (isThere && m_forms[i].outputs.size() < 255) {
        m_forms[i].outputs.push_back(tensors.number(out));
      }
    }
  }
}

Result<void> Lowering::placeArena() {
  std::vector<BufferRequest> requests;
  const auto request = [&](Bytes size, Lifetime life) {
    requests.push_back({roundUp(size, Bytes(MCUPROF_ARENA_ALIGNMENT)), life, std::nullopt});
  };
  std::vector<TensorId> placed;
  for (const TensorId id : m_graph.tensors.ids()) {
    const GraphTensor& tensor = m_graph.tensors[id];
    if (tensor.subgraph != SubgraphId(0) || tensor.isConstant || !isStorable(tensor)) continue;
    Lifetime life = m_schedule.lifetime[id];
    const bool isUsed = life.first >= 0 || tensor.producer.valid() || !tensor.readers.empty();
    if (!isUsed) continue;
    // State keeps its place for good; so does what is read and never written.
    if (tensor.isVariable || life.first < 0) life = {0, m_schedule.stepCount};
    request(tensor.bytes, life);
    placed.push_back(id);
  }
  for (const LoweredLayer& layer : m_layers) {
    if (layer.scratch > Bytes(0)) request(layer.scratch, m_schedule.running[layer.op]);
  }
  const std::vector<Bytes> offsets = placeGreedily(requests);
  m_arenaBytes = Bytes(0);
  for (std::size_t i = 0; i < requests.size(); ++i) {
    m_arenaBytes = std::max(m_arenaBytes, offsets[i] + requests[i].size);
  }
  constexpr std::int64_t kMost = std::numeric_limits<std::int32_t>::max();
  if (m_arenaBytes.value > kMost) {
    return Error{m_model.source,
                 fmt::format("the model needs an arena of {} bytes, wanted at most {}",
                             m_arenaBytes.value, kMost)};
  }
  for (std::size_t i = 0; i < placed.size(); ++i) m_offsets[placed[i]] = offsets[i];
  std::size_t next = placed.size();
  for (std::size_t i = 0; i < m_layers.size(); ++i) {
    if (m_layers[i].scratch > Bytes(0)) m_scratchOffsets[i] = offsets[next++];
  }
  return {};
}

std::vector<std::byte> Lowering::write(const std::array<std::uint8_t, 16>& modelHash) {
  ProgramBuilder builder;
  ProgramTensors tensors(m_model, m_graph, m_offsets, builder);
  const auto numbers = [&](const std::vector<TensorId>& ids) {
    std::vector<std::uint16_t> list;
    for (const TensorId id : ids) {
      if (isStorable(m_graph.tensors[id])) list.push_back(tensors.number(id));
    }
    return list;
  };
  lowerLayers(builder, tensors);
  for (std::size_t i = 0; i < m_layers.size(); ++i) {
    const LoweredLayer& lowered = m_layers[i];
    const GraphOp& op = m_graph.ops[lowered.op];
    ProgramLayer layer;
    layer.kind = static_cast<std::uint16_t>(lowered.kind);
    layer.inputs = m_forms[i].inputs;
    layer.outputs = m_forms[i].outputs;
    layer.parameters = m_forms[i].parameters;
    layer.scratchOffset = m_scratchOffsets[i];
    layer.scratchBytes = roundUp(lowered.scratch, Bytes(MCUPROF_ARENA_ALIGNMENT));
    layer.op = static_cast<std::uint32_t>(op.indexInSubgraph);
    layer.operatorName = m_graph.kindName(op);
    layer.name = op.name;
    layer.reason = lowered.reason;
    builder.addLayer(layer);
  }
  const auto inputs = numbers(m_main.inputs);
  const auto outputs = numbers(m_main.outputs);
  return builder.build(inputs, outputs, m_library, m_arenaBytes, modelHash);
}

/// Whether the agent's own check refuses layers, which it does where a file leaves extents open
/// that then do not agree.
bool Lowering::findMisfits(std::span<const std::byte> bytes) {
  struct alignas(MCUPROF_PROGRAM_ALIGNMENT) Block {
    std::byte bytes[MCUPROF_PROGRAM_ALIGNMENT];
  };
  std::vector<Block> aligned(bytes.size() / sizeof(Block));
  std::memcpy(aligned.data(), bytes.data(), bytes.size());
  mcuprof_program program{};
  const mcuprof_problem problem =
      mcuprof_program_check_for(&program, aligned.data(), static_cast<std::uint32_t>(bytes.size()),
                                static_cast<std::uint32_t>(m_arenaBytes.value), m_library);
  if (problem.status == MCUPROF_PROGRAM_OK) return false;
  assert(problem.status >= MCUPROF_PROGRAM_BAD_LAYER);
  for (std::size_t i = 0; i < m_layers.size(); ++i) {
    m_isMisfit[i] =
        mcuprof_layer_check(&program, static_cast<std::uint32_t>(i)) != MCUPROF_PROGRAM_OK;
  }
  return true;
}

Result<LoweredProgram> Lowering::run(const std::array<std::uint8_t, 16>& modelHash) {
  // A first pass says which layers there are and what scratch they want; with that the arena is
  // settled, and a second pass writes the program.
  ProgramBuilder sketch;
  ProgramTensors tensors(m_model, m_graph, m_offsets, sketch);
  lowerLayers(sketch, tensors);
  if (sketch.tensorCount() + m_main.inputs.size() + m_main.outputs.size() >= MCUPROF_NO_TENSOR ||
      sketch.size() > std::numeric_limits<std::int32_t>::max()) {
    return Error{m_model.source,
                 "the model has more tensors or constants than a layer program holds"};
  }
  if (const auto placed = placeArena(); !placed) return placed.error();
  LoweredProgram program;
  program.bytes = write(modelHash);
  if (findMisfits(program.bytes)) program.bytes = write(modelHash);
  program.arenaBytes = m_arenaBytes;
  program.layers = m_layers;
  program.offsets = m_offsets;
  return program;
}

}  // namespace

Result<LoweredProgram> lowerModel(const Model& model, const Graph& graph, const Schedule& schedule,
                                  mcuprof_library library,
                                  const std::array<std::uint8_t, 16>& modelHash) {
  return Lowering(model, graph, schedule, library).run(modelHash);
}

}  // namespace mcuprof
