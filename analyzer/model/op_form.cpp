#include <fmt/format.h>

#include <algorithm>
#include <initializer_list>
#include <limits>

#include "analyzer/model/op_rules.hpp"

namespace mcuprof {
namespace {

constexpr std::size_t kMany = std::numeric_limits<std::size_t>::max();

struct Arity {
  std::size_t minInputs, maxInputs, minOutputs, maxOutputs;
};

/// How many inputs and outputs an operator has; nothing where we have no rule.
std::optional<Arity> arityOf(OpKind kind) {
  switch (kind) {
    case OpKind::AveragePool2d:
    case OpKind::MaxPool2d:
    case OpKind::L2Pool2d:
    case OpKind::DepthToSpace:
    case OpKind::SpaceToDepth:
    case OpKind::Dequantize:
    case OpKind::Quantize:
    case OpKind::Floor:
    case OpKind::Ceil:
    case OpKind::Round:
    case OpKind::L2Normalization:
    case OpKind::LocalResponseNormalization:
    case OpKind::Logistic:
    case OpKind::Relu:
    case OpKind::ReluN1To1:
    case OpKind::Relu6:
    case OpKind::Relu0To1:
    case OpKind::LeakyRelu:
    case OpKind::Elu:
    case OpKind::Gelu:
    case OpKind::HardSwish:
    case OpKind::Softmax:
    case OpKind::LogSoftmax:
    case OpKind::Tanh:
    case OpKind::Abs:
    case OpKind::Neg:
    case OpKind::Sign:
    case OpKind::Exp:
    case OpKind::Log:
    case OpKind::Sin:
    case OpKind::Cos:
    case OpKind::Sqrt:
    case OpKind::Rsqrt:
    case OpKind::Square:
    case OpKind::Cast:
    case OpKind::LogicalNot:
    case OpKind::ZerosLike:
    case OpKind::FakeQuant:
    case OpKind::Squeeze:
    case OpKind::Shape:
    case OpKind::Rank:
    case OpKind::Where:
    case OpKind::MatrixDiag:
    case OpKind::ReadVariable:
      return Arity{1, 1, 1, 1};
    case OpKind::Add:
    case OpKind::Sub:
    case OpKind::Mul:
    case OpKind::Div:
    case OpKind::Maximum:
    case OpKind::Minimum:
    case OpKind::Pow:
    case OpKind::FloorDiv:
    case OpKind::FloorMod:
    case OpKind::SquaredDifference:
    case OpKind::Less:
    case OpKind::LessEqual:
    case OpKind::Greater:
    case OpKind::GreaterEqual:
    case OpKind::Equal:
    case OpKind::NotEqual:
    case OpKind::LogicalAnd:
    case OpKind::LogicalOr:
    case OpKind::Atan2:
    case OpKind::BitwiseXor:
    case OpKind::RightShift:
    case OpKind::Prelu:
    case OpKind::ExpandDims:
    case OpKind::Pad:
    case OpKind::MirrorPad:
    case OpKind::Mean:
    case OpKind::Sum:
    case OpKind::ReduceProd:
    case OpKind::ReduceMax:
    case OpKind::ReduceMin:
    case OpKind::ReduceAny:
    case OpKind::ReduceAll:
    case OpKind::Transpose:
    case OpKind::Gather:
    case OpKind::GatherNd:
    case OpKind::ResizeBilinear:
    case OpKind::ResizeNearestNeighbor:
    case OpKind::Tile:
    case OpKind::Fill:
    case OpKind::BroadcastTo:
    case OpKind::BroadcastArgs:
    case OpKind::ArgMax:
    case OpKind::ArgMin:
    case OpKind::ReverseV2:
    case OpKind::ReverseSequence:
    case OpKind::Cumsum:
    case OpKind::BatchMatmul:
    case OpKind::EmbeddingLookup:
    case OpKind::MatrixSetDiag:
      return Arity{2, 2, 1, 1};
    case OpKind::Padv2:
    case OpKind::Slice:
    case OpKind::Select:
    case OpKind::SelectV2:
    case OpKind::Range:
    case OpKind::SpaceToBatchNd:
    case OpKind::BatchToSpaceNd:
    case OpKind::DynamicUpdateSlice:
    case OpKind::ScatterNd:
      return Arity{3, 3, 1, 1};
    case OpKind::Conv2d:
    case OpKind::DepthwiseConv2d:
    case OpKind::Conv3d:
      return Arity{2, 3, 1, 1};
    case OpKind::FullyConnected:
      return Arity{2, 3, 1, 2};
    case OpKind::TransposeConv:
    case OpKind::Conv3dTranspose:
      return Arity{3, 4, 1, 1};
    case OpKind::Reshape:
      return Arity{1, 2, 1, 1};
    case OpKind::StridedSlice:
    case OpKind::OneHot:
      return Arity{4, 4, 1, 1};
    case OpKind::TopkV2:
      return Arity{2, 2, 2, 2};
    case OpKind::Concatenation:
    case OpKind::Pack:
    case OpKind::AddN:
      return Arity{1, kMany, 1, 1};
    case OpKind::Unpack:
      return Arity{1, 1, 1, kMany};
    case OpKind::Split:
      return Arity{2, 2, 1, kMany};
    case OpKind::SplitV:
      return Arity{3, 3, 1, kMany};
    case OpKind::Svdf:
    case OpKind::Rnn:
    case OpKind::UnidirectionalSequenceRnn:
      return Arity{5, 5, 1, 1};
    case OpKind::BidirectionalSequenceRnn:
      return Arity{12, 12, 1, 2};
    case OpKind::UnidirectionalSequenceLstm:
      return Arity{20, 24, 1, 1};
    case OpKind::Lstm:
      return Arity{5, 24, 1, 4};
    case OpKind::BidirectionalSequenceLstm:
      return Arity{48, 48, 1, 2};
    case OpKind::If:
      return Arity{1, kMany, 0, kMany};
    case OpKind::VarHandle:
      return Arity{0, 0, 1, 1};
    case OpKind::AssignVariable:
      return Arity{2, 2, 0, 0};
    default:
      return std::nullopt;
  }
}

/// Whether the operator may do without an input that lies within its smallest arity.
bool mayLeaveOut(OpKind kind, std::size_t input) {
  switch (kind) {
    case OpKind::UnidirectionalSequenceLstm:
      // Without 1, 5 and 12 the input gate is coupled to the forget gate.
      return input == 1 || input == 5 || (input >= 9 && input <= 12) || input == 16 || input == 17;
    case OpKind::BidirectionalSequenceLstm:
    case OpKind::BidirectionalSequenceRnn:
      return input != 0;
    default:
      return false;
  }
}

std::string countText(std::size_t least, std::size_t most) {
  if (most == kMany) return fmt::format("at least {}", least);
  return least == most ? fmt::format("{}", least) : fmt::format("{} to {}", least, most);
}

OpProblem checkArity(const OpView& view) {
  const std::optional<Arity> arity = arityOf(view.op.kind);
  if (!arity) return std::nullopt;
  if (view.inputCount() < arity->minInputs || view.inputCount() > arity->maxInputs) {
    return fmt::format("has {} inputs, wanted {}", view.inputCount(),
                       countText(arity->minInputs, arity->maxInputs));
  }
  if (view.outputCount() < arity->minOutputs || view.outputCount() > arity->maxOutputs) {
    return fmt::format("has {} outputs, wanted {}", view.outputCount(),
                       countText(arity->minOutputs, arity->maxOutputs));
  }
  const std::size_t required = arity->maxInputs == kMany ? view.inputCount() : arity->minInputs;
  for (std::size_t i = 0; i < required; ++i) {
    if (!view.has(i) && !mayLeaveOut(view.op.kind, i)) {
      return fmt::format("leaves out input {}, wanted a tensor", i);
    }
  }
  return std::nullopt;
}

OpProblem wantRank(const char* what, std::size_t index, const Shape& shape, std::size_t least,
                   std::size_t most) {
  if (shape.size() >= least && shape.size() <= most) return std::nullopt;
  return fmt::format("{} {} is {}, wanted {} dimensions", what, index, textOf(shape),
                     countText(least, most));
}

OpProblem inputRank(const OpView& view, std::size_t input, std::size_t least, std::size_t most) {
  if (!view.has(input)) return std::nullopt;
  return wantRank("input", input, view.in(input), least, most);
}

OpProblem outputRank(const OpView& view, std::size_t rank) {
  return wantRank("output", 0, view.out(), rank, rank);
}

OpProblem firstOf(std::initializer_list<OpProblem> problems) {
  for (const OpProblem& problem : problems) {
    if (problem) return problem;
  }
  return std::nullopt;
}

/// The weights' ranks of LSTM and RNN operators; recurrent weights that are diagonal have one
/// dimension.
OpProblem checkWeightRanks(const OpView& view, std::initializer_list<std::size_t> inputs) {
  for (const std::size_t input : inputs) {
    if (OpProblem problem = inputRank(view, input, 1, 2)) return problem;
  }
  return std::nullopt;
}

OpProblem checkRanks(const OpView& view) {
  switch (view.op.kind) {
    case OpKind::Conv2d:
    case OpKind::DepthwiseConv2d:
      return firstOf({inputRank(view, 0, 4, 4), inputRank(view, 1, 4, 4), outputRank(view, 4)});
    case OpKind::TransposeConv:
      return firstOf({inputRank(view, 1, 4, 4), inputRank(view, 2, 4, 4), outputRank(view, 4)});
    case OpKind::Conv3d:
      return firstOf({inputRank(view, 0, 5, 5), inputRank(view, 1, 5, 5), outputRank(view, 5)});
    case OpKind::Conv3dTranspose:
      return firstOf({inputRank(view, 1, 5, 5), inputRank(view, 2, 5, 5), outputRank(view, 5)});
    case OpKind::AveragePool2d:
    case OpKind::MaxPool2d:
    case OpKind::L2Pool2d:
    case OpKind::DepthToSpace:
    case OpKind::SpaceToDepth:
    case OpKind::ResizeBilinear:
    case OpKind::ResizeNearestNeighbor:
      return firstOf({inputRank(view, 0, 4, 4), outputRank(view, 4)});
    case OpKind::FullyConnected:
      return inputRank(view, 1, 2, 2);
    case OpKind::BatchMatmul:
      return firstOf({inputRank(view, 0, 2, 64), inputRank(view, 1, 2, 64)});
    case OpKind::Svdf:
      return firstOf({inputRank(view, 0, 2, 2), inputRank(view, 1, 2, 2), inputRank(view, 2, 2, 2),
                      outputRank(view, 2)});
    case OpKind::Rnn:
      return firstOf({inputRank(view, 0, 2, 2), checkWeightRanks(view, {1, 2})});
    case OpKind::UnidirectionalSequenceRnn:
      return firstOf({inputRank(view, 0, 3, 3), checkWeightRanks(view, {1, 2})});
    case OpKind::BidirectionalSequenceRnn:
      return firstOf({inputRank(view, 0, 3, 3), checkWeightRanks(view, {1, 2, 5, 6})});
    case OpKind::Lstm:
      return inputRank(view, 0, 2, 2);
    case OpKind::UnidirectionalSequenceLstm:
      return firstOf({inputRank(view, 0, 3, 3), checkWeightRanks(view, {1, 2, 3, 4, 5, 6, 7, 8})});
    case OpKind::BidirectionalSequenceLstm:
      return inputRank(view, 0, 3, 3);
    default:
      return std::nullopt;
  }
}

/// What divides or counts steps is at least 1. Readers see to it; editors may not.
struct StepCheck {
  static OpProblem steps(std::initializer_list<std::int32_t> values) {
    for (const std::int32_t value : values) {
      if (value < 1)
        return fmt::format("has a stride, dilation, filter or block of {}, wanted at least 1",
                           value);
    }
    return std::nullopt;
  }
  OpProblem operator()(const ConvAttributes& a) const {
    return steps({a.strideH, a.strideW, a.dilationH, a.dilationW});
  }
  OpProblem operator()(const Conv3dAttributes& a) const {
    return steps({a.strideD, a.strideH, a.strideW, a.dilationD, a.dilationH, a.dilationW});
  }
  OpProblem operator()(const PoolAttributes& a) const {
    return steps({a.strideH, a.strideW, a.filterH, a.filterW});
  }
  OpProblem operator()(const BlockAttributes& a) const { return steps({a.blockSize}); }
  template <typename Other>
  OpProblem operator()(const Other&) const {
    return std::nullopt;
  }
};

}  // namespace

OpProblem checkForm(const OpView& view) {
  if (OpProblem problem = checkArity(view)) return problem;
  if (OpProblem problem = std::visit(StepCheck(), view.op.attributes)) return problem;
  return checkRanks(view);
}

}  // namespace mcuprof
