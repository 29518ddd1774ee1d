#include <initializer_list>
#include <utility>

#include "analyzer/base/checked_math.hpp"
#include "analyzer/model/op_rules.hpp"

namespace mcuprof {
namespace {

using Count = std::optional<std::int64_t>;  ///< nothing: beyond 63 bits

Count product(std::initializer_list<std::int64_t> factors) {
  Count result = 1;
  for (const std::int64_t factor : factors) {
    result = checkedMultiply(*result, factor);
    if (!result) return result;
  }
  return result;
}

/// Elements of the weights among the inputs from `first` to `last`, as far as they are given.
Count weightElements(const OpView& view, std::size_t first, std::size_t last) {
  Count sum = 0;
  for (std::size_t i = first; i <= last; ++i) {
    if (!view.has(i)) continue;
    sum = checkedAdd(*sum, elementsOf(view.in(i)));
    if (!sum) return sum;
  }
  return sum;
}

/// Each weight once a row; rows are all extents of the input but the last.
Count everyWeight(const OpView& view,
                  std::initializer_list<std::pair<std::size_t, std::size_t>> ranges) {
  Count weights = 0;
  for (const auto& [first, last] : ranges) {
    const Count part = weightElements(view, first, last);
    weights = part ? checkedAdd(*weights, *part) : part;
    if (!weights) return weights;
  }
  Shape rows = view.in(0);
  rows.pop_back();
  return checkedMultiply(*weights, elementsOf(rows));
}

Count fullyConnected(const OpView& view) {
  const std::int64_t depth = view.in(1)[1];
  if (depth == 0) return 0;
  return checkedMultiply(elementsOf(view.in(0)) / depth, elementsOf(view.in(1)));
}

Count batchMatmul(const OpView& view) {
  const Shape& x = view.in(0);
  const bool adjoint = view.attributes<BatchMatMulAttributes>().adjointX;
  return checkedMultiply(elementsOf(view.out()), adjoint ? x[x.size() - 2] : x.back());
}

MacCount known(Count count) {
  if (!count) return {std::nullopt, true};
  return {Macs(*count), false};
}

}  // namespace

MacCount countMacs(const OpView& view) {
  const auto conv = [&](std::size_t weights) -> const Shape& { return view.in(weights); };
  switch (view.op.kind) {
    case OpKind::Conv2d:
      return known(product({elementsOf(view.out()), conv(1)[1], conv(1)[2], conv(1)[3]}));
    case OpKind::DepthwiseConv2d:
      return known(product({elementsOf(view.out()), conv(1)[1], conv(1)[2]}));
    case OpKind::TransposeConv:
      return known(product({elementsOf(view.in(2)), conv(1)[0], conv(1)[1], conv(1)[2]}));
    case OpKind::Conv3d:  // weights are depth, height, width, input, output channels
      return known(
          product({elementsOf(view.out()), conv(1)[0], conv(1)[1], conv(1)[2], conv(1)[3]}));
    case OpKind::Conv3dTranspose:  // depth, height, width, output, input channels
      return known(
          product({elementsOf(view.in(2)), conv(1)[0], conv(1)[1], conv(1)[2], conv(1)[3]}));
    case OpKind::FullyConnected:
      return known(fullyConnected(view));
    case OpKind::BatchMatmul:
      return known(batchMatmul(view));
    case OpKind::Svdf:
    case OpKind::Rnn:
    case OpKind::UnidirectionalSequenceRnn:
      return known(everyWeight(view, {{1, 2}}));
    case OpKind::BidirectionalSequenceRnn:
      return known(everyWeight(view, {{1, 2}, {5, 6}, {10, 11}}));
    case OpKind::Lstm:
      // The basic cell has one matrix for all gates; the full one is like the sequence form.
      if (view.inputCount() == 5) return known(everyWeight(view, {{2, 2}}));
      return known(everyWeight(view, {{1, 11}, {16, 16}}));
    case OpKind::UnidirectionalSequenceLstm:
      return known(everyWeight(view, {{1, 11}, {16, 16}}));
    case OpKind::BidirectionalSequenceLstm:
      return known(everyWeight(view, {{1, 11}, {16, 16}, {18, 28}, {33, 33}, {40, 47}}));
    case OpKind::Custom:
    case OpKind::Delegate:
    case OpKind::Rfft2d:
    case OpKind::StablehloConvolution:
    case OpKind::StablehloCustomCall:
    case OpKind::StablehloReduce:
    case OpKind::StablehloDotGeneral:
    case OpKind::StablehloReduceWindow:
    case OpKind::StablehloScatter:
    case OpKind::StablehloSort:
    case OpKind::StablehloWhile:
    case OpKind::StablehloCase:
    case OpKind::StablehloComposite:
    case OpKind::ReduceWindow:
      return {};
    default:
      return isKnown(view.op.kind) ? known(0) : MacCount{};
  }
}

}  // namespace mcuprof
