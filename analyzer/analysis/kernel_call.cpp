#include "analyzer/analysis/kernel_call.hpp"

#include <algorithm>

#include "analyzer/analysis/kernel_row.hpp"

namespace mcuprof {

namespace {

using enum KernelColumn::At;
using V = KernelVariable;

/// Which family of routines the element types select: activations, then weights.
enum class Family { None, S8, S4, S16 };

Family familyOf(const KernelShape& shape) {
  if (shape[V::IsInt16] != 0) return Family::S16;
  if (shape[V::IsInt8] == 0) return Family::None;
  return shape[V::WeightsInt4] != 0 ? Family::S4 : Family::S8;
}

std::string_view pick(Family family, std::string_view s8, std::string_view s4,
                      std::string_view s16) {
  switch (family) {
    case Family::S8:
      return s8;
    case Family::S4:
      return s4;
    case Family::S16:
      return s16;
    case Family::None:
      break;
  }
  return {};
}

std::optional<KernelCall> call(std::string_view kernel, const std::optional<KernelRow>& row) {
  if (kernel.empty() || !row) return std::nullopt;
  return KernelCall{kernel, *row};
}

std::optional<KernelCall> convolution(const KernelShape& s) {
  KernelRow row = windowRow(s);
  const Family family = familyOf(s);
  if (family == Family::S16) row[E0] = s[V::BiasInt32] != 0 ? 1 : 0;
  return call(pick(family, "conv_s8", "conv_s4", "conv_s16"), row);
}

std::optional<KernelCall> fullyConnected(const KernelShape& s) {
  KernelRow row = unitRow();
  row[N] = s[V::Batch];
  row[Ic] = s[V::InputChannels];
  row[Oc] = s[V::OutputChannels];
  const Family family = familyOf(s);
  if (family == Family::S8) row[E0] = s[V::Scales] > 1 ? 1 : 0;
  return call(pick(family, "fc_s8", "fc_s4", "fc_s16"), row);
}

/// Element-wise on two tensors of one shape; TensorFlow Lite Micro broadcasts with its own loop.
std::optional<KernelCall> pairwise(const KernelShape& s, std::string_view s8,
                                   std::string_view s16) {
  if (s[V::InputElements] != s[V::SecondElements]) return std::nullopt;
  return call(pick(familyOf(s), s8, {}, s16), vectorRow(s[V::OutputElements]));
}

std::optional<KernelCall> svdf(const Graph& graph, const GraphOp& op, const KernelShape& s) {
  if (s[V::IsInt8] == 0 || op.inputs.size() < 5 || !op.inputs[4].tensor.valid())
    return std::nullopt;
  KernelRow row = unitRow();
  row[N] = s[V::Batch];
  row[Ic] = s[V::InputChannels];
  row[Oc] = s[V::Filters];
  row[E0] = s[V::Steps];
  row[E1] = s[V::SvdfRank];
  const bool state16 = graph.tensors[op.inputs[4].tensor].type == ElementType::Int16;
  return call(state16 ? "svdf_s16s8" : "svdf_s8", row);
}

std::optional<KernelCall> lstm(const KernelShape& s) {
  if (s[V::IsInt8] == 0) return std::nullopt;
  KernelRow row = unitRow();
  row[N] = s[V::Batch];
  row[Ic] = s[V::InputLast];
  row[Oc] = s[V::Hidden];
  row[E0] = s[V::Steps];
  return call("lstm_s8", row);
}

std::optional<KernelCall> batchMatMul(const KernelShape& s) {
  // A left side to be transposed is copied first, which was not counted.
  if (s[V::IsInt8] == 0 || s[V::LeftTransposed] != 0) return std::nullopt;
  KernelRow row = unitRow();
  row[N] = s[V::Batch];
  row[Iw] = s[V::InputWidth];
  row[Ic] = s[V::InputChannels];
  row[Oc] = s[V::OutputChannels];
  return call("bmm_s8", row);
}

}  // namespace

std::optional<KernelCall> cmsisNnCall(const Graph& graph, const GraphOp& op, const KernelShape& s) {
  switch (op.kind) {
    case OpKind::Conv2d:
      return convolution(s);
    case OpKind::DepthwiseConv2d:
      return call(pick(familyOf(s), "dw_s8", "dw_s4", "dw_s16"), windowRow(s));
    case OpKind::FullyConnected:
      return fullyConnected(s);
    case OpKind::AveragePool2d:
      return call(pick(familyOf(s), "avgpool_s8", {}, "avgpool_s16"), windowRow(s));
    case OpKind::MaxPool2d:
      return call(pick(familyOf(s), "maxpool_s8", {}, "maxpool_s16"), windowRow(s));
    case OpKind::TransposeConv:
      return s[V::IsInt8] != 0 ? call("tconv_s8", windowRow(s)) : std::nullopt;
    case OpKind::Add:
      return pairwise(s, "add_s8", "add_s16");
    case OpKind::Mul:
      return pairwise(s, "mul_s8", "mul_s16");
    case OpKind::Minimum:
    case OpKind::Maximum:
      return pairwise(s, "min_s8", {});
    case OpKind::Softmax:
      return call("softmax_s8", softmaxRow(s));
    case OpKind::Pad:
      return call("pad_s8", padRow(graph, op, s));
    case OpKind::Svdf:
      return svdf(graph, op, s);
    case OpKind::UnidirectionalSequenceLstm:
      return lstm(s);
    case OpKind::BatchMatmul:
      return batchMatMul(s);
    // A copy of all bytes, whatever they are.
    case OpKind::Reshape:
    case OpKind::Squeeze:
    case OpKind::ExpandDims:
      return call("reshape_s8", vectorRow(s[V::InputElements] * s[V::ElementBytes]));
    default:
      return std::nullopt;
  }
}

std::optional<KernelCall> kernelCall(std::string_view library, const Graph& graph,
                                     const GraphOp& op, const KernelShape& shape) {
  return library == kAgentLibrary ? agentCall(graph, op, shape) : cmsisNnCall(graph, op, shape);
}

std::vector<std::string_view> calledKernels(const Graph& graph, const Core& core,
                                            const Runtime& runtime) {
  std::vector<std::string_view> kernels;
  for (const OpId op : graph.ops.ids()) {
    const auto call = kernelCall(runtime.libraryOf(graph.ops[op].kind), graph, graph.ops[op],
                                 shapeOf(graph, op, core, runtime));
    if (call && std::ranges::find(kernels, call->kernel) == kernels.end())
      kernels.push_back(call->kernel);
  }
  return kernels;
}

}  // namespace mcuprof
