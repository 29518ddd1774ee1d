#include "analyzer/analysis/kernels.hpp"

#include <algorithm>
#include <array>
#include <utility>

#include "analyzer/base/checked_math.hpp"
#include "analyzer/model/window_positions.hpp"

namespace mcuprof {
namespace {

using V = KernelVariable;

/// More than any device has; sizes beyond stay there, so that sums of them cannot overflow.
constexpr std::int64_t kMostBytes = std::int64_t{1} << 48;

/// Four extents, n h w c: the innermost ones of a shape, with leading 1s, or with the outer ones
/// folded into n.
struct Extents {
  std::int64_t n = 1;
  std::int64_t h = 1;
  std::int64_t w = 1;
  std::int64_t c = 1;
};

Extents extentsOf(const Shape& shape) {
  Extents e;
  const std::size_t rank = shape.size();
  if (rank >= 1) e.c = shape[rank - 1];
  if (rank >= 2) e.w = shape[rank - 2];
  if (rank >= 3) e.h = shape[rank - 3];
  for (std::size_t i = 0; i + 3 < rank; ++i) {
    // An empty tensor may have extents whose product alone does not fit.
    e.n = std::min(checkedMultiply(e.n, shape[i]).value_or(kMostBytes), kMostBytes);
  }
  return e;
}

std::int64_t elementsOf(const GraphTensor& tensor) {
  return countElements(tensor.shape).value_or(0);
}

/// Bytes of one element in the arena, where smaller ones than a byte are not packed.
std::int64_t elementBytes(ElementType type) {
  const auto bits = bitsOf(type);
  return bits ? (*bits + 7) / 8 : 0;
}

/// Fills one row of values, which are all 0 before, from an operator.
class ShapeReader {
 public:
  ShapeReader(const Graph& graph, const GraphOp& op, const Core& core, const Runtime& runtime,
              KernelShape& out)
      : m_graph(graph), m_op(op), m_core(core), m_runtime(runtime), m_out(out) {}

  void read() {
    readCore();
    m_out[V::InputCount] = static_cast<std::int64_t>(m_op.inputs.size());
    m_out[V::OutputCount] = static_cast<std::int64_t>(m_op.outputs.size());
    const bool shapeFirst =
        m_op.kind == OpKind::TransposeConv;  // its inputs are shape, filter, input, bias
    readInput(tensorAt(shapeFirst ? 2 : 0));
    readSecond(tensorAt(1));
    if (const GraphTensor* bias = tensorAt(shapeFirst ? 3 : 2)) readBias(*bias);
    if (!m_op.outputs.empty()) readOutput(m_graph.tensors[m_op.outputs.front()]);
    readDescriptors();
    readKind();
  }

 private:
  const GraphTensor* tensorAt(std::size_t position) const {
    if (position >= m_op.inputs.size() || !m_op.inputs[position].tensor.valid()) return nullptr;
    return &m_graph.tensors[m_op.inputs[position].tensor];
  }

  void readCore() {
    m_out[V::Mve] = m_core.mve.value;
    m_out[V::Dsp] = m_core.dsp.value || m_core.mve.value;
    m_out[V::Fpu] = m_core.fpu.value == "double" ? 2 : m_core.fpu.value == "single" ? 1 : 0;
  }

  void readInput(const GraphTensor* tensor) {
    if (tensor == nullptr) return;
    const Extents e = extentsOf(tensor->shape);
    m_out[V::Batch] = e.n;
    m_out[V::InputHeight] = e.h;
    m_out[V::InputWidth] = e.w;
    m_out[V::InputChannels] = e.c;
    m_out[V::InputElements] = elementsOf(*tensor);
    m_out[V::InputLast] = e.c;
    m_out[V::InputRank] = static_cast<std::int64_t>(tensor->shape.size());
    m_out[V::ElementBytes] = elementBytes(tensor->type);
    m_out[V::IsFloat] = tensor->type == ElementType::Float32;
    m_out[V::IsInt8] = tensor->type == ElementType::Int8;
    m_out[V::IsInt16] = tensor->type == ElementType::Int16;
    m_out[V::IsInt32] = tensor->type == ElementType::Int32;
    m_out[V::IsBool] = tensor->type == ElementType::Bool;
    m_out[V::InputDescriptor] = descriptorBytes(*tensor);
  }

