#include "analyzer/model/op_rules.hpp"

namespace mcuprof {
namespace {

/// Roles along the inputs of an operator, one letter each: w weights, b bias, p parameter. Inputs
/// beyond the list are like its last letter.
std::string_view rolesOf(OpKind kind, std::size_t inputCount) {
  switch (kind) {
    case OpKind::Conv2d:
    case OpKind::DepthwiseConv2d:
    case OpKind::Conv3d:
    case OpKind::FullyConnected:
      return "wwb";
    case OpKind::TransposeConv:
    case OpKind::Conv3dTranspose:
      return "pwwb";
    case OpKind::Svdf:
      return "wwwb";
    case OpKind::Rnn:
    case OpKind::UnidirectionalSequenceRnn:
      return "wwwb";
    case OpKind::BidirectionalSequenceRnn:
      return "wwwbwwwbw";
    // Input, four input weights, four recurrent, three peephole, four biases, projection and its
    // bias, two states, four layer normalisation coefficients.
    case OpKind::UnidirectionalSequenceLstm:
      return "wwwwwwwwwwwwbbbbwbw";
    case OpKind::Lstm:
      return inputCount == 5 ? "wwwbw" : "wwwwwwwwwwwwbbbbwbw";
    case OpKind::BidirectionalSequenceLstm:
      return "w"
             "wwwwwwwwwwwbbbbwb"
             "wwwwwwwwwwwbbbbwb"
             "w";
    case OpKind::Reshape:
    case OpKind::Squeeze:
    case OpKind::ExpandDims:
    case OpKind::Pad:
    case OpKind::Padv2:
    case OpKind::MirrorPad:
    case OpKind::Mean:
    case OpKind::Sum:
    case OpKind::ReduceProd:
    case OpKind::ReduceMax:
    case OpKind::ReduceMin:
    case OpKind::ReduceAny:
    case OpKind::ReduceAll:
    case OpKind::StridedSlice:
    case OpKind::Slice:
    case OpKind::Transpose:
    case OpKind::ResizeBilinear:
    case OpKind::ResizeNearestNeighbor:
    case OpKind::SpaceToBatchNd:
    case OpKind::BatchToSpaceNd:
    case OpKind::Tile:
    case OpKind::BroadcastTo:
    case OpKind::ArgMax:
    case OpKind::ArgMin:
    case OpKind::TopkV2:
    case OpKind::ReverseV2:
    case OpKind::ReverseSequence:
    case OpKind::Cumsum:
    case OpKind::SplitV:
    case OpKind::Gather:
    case OpKind::GatherNd:
      return "wp";
    case OpKind::DynamicUpdateSlice:
      return "wwp";
    case OpKind::Split:
      return "pw";
    case OpKind::Fill:
      return "pp";
    case OpKind::OneHot:
      return "wppp";
    case OpKind::Range:
    case OpKind::BroadcastArgs:
    case OpKind::Shape:
    case OpKind::Rank:
    case OpKind::RandomUniform:
    case OpKind::RandomStandardNormal:
      return "p";
    case OpKind::EmbeddingLookup:
      return "pw";
    case OpKind::ScatterNd:
      return "pwp";
    default:
      return "w";
  }
}

}  // namespace

InputRole roleOfConstant(OpKind kind, std::size_t index, std::size_t inputCount) {
  const std::string_view roles = rolesOf(kind, inputCount);
  switch (index < roles.size() ? roles[index] : roles.back()) {
    case 'b':
      return InputRole::Bias;
    case 'p':
      return InputRole::Parameter;
    default:
      return InputRole::Weights;
  }
}

}  // namespace mcuprof
