#include "analyzer/analysis/touched.hpp"

#include <algorithm>
#include <cmath>

#include "analyzer/base/checked_math.hpp"

// The loop nests are those of TensorFlow Lite Micro's reference kernels
// (tensorflow/lite/kernels/internal/ reference: conv, depthwiseconv, fully_connected, pooling, and
// integer_ops of the same names), which load each operand anew for each multiply-accumulate and
// leave out taps that lie in the padding.
namespace mcuprof {
namespace {

/// One axis of a window that slides over an input.
struct Axis {
  std::int64_t in;
  std::int64_t out;
  std::int64_t window;
  std::int64_t stride;
  std::int64_t dilation;
  Padding padding;
};

/// Windows above this are in no network, only in files that mean harm.
constexpr std::int64_t kLargestWindow = 4096;

/// How many pairs of an output and a tap of its window lie within the input.
std::int64_t countTaps(const Axis& axis) {
  const std::int64_t reach = (axis.window - 1) * axis.dilation + 1;
  const std::int64_t total =
      axis.padding == Padding::Same
          ? std::max<std::int64_t>(0, (axis.out - 1) * axis.stride + reach - axis.in)
          : 0;
  const std::int64_t before = total / 2;
  std::int64_t taps = 0;
  for (std::int64_t tap = 0; tap < axis.window; ++tap) {
    // Outputs o with 0 <= o * stride + shift < in.
    const std::int64_t shift = tap * axis.dilation - before;
    const std::int64_t first = shift >= 0 ? 0 : (axis.stride - 1 - shift) / axis.stride;
    const std::int64_t above = axis.in - shift;  // o * stride must be below this
    if (above <= 0) continue;
    const std::int64_t end = std::min(axis.out, (above + axis.stride - 1) / axis.stride);
    taps += std::max<std::int64_t>(0, end - first);
  }
  return taps;
}

bool isRank4(const GraphTensor& tensor) {
  return tensor.shape.size() == 4;
}

std::int64_t elementBytes(const GraphTensor& tensor) {
  return bitsOf(tensor.type).value_or(0) / 8;
}

std::optional<Bytes> product(std::int64_t a, std::int64_t b, std::int64_t c = 1) {
  const auto ab = checkedMultiply(a, b);
  const auto abc = ab ? checkedMultiply(*ab, c) : std::nullopt;
  if (!abc) return std::nullopt;
  return Bytes(*abc);
}

/// What an operator with weights reads and writes, all tensors present and of known types.
struct Operands {
  const GraphTensor& input;
  const GraphTensor& weights;
  const GraphTensor* bias;
  const GraphTensor& output;
};

std::optional<Operands> operandsOf(const Graph& graph, const GraphOp& op) {
  if (op.inputs.size() < 2 || op.outputs.size() != 1) return std::nullopt;
  if (!op.inputs[0].tensor.valid() || op.inputs[1].role != InputRole::Weights) return std::nullopt;
  const bool hasBias = op.inputs.size() > 2 && op.inputs[2].tensor.valid();
  if (hasBias && op.inputs[2].role != InputRole::Bias) return std::nullopt;
  const GraphTensor* bias = hasBias ? &graph.tensors[op.inputs[2].tensor] : nullptr;
  Operands operands{graph.tensors[op.inputs[0].tensor], graph.tensors[op.inputs[1].tensor], bias,
                    graph.tensors[op.outputs[0]]};
  const ElementType type = operands.input.type;
  const bool isKnown = type == ElementType::Float32
                           ? operands.weights.type == ElementType::Float32
                           : (type == ElementType::Int8 || type == ElementType::Int16) &&
                                 operands.weights.type == ElementType::Int8;
  if (!isKnown) return std::nullopt;
  return operands;
}

/// `loads` of input and weights each, and one load of the bias and one store an output.
std::optional<TouchedBytes> perMac(const Operands& operands, std::int64_t loads) {
  const auto input = product(loads, elementBytes(operands.input));
  const auto weights = product(loads, elementBytes(operands.weights));
  const auto outputs = countElements(operands.output.shape);
  if (!input || !weights || !outputs) return std::nullopt;
  const auto bias = product(*outputs, operands.bias ? elementBytes(*operands.bias) : 0);
  if (!bias) return std::nullopt;
  return TouchedBytes{*input, *weights, *bias, operands.output.bytes, {}, {}, {}};
}

std::optional<TouchedBytes> ofConvolution(const Graph& graph, const GraphOp& op) {
  const auto operands = operandsOf(graph, op);
  const auto* conv = std::get_if<ConvAttributes>(&op.attributes);
  if (!operands || conv == nullptr || !isRank4(operands->input) || !isRank4(operands->weights) ||
      !isRank4(operands->output))
    return std::nullopt;
  const Shape& in = operands->input.shape;
  const Shape& out = operands->output.shape;
  const Shape& filter = operands->weights.shape;
  if (filter[1] > kLargestWindow || filter[2] > kLargestWindow) return std::nullopt;
  const std::int64_t rows =
      countTaps({in[1], out[1], filter[1], conv->strideH, conv->dilationH, conv->padding});
  const std::int64_t columns =
      countTaps({in[2], out[2], filter[2], conv->strideW, conv->dilationW, conv->padding});
  const std::int64_t depth = op.kind == OpKind::Conv2d ? filter[3] : 1;
  const auto taps = product(rows, columns, depth);
  const auto outputs = product(out[0], out[3]);
  if (!taps || !outputs) return std::nullopt;
  const auto loads = product(taps->value, outputs->value);
  if (!loads) return std::nullopt;
  return perMac(*operands, loads->value);
}

std::optional<TouchedBytes> ofFullyConnected(const Graph& graph, const GraphOp& op) {
  const auto operands = operandsOf(graph, op);
  if (!operands || operands->weights.shape.empty()) return std::nullopt;
  const auto outputs = countElements(operands->output.shape);
  if (!outputs) return std::nullopt;
  const auto loads = product(*outputs, operands->weights.shape.back());
  if (!loads) return std::nullopt;
  return perMac(*operands, loads->value);
}

std::optional<TouchedBytes> ofPooling(const Graph& graph, const GraphOp& op) {
  const auto* pool = std::get_if<PoolAttributes>(&op.attributes);
  if (pool == nullptr || op.inputs.size() != 1 || op.outputs.size() != 1) return std::nullopt;
  if (pool->filterH > kLargestWindow || pool->filterW > kLargestWindow) return std::nullopt;
  if (!op.inputs[0].tensor.valid()) return std::nullopt;
  const GraphTensor& input = graph.tensors[op.inputs[0].tensor];
  const GraphTensor& output = graph.tensors[op.outputs[0]];
  if (!isRank4(input) || !isRank4(output)) return std::nullopt;
  const Shape& in = input.shape;
  const Shape& out = output.shape;
  const std::int64_t rows =
      countTaps({in[1], out[1], pool->filterH, pool->strideH, 1, pool->padding});
  const std::int64_t columns =
      countTaps({in[2], out[2], pool->filterW, pool->strideW, 1, pool->padding});
  const auto taps = product(rows, columns);
  const auto channels = product(out[0], out[3], elementBytes(input));
  if (!taps || !channels) return std::nullopt;
  const auto loads = product(taps->value, channels->value);
  if (!loads) return std::nullopt;
  return TouchedBytes{*loads, Bytes(0), Bytes(0), output.bytes, {}, {}, {}};
}

std::optional<TouchedBytes> ofArithmetic(const Graph& graph, const GraphOp& op) {
  if (op.inputs.size() != 2 || op.outputs.size() != 1) return std::nullopt;
  const GraphTensor& output = graph.tensors[op.outputs[0]];
  TouchedBytes touched;
  touched.weights = touched.bias = Bytes(0);
  for (const GraphInput& input : op.inputs) {
    if (!input.tensor.valid() || input.role != InputRole::Activation) return std::nullopt;
    if (graph.tensors[input.tensor].shape != output.shape) return std::nullopt;
    touched.input += graph.tensors[input.tensor].bytes;
  }
  touched.output = output.bytes;
  return touched;
}

}  // namespace

std::optional<TouchedBytes> countTouched(const Graph& graph, const GraphOp& op,
                                         const Runtime& runtime) {
  if (op.inputs.empty() || !op.inputs[0].tensor.valid()) return std::nullopt;
  const ElementType type = graph.tensors[op.inputs[0].tensor].type;
  if (runtime.library != "reference" && type != ElementType::Float32) return std::nullopt;
  switch (op.kind) {
    case OpKind::Conv2d:
    case OpKind::DepthwiseConv2d:
      return ofConvolution(graph, op);
    case OpKind::FullyConnected:
      return ofFullyConnected(graph, op);
    case OpKind::AveragePool2d:
    case OpKind::MaxPool2d:
      return ofPooling(graph, op);
    case OpKind::Add:
    case OpKind::Sub:
    case OpKind::Mul:
      return ofArithmetic(graph, op);
    default:
      return std::nullopt;
  }
}

std::optional<TouchedBytes> estimateTouched(const GraphOp& op, const KernelCost& cost) {
  const auto has = [&](InputRole role) {
    return std::ranges::find(op.inputs, role, &GraphInput::role) != op.inputs.end();
  };
  if (has(InputRole::State)) return std::nullopt;
  const auto bytesOf = [&](CostMetric metric) {
    return Bytes(std::llround(std::min(cost[metric], 0x1p53)));
  };
  TouchedBytes touched;
  touched.input = bytesOf(CostMetric::InputBytes);
  // The right side of a matrix product may be computed as well.
  if (has(InputRole::Weights))
    touched.weights = bytesOf(CostMetric::WeightBytes);
  else
    touched.input += bytesOf(CostMetric::WeightBytes);
  touched.output = bytesOf(CostMetric::OutputBytes);
  touched.outputRead = bytesOf(CostMetric::OutputBytesRead);
  touched.scratchRead = bytesOf(CostMetric::ScratchBytesRead);
  touched.scratchWritten = bytesOf(CostMetric::ScratchBytesWritten);
  touched.basis = Basis::Fitted;
  return touched;
}

}  // namespace mcuprof