  void readSecond(const GraphTensor* tensor) {
    if (tensor == nullptr) return;
    m_out[V::SecondElements] = m_out[V::WeightElements] = elementsOf(*tensor);
    m_out[V::SecondRank] = static_cast<std::int64_t>(tensor->shape.size());
    m_out[V::SecondElementBytes] = elementBytes(tensor->type);
    m_out[V::Scales] = isQuantized(*tensor) ? static_cast<std::int64_t>(tensor->scaleCount) : 0;
    m_out[V::WeightsFloat] = tensor->type == ElementType::Float32;
    m_out[V::WeightsInt8] = tensor->type == ElementType::Int8;
    m_out[V::WeightsInt4] = tensor->type == ElementType::Int4;
    m_out[V::WeightsConstant] = tensor->isConstant;
    m_out[V::WeightsDescriptor] = descriptorBytes(*tensor);
  }

  void readBias(const GraphTensor& tensor) {
    m_out[V::HasBias] = 1;
    m_out[V::BiasElements] = elementsOf(tensor);
    m_out[V::BiasInt16] = tensor.type == ElementType::Int16;
    m_out[V::BiasInt32] = tensor.type == ElementType::Int32;
    m_out[V::BiasInt64] = tensor.type == ElementType::Int64;
    m_out[V::BiasConstant] = tensor.isConstant;
    m_out[V::BiasDescriptor] = descriptorBytes(tensor);
  }

  void readOutput(const GraphTensor& tensor) {
    const Extents e = extentsOf(tensor.shape);
    m_out[V::OutputHeight] = e.h;
    m_out[V::OutputWidth] = e.w;
    m_out[V::OutputChannels] = e.c;
    m_out[V::OutputElements] = elementsOf(tensor);
    m_out[V::OutputLast] = e.c;
    m_out[V::OutputRank] = static_cast<std::int64_t>(tensor.shape.size());
    m_out[V::OutputElementBytes] = elementBytes(tensor.type);
    m_out[V::OutputFloat] = tensor.type == ElementType::Float32;
    m_out[V::OutputInt8] = tensor.type == ElementType::Int8;
    m_out[V::OutputInt16] = tensor.type == ElementType::Int16;
    m_out[V::OutputDescriptor] = descriptorBytes(tensor);
  }

  void readDescriptors() {
    std::int64_t all = 0;
    for (const GraphInput& input : m_op.inputs) {
      if (input.tensor.valid()) all += descriptorBytes(m_graph.tensors[input.tensor]);
    }
    for (const TensorId output : m_op.outputs) all += descriptorBytes(m_graph.tensors[output]);
    m_out[V::AllDescriptors] = all;
  }

  static bool isQuantized(const GraphTensor& tensor) {
    return tensor.scaleCount > 0 && tensor.zeroPointCount > 0;
  }

  std::int64_t descriptorBytes(const GraphTensor& tensor) const {
    std::int64_t bytes = m_runtime.tensor.size.value;
    if (isQuantized(tensor)) {
      bytes += m_runtime.affineQuantization.size.value +
               4 * (1 + static_cast<std::int64_t>(tensor.scaleCount));
    }
    return bytes;
  }

  void readKind() {
    if (const auto* conv = std::get_if<ConvAttributes>(&m_op.attributes)) return readConv(*conv);
    if (const auto* pool = std::get_if<PoolAttributes>(&m_op.attributes)) return readPool(*pool);
    if (const auto* fc = std::get_if<FullyConnectedAttributes>(&m_op.attributes)) {
      m_out[V::FusedActivation] = static_cast<std::int64_t>(fc->activation);
      return readFullyConnected();
    }
    if (const auto* matmul = std::get_if<BatchMatMulAttributes>(&m_op.attributes)) {
      return readBatchMatMul(*matmul);
    }
    if (const auto* cell = std::get_if<RecurrentAttributes>(&m_op.attributes)) {
      m_out[V::FusedActivation] = static_cast<std::int64_t>(cell->activation);
      if (m_op.kind == OpKind::Svdf) readSvdf(*cell);
      if (m_op.kind == OpKind::UnidirectionalSequenceLstm) readLstm(*cell);
      return;
    }
    if (const auto* arithmetic = std::get_if<ArithmeticAttributes>(&m_op.attributes)) {
      m_out[V::FusedActivation] = static_cast<std::int64_t>(arithmetic->activation);
    }
    if (m_op.kind == OpKind::Pad || m_op.kind == OpKind::Padv2) readPad();
  }

