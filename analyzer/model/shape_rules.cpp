#include "analyzer/model/shape_rules.hpp"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>

#include "analyzer/model/op_rules.hpp"

namespace mcuprof {

Extents extentsOf(const Shape& shape) {
  return {shape.begin(), shape.end()};
}

OpProblem wantOutput(const OpView& view, std::size_t output, const Extents& wanted) {
  if (view.wanted != nullptr) {
    (*view.wanted)[output] = wanted;
    return std::nullopt;
  }
  const Shape& found = view.out(output);
  if (std::equal(found.begin(), found.end(), wanted.begin(), wanted.end())) return std::nullopt;
  return fmt::format("output {} is {}, wanted {}", output, textOf(found),
                     wanted.empty() ? "scalar" : fmt::format("{}", fmt::join(wanted, "x")));
}

OpProblem wantBias(const OpView& view, std::size_t input, std::int64_t count) {
  if (!view.has(input) || elementsOf(view.in(input)) == count) return std::nullopt;
  return fmt::format("bias is {}, wanted {} elements", textOf(view.in(input)), count);
}

std::optional<std::size_t> axisOf(std::int64_t axis, std::size_t rank) {
  const auto signedRank = static_cast<std::int64_t>(rank);
  if (axis < 0) axis += signedRank;
  if (axis < 0 || axis >= signedRank) return std::nullopt;
  return static_cast<std::size_t>(axis);
}

OpProblem badAxis(std::int64_t axis, std::size_t rank) {
  return fmt::format("has axis {}, but the tensor has {} dimensions", axis, rank);
}

OpProblem checkShape(const OpView& view) {
  switch (view.op.kind) {
    case OpKind::Conv2d:
      return checkConv2d(view);
    case OpKind::DepthwiseConv2d:
      return checkDepthwiseConv2d(view);
    case OpKind::TransposeConv:
      return checkTransposeConv(view);
    case OpKind::Conv3d:
      return checkConv3d(view);
    case OpKind::AveragePool2d:
    case OpKind::MaxPool2d:
    case OpKind::L2Pool2d:
      return checkPool(view);

    case OpKind::FullyConnected:
      return checkFullyConnected(view);
    case OpKind::BatchMatmul:
      return checkBatchMatmul(view);
    case OpKind::Svdf:
      return checkSvdf(view);
    case OpKind::UnidirectionalSequenceLstm:
      return checkSequenceLstm(view);
    case OpKind::Rnn:
    case OpKind::UnidirectionalSequenceRnn:
      return checkRnn(view);

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
    case OpKind::Cumsum:
    case OpKind::ReverseV2:
    case OpKind::ReverseSequence:
    case OpKind::MatrixSetDiag:
    case OpKind::DynamicUpdateSlice:
      return checkSameShape(view);
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
    case OpKind::SelectV2:
      return checkBroadcast(view);
    case OpKind::Prelu:
      return checkPrelu(view);
    case OpKind::Select:
      return checkSelect(view);
    case OpKind::AddN:
      return checkAddN(view);
    case OpKind::Mean:
    case OpKind::Sum:
    case OpKind::ReduceProd:
    case OpKind::ReduceMax:
    case OpKind::ReduceMin:
    case OpKind::ReduceAny:
    case OpKind::ReduceAll:
      return checkReduce(view);
    case OpKind::ArgMax:
    case OpKind::ArgMin:
      return checkArgReduce(view);

    case OpKind::Reshape:
      return checkReshape(view);
    case OpKind::Squeeze:
      return checkSqueeze(view);
    case OpKind::ExpandDims:
      return checkExpandDims(view);
    case OpKind::Transpose:
      return checkTranspose(view);
    case OpKind::Shape:
      return checkShapeOf(view);
    case OpKind::Rank:
      return wantOutput(view, 0, {});
    case OpKind::Fill:
      return checkFill(view, 0);
    case OpKind::BroadcastTo:
      return checkFill(view, 1);
    case OpKind::ScatterNd:
      return checkFill(view, 2);
    case OpKind::OneHot:
      return checkOneHot(view);
    case OpKind::MatrixDiag:
      return checkMatrixDiag(view);

    case OpKind::Concatenation:
      return checkConcatenation(view);
    case OpKind::Pack:
      return checkPack(view);
    case OpKind::Unpack:
      return checkUnpack(view);
    case OpKind::Split:
      return checkSplit(view);
    case OpKind::SplitV:
      return checkSplitV(view);
    case OpKind::Gather:
      return checkGather(view);
    case OpKind::GatherNd:
      return checkGatherNd(view);
    case OpKind::EmbeddingLookup:
      return checkEmbeddingLookup(view);
    case OpKind::TopkV2:
      return checkTopK(view);

    case OpKind::Pad:
    case OpKind::Padv2:
    case OpKind::MirrorPad:
      return checkPad(view);
    case OpKind::Slice:
      return checkSlice(view);
    case OpKind::StridedSlice:
      return checkStridedSlice(view);
    case OpKind::Tile:
      return checkTile(view);
    case OpKind::ResizeBilinear:
    case OpKind::ResizeNearestNeighbor:
      return checkResize(view);
    case OpKind::SpaceToDepth:
      return checkSpaceToDepth(view);
    case OpKind::DepthToSpace:
      return checkDepthToSpace(view);
    case OpKind::SpaceToBatchNd:
      return checkSpaceToBatch(view);
    case OpKind::BatchToSpaceNd:
      return checkBatchToSpace(view);
    default:
      return std::nullopt;  // no rule, or a result that depends on values
  }
}

}  // namespace mcuprof
