// Which kernel of the device agent runs an operator (device-agent/firmware/layers).
#include <algorithm>
#include <cstring>
#include <optional>
#include <vector>

#include "analyzer/analysis/kernel_call.hpp"
#include "analyzer/analysis/kernel_row.hpp"

namespace mcuprof {
namespace {

using enum KernelColumn::At;
using V = KernelVariable;

bool isInt8(const KernelShape& s) {
  return s[V::IsInt8] != 0 && s[V::OutputInt8] != 0;
}

bool isInt8Weighted(const KernelShape& s) {
  return isInt8(s) && s[V::WeightsInt8] != 0;
}

std::optional<KernelCall> call(std::string_view kernel, bool applies,
                               const std::optional<KernelRow>& row) {
  if (!applies || !row) return std::nullopt;
  return KernelCall{kernel, *row};
}

KernelRow fullyConnectedRow(const KernelShape& s) {
  KernelRow row = unitRow();
  row[N] = s[V::Batch];
  row[Ic] = s[V::InputChannels];
  row[Oc] = s[V::OutputChannels];
  row[E0] = s[V::Scales] > 1 ? 1 : 0;
  return row;
}

/// Broadcast operands run in more than one stretch, which was not counted.
bool isPair(const KernelShape& s) {
  return isInt8(s) && s[V::InputElements] == s[V::SecondElements];
}

/// Kept and reduced axes as the agent's loops have them: neighbours of one sort are one axis, up to
/// three of each, here `n`, `oh`, `ow` and `kh`, `kw`, `ic`, the innermost last.
std::optional<KernelRow> meanRow(const Graph& graph, const GraphOp& op) {
  if (op.inputs.size() < 2 || !op.inputs[1].tensor.valid()) return std::nullopt;
  const Shape& shape = graph.tensors[op.inputs[0].tensor].shape;
  const GraphTensor& axes = graph.tensors[op.inputs[1].tensor];
  if (axes.type != ElementType::Int32 || axes.data.empty()) return std::nullopt;
  std::vector<bool> reduced(shape.size());
  for (std::size_t at = 0; at + sizeof(std::int32_t) <= axes.data.size();
       at += sizeof(std::int32_t)) {
    std::int32_t axis = 0;
    std::memcpy(&axis, axes.data.data() + at, sizeof axis);
    if (axis < 0) axis += static_cast<std::int32_t>(shape.size());
    if (axis < 0 || axis >= static_cast<std::int32_t>(shape.size())) return std::nullopt;
    reduced[static_cast<std::size_t>(axis)] = true;
  }
  KernelRow row = unitRow();
  constexpr KernelColumn::At kKept[] = {Ow, Oh, N};
  constexpr KernelColumn::At kReduced[] = {Ic, Kw, Kh};
  std::size_t kept = 0;
  std::size_t summed = 0;
  std::optional<bool> last;
  for (std::size_t i = shape.size(); i-- > 0;) {
    if (shape[i] <= 1) continue;
    std::size_t& used = reduced[i] ? summed : kept;
    if (last != reduced[i]) ++used;
    if (used > std::size(kKept)) return std::nullopt;
    row[(reduced[i] ? kReduced : kKept)[used - 1]] *= shape[i];
    last = reduced[i];
  }
  return row;
}

/// Extents that the copy walks over, the innermost three in `oh`, `ow`, `oc`.
std::optional<KernelRow> viewRow(const Graph& graph, const GraphOp& op, const KernelShape& s) {
  if (s[V::ElementBytes] != 1 || op.outputs.empty()) return std::nullopt;
  Shape extents = graph.tensors[op.outputs[0]].shape;
  if (const auto* slice = std::get_if<StridedSliceAttributes>(&op.attributes)) {
    const auto rank = static_cast<std::size_t>(s[V::InputRank]);
    for (std::size_t i = 0; i < rank && i <= extents.size(); ++i) {
      if ((slice->shrinkAxisMask >> i & 1) != 0)
        extents.insert(extents.begin() + static_cast<std::ptrdiff_t>(i), 1);
    }
  }
  KernelRow row = unitRow();
  constexpr KernelColumn::At kColumns[] = {Oc, Ow, Oh};
  for (std::size_t i = 0; i < extents.size(); ++i) {
    row[i < std::size(kColumns) ? kColumns[i] : N] *= extents[extents.size() - 1 - i];
  }
  return row;
}

}  // namespace

std::optional<KernelCall> agentCall(const Graph& graph, const GraphOp& op, const KernelShape& s) {
  const bool int8 = isInt8(s);
  switch (op.kind) {
    case OpKind::Conv2d:
      return call("conv_s8", isInt8Weighted(s), windowRow(s));
    case OpKind::DepthwiseConv2d:
      return call("dw_s8", isInt8Weighted(s), windowRow(s));
    case OpKind::FullyConnected:
      return call("fc_s8", isInt8Weighted(s), fullyConnectedRow(s));
    case OpKind::AveragePool2d:
      return call("avgpool_s8", int8, windowRow(s));
    case OpKind::MaxPool2d:
      return call("maxpool_s8", int8, windowRow(s));
    case OpKind::Add:
      return call("add_s8", isPair(s), vectorRow(s[V::OutputElements]));
    case OpKind::Sub:
      return call("sub_s8", isPair(s), vectorRow(s[V::OutputElements]));
    case OpKind::Mul:
      return call("mul_s8", isPair(s), vectorRow(s[V::OutputElements]));
    case OpKind::Softmax:
      return call("softmax_s8", int8, softmaxRow(s));
    case OpKind::Pad:
    case OpKind::Padv2:
      return call("pad_s8", int8, padRow(graph, op, s));
    case OpKind::Mean:
      return call("mean_s8", int8, meanRow(graph, op));
    case OpKind::Relu:
    case OpKind::Relu6:
      return call("relu_s8", int8, vectorRow(s[V::OutputElements]));
    case OpKind::LeakyRelu:
      return call("leaky_relu_s8", int8, vectorRow(s[V::OutputElements]));
    case OpKind::Logistic:
    case OpKind::Tanh:
    case OpKind::HardSwish:
      return call("table_s8", int8, vectorRow(s[V::OutputElements]));
    case OpKind::Quantize:
      return call("quantize_f32_s8", s[V::IsFloat] != 0 && s[V::OutputInt8] != 0,
                  vectorRow(s[V::OutputElements]));
    case OpKind::Dequantize:
      return call("dequantize_s8", s[V::IsInt8] != 0 && s[V::OutputFloat] != 0,
                  vectorRow(s[V::OutputElements]));
    case OpKind::Transpose:
    case OpKind::StridedSlice:
      return call("view_s8", int8, viewRow(graph, op, s));
    // A copy of all bytes, whatever they are.
    case OpKind::Reshape:
    case OpKind::Squeeze:
    case OpKind::ExpandDims:
      return call("copy", true, vectorRow(s[V::InputElements] * s[V::ElementBytes]));
    default:
      return std::nullopt;
  }
}

}  // namespace mcuprof