  void readConv(const ConvAttributes& conv) {
    m_out[V::FusedActivation] = static_cast<std::int64_t>(conv.activation);
    m_out[V::StrideHeight] = conv.strideH;
    m_out[V::StrideWidth] = conv.strideW;
    m_out[V::DilationHeight] = conv.dilationH;
    m_out[V::DilationWidth] = conv.dilationW;
    m_out[V::ChannelMultiplier] = conv.depthMultiplier;
    const GraphTensor* filter = tensorAt(1);
    if (filter == nullptr) return;
    const Extents k = extentsOf(filter->shape);
    m_out[V::KernelHeight] = k.h;
    m_out[V::KernelWidth] = k.w;
    m_out[V::FilterChannels] = k.c;
    const std::int64_t ic = m_out[V::InputChannels];
    m_out[V::Groups] = m_op.kind == OpKind::DepthwiseConv2d ? ic : k.c > 0 ? ic / k.c : 1;
    // A transposed convolution pads as the convolution would that it is the reverse of.
    const bool reversed = m_op.kind == OpKind::TransposeConv;
    pad(conv.padding, reversed);
  }

  void readPool(const PoolAttributes& pool) {
    m_out[V::FusedActivation] = static_cast<std::int64_t>(pool.activation);
    m_out[V::StrideHeight] = pool.strideH;
    m_out[V::StrideWidth] = pool.strideW;
    m_out[V::DilationHeight] = m_out[V::DilationWidth] = 1;
    m_out[V::KernelHeight] = pool.filterH;
    m_out[V::KernelWidth] = pool.filterW;
    m_out[V::Groups] = m_out[V::InputChannels];
    pad(pool.padding, false);
  }

  void pad(Padding padding, bool reversed) {
    const auto along = [&](std::int64_t in, std::int64_t k, std::int64_t stride,
                           std::int64_t dilation) {
      if (padding == Padding::Valid) return std::int64_t{0};
      const std::int64_t reach = (k - 1) * dilation + 1;
      const std::int64_t out = windowPositions(in, k, stride, dilation, padding);
      return std::max<std::int64_t>((out - 1) * stride + reach - in, 0);
    };
    const std::int64_t down =
        along(m_out[reversed ? V::OutputHeight : V::InputHeight], m_out[V::KernelHeight],
              std::max<std::int64_t>(m_out[V::StrideHeight], 1), m_out[V::DilationHeight]);
    const std::int64_t across =
        along(m_out[reversed ? V::OutputWidth : V::InputWidth], m_out[V::KernelWidth],
              std::max<std::int64_t>(m_out[V::StrideWidth], 1), m_out[V::DilationWidth]);
    m_out[V::PadTop] = down / 2;
    m_out[V::PadBottom] = down - down / 2;
    m_out[V::PadLeft] = across / 2;
    m_out[V::PadRight] = across - across / 2;
  }

  void readFullyConnected() {
    const GraphTensor* weights = tensorAt(1);
    if (weights == nullptr || weights->shape.empty()) return;
    const std::int64_t oc = m_out[V::OutputLast];
    asMatrix();
    m_out[V::Batch] = oc > 0 ? m_out[V::OutputElements] / oc : 0;
    m_out[V::InputChannels] = m_out[V::FilterChannels] = weights->shape.back();
    m_out[V::InputHeight] = m_out[V::InputWidth] = 1;
    m_out[V::OutputHeight] = m_out[V::OutputWidth] = 1;
  }

  void readBatchMatMul(const BatchMatMulAttributes& matmul) {
    m_out[V::LeftTransposed] = matmul.adjointX;
    m_out[V::RightTransposed] = matmul.adjointY;
    const GraphTensor* left = tensorAt(0);
    if (left == nullptr || m_op.outputs.empty()) return;
    const Extents l = extentsOf(left->shape);
    const std::int64_t rows = matmul.adjointX ? l.c : l.w;
    const std::int64_t sums = matmul.adjointX ? l.w : l.c;
    const std::int64_t columns = m_out[V::OutputLast];
    asMatrix();
    m_out[V::Batch] = rows * columns > 0 ? m_out[V::OutputElements] / (rows * columns) : 0;
    m_out[V::InputWidth] = m_out[V::OutputWidth] = rows;
    m_out[V::InputChannels] = m_out[V::FilterChannels] = sums;
    m_out[V::InputHeight] = m_out[V::OutputHeight] = 1;
  }

  void asMatrix() {
    for (const V v : {V::KernelHeight, V::KernelWidth, V::StrideHeight, V::StrideWidth,
                      V::DilationHeight, V::DilationWidth, V::Groups}) {
      m_out[v] = 1;
    }
  }

