#include "device-agent/host/lowering/lowering.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <limits>

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

/// The arena's tensors first, then each layer's scratch.
struct Arena {
  std::vector<BufferRequest> requests;
  std::vector<TensorId> tensors;
  Bytes used;

  void add(Bytes size, Lifetime life) {
    requests.push_back({roundUp(size, Bytes(MCUPROF_ARENA_ALIGNMENT)), life, std::nullopt});
  }
  std::vector<Bytes> place() {
    std::vector<Bytes> offsets = placeGreedily(requests);
    for (std::size_t i = 0; i < requests.size(); ++i) {
      used = std::max(used, offsets[i] + requests[i].size);
    }
    return offsets;
  }
};

bool usesOnlyStorable(const LayerContext& c) {
  const auto isGood = [&](TensorId id) {
    return !id.valid() || isStorable(c.view.graph.tensors[id]);
  };
  return std::all_of(c.view.op.inputs.begin(), c.view.op.inputs.end(),
                     [&](const GraphInput& in) { return isGood(in.tensor); }) &&
         std::all_of(c.view.op.outputs.begin(), c.view.op.outputs.end(), isGood);
}

}  // namespace

Result<LoweredProgram> lowerModel(const Model& model, const Graph& graph, const Schedule& schedule,
                                  mcuprof_library library,
                                  const std::array<std::uint8_t, 16>& modelHash) {
  const GraphSubgraph& main = graph.subgraphs[SubgraphId(0)];
  LoweredProgram program;
  program.offsets = Table<TensorId, std::optional<Bytes>>(graph.tensors.size());

  // A first pass says which layers there are and what scratch they want; offsets in the arena are
  // settled behind it, and a second pass writes the program with them.
  std::vector<LayerForm> forms(main.opCount);
  const auto lower = [&](ProgramBuilder& builder, bool isLast) {
    ProgramTensors tensors(model, graph, program.offsets, builder);
    for (std::size_t i = 0; i < main.opCount; ++i) {
      const OpId id(main.firstOp.index() + i);
      const GraphOp& op = graph.ops[id];
      const LayerContext context{{graph, op}, library, tensors, builder};
      LayerOrRefusal result = refuse("a tensor's type or size has no place in a layer program");
      if (const auto refusal = refuseTensors(context)) {
        result = *refusal;
      } else if (usesOnlyStorable(context)) {
        result = lowerOp(context);
      }
      LoweredLayer layer;
      layer.op = id;
      if (auto* form = std::get_if<LayerForm>(&result)) {
        layer.kind = static_cast<mcuprof_kind>(form->kind);
        layer.scratch = form->scratchBytes;
        forms[i] = std::move(*form);
      } else {
        layer.reason = std::get<Refusal>(result).reason;
        forms[i] = LayerForm();
        for (const TensorId out : op.outputs) {
          if (isStorable(graph.tensors[out])) forms[i].outputs.push_back(tensors.number(out));
        }
      }
      if (!isLast) program.layers.push_back(layer);
    }
    std::vector<std::uint16_t> inputs;
    std::vector<std::uint16_t> outputs;
    const auto numbers = [&](const std::vector<TensorId>& ids, std::vector<std::uint16_t>& list) {
      for (const TensorId id : ids) {
        if (isStorable(graph.tensors[id])) list.push_back(tensors.number(id));
      }
    };
    numbers(main.inputs, inputs);
    numbers(main.outputs, outputs);
    return std::pair(inputs, outputs);
  };

  ProgramBuilder sketch;
  lower(sketch, false);
  if (sketch.tensorCount() >= MCUPROF_NO_TENSOR ||
      sketch.size() > std::numeric_limits<std::int32_t>::max()) {
    return Error{model.source,
                 "the model has more tensors or constants than a layer program holds"};
  }

  Arena arena;
  for (const TensorId id : graph.tensors.ids()) {
    const GraphTensor& tensor = graph.tensors[id];
    if (tensor.subgraph != SubgraphId(0) || tensor.isConstant || !isStorable(tensor)) continue;
    Lifetime life = schedule.lifetime[id];
    if (tensor.isVariable) life = {0, schedule.stepCount};
    if (life.first < 0) continue;
    arena.add(tensor.bytes, life);
    arena.tensors.push_back(id);
  }
  for (const LoweredLayer& layer : program.layers) {
    if (layer.scratch > Bytes(0)) arena.add(layer.scratch, schedule.running[layer.op]);
  }
  const std::vector<Bytes> offsets = arena.place();
  if (arena.used.value > std::numeric_limits<std::int32_t>::max()) {
    return Error{model.source,
                 fmt::format("the model needs an arena of {} bytes, wanted at most {}",
                             arena.used.value, std::numeric_limits<std::int32_t>::max())};
  }
  for (std::size_t i = 0; i < arena.tensors.size(); ++i) {
    program.offsets[arena.tensors[i]] = offsets[i];
  }
  program.arenaBytes = arena.used;

  ProgramBuilder builder;
  const auto [inputs, outputs] = lower(builder, true);
  std::size_t scratch = arena.tensors.size();
  for (std::size_t i = 0; i < main.opCount; ++i) {
    const LoweredLayer& lowered = program.layers[i];
    const GraphOp& op = graph.ops[lowered.op];
    ProgramLayer layer;
    layer.kind = static_cast<std::uint16_t>(lowered.kind);
    layer.inputs = forms[i].inputs;
    layer.outputs = forms[i].outputs;
    layer.parameters = forms[i].parameters;
    if (lowered.scratch > Bytes(0)) {
      layer.scratchOffset = offsets[scratch++];
      layer.scratchBytes = roundUp(lowered.scratch, Bytes(MCUPROF_ARENA_ALIGNMENT));
    }
    layer.op = static_cast<std::uint32_t>(op.indexInSubgraph);
    layer.operatorName = graph.kindName(op);
    layer.name = op.name;
    layer.reason = lowered.reason;
    builder.addLayer(layer);
  }
  program.bytes = builder.build(inputs, outputs, library, program.arenaBytes, modelHash);
  return program;
}

}  // namespace mcuprof