  void readSvdf(const RecurrentAttributes& cell) {
    const GraphTensor* input = tensorAt(0);
    const GraphTensor* features = tensorAt(1);
    const GraphTensor* time = tensorAt(2);
    if (input != nullptr && !input->shape.empty()) m_out[V::Batch] = input->shape.front();
    if (features != nullptr && !features->shape.empty())
      m_out[V::Filters] = features->shape.front();
    if (time != nullptr && time->shape.size() >= 2) m_out[V::Steps] = time->shape[1];
    m_out[V::SvdfRank] = cell.rank;
    m_out[V::Units] = cell.rank > 0 ? m_out[V::Filters] / cell.rank : 0;
  }

  void readLstm(const RecurrentAttributes& cell) {
    constexpr std::size_t kHiddenState = 18;
    constexpr std::size_t kCellState = 19;
    const GraphTensor* input = tensorAt(0);
    if (input != nullptr && input->shape.size() >= 2) {
      m_out[V::Batch] = input->shape[cell.timeMajor ? 1 : 0];
      m_out[V::Steps] = input->shape[cell.timeMajor ? 0 : 1];
    }
    const GraphTensor* hidden = tensorAt(kHiddenState);
    if (hidden != nullptr && hidden->shape.size() >= 2) m_out[V::Hidden] = hidden->shape[1];
    if (const GraphTensor* state = tensorAt(kCellState)) {
      m_out[V::CellBytes] = elementBytes(state->type);
    }
  }

  /// Paddings are pairs (before, after) a dimension, in a constant of int32 or int64.
  void readPad() {
    const GraphTensor* paddings = tensorAt(1);
    const std::int64_t rank = m_out[V::InputRank];
    if (paddings == nullptr || rank < 3 || paddings->type != ElementType::Int32 ||
        paddings->data.size() < static_cast<std::size_t>(rank) * 8) {
      return;
    }
    const auto at = [&](std::int64_t dimension, std::size_t side) {
      const std::byte* p =
          paddings->data.data() + static_cast<std::size_t>(dimension) * 8 + side * 4;
      std::uint32_t value = 0;
      for (std::size_t i = 0; i < 4; ++i) value |= std::to_integer<std::uint32_t>(p[i]) << (8 * i);
      return static_cast<std::int64_t>(static_cast<std::int32_t>(value));
    };
    m_out[V::PadTop] = at(rank - 3, 0);
    m_out[V::PadBottom] = at(rank - 3, 1);
    m_out[V::PadLeft] = at(rank - 2, 0);
    m_out[V::PadRight] = at(rank - 2, 1);
  }

  const Graph& m_graph;
  const GraphOp& m_op;
  const Core& m_core;
  const Runtime& m_runtime;
  KernelShape& m_out;
};

/// Sizes that are asked for; a negative one means that the request is not made.
std::vector<Bytes> evaluateAll(const std::vector<Expression>& expressions,
                               const KernelShape& shape) {
  std::vector<Bytes> sizes;
  sizes.reserve(expressions.size());
  for (const Expression& expression : expressions) {
    const std::int64_t size = expression.evaluate(shape.values);
    if (size >= 0) sizes.push_back(Bytes(std::min(size, kMostBytes)));
  }
  return sizes;
}

}  // namespace

KernelShape shapeOf(const Graph& graph, OpId op, const Core& core, const Runtime& runtime) {
  KernelShape shape;
  ShapeReader(graph, graph.ops[op], core, runtime, shape).read();
  return shape;
}

KernelPlan selectKernels(const Graph& graph, const Core& core, const Runtime& runtime) {
  KernelPlan plan(graph.ops.size());
  for (const OpId id : graph.ops.ids()) {
    const GraphOp& op = graph.ops[id];
    KernelChoice& choice = plan[id];
    choice.rules = runtime.find(op.kind, op.customName);
    ShapeReader(graph, op, core, runtime, choice.shape).read();
    const KernelShape& shape = choice.shape;
    choice.borrowed = Bytes(shape[V::AllDescriptors]);
    if (choice.rules == nullptr) {
      choice.basis = Basis::Assumed;
      continue;
    }
    choice.basis = choice.rules->basis;
    if (choice.rules->borrowed) {
      choice.borrowed = Bytes(
          std::clamp<std::int64_t>(choice.rules->borrowed->evaluate(shape.values), 0, kMostBytes));
    }
    for (const KernelRule& rule : choice.rules->kernels) {
      if (rule.when && rule.when->evaluate(shape.values) == 0) continue;
      choice.rule = &rule;
      choice.init = evaluateAll(rule.init, shape);
      choice.scratch = evaluateAll(rule.scratch, shape);
      choice.persistent = evaluateAll(rule.persistent, shape);
      choice.basis = std::max(choice.basis, rule.basis);
      break;
    }
  }
  return plan;
}

}  // namespace mcuprof
