// Operators that slide a window: convolutions and pooling.
#include <fmt/format.h>

#include "analyzer/model/shape_rules.hpp"
#include "analyzer/model/window_positions.hpp"

namespace mcuprof {

OpProblem checkConv2d(const OpView& view) {
  const auto& a = view.attributes<ConvAttributes>();
  const Shape& in = view.in(0);
  const Shape& filter = view.in(1);  // output channels, height, width, input channels of a group
  if (filter[3] == 0 || in[3] % filter[3] != 0) {
    return fmt::format("input 0 has {} channels, wanted a multiple of the filter's {}", in[3],
                       filter[3]);
  }
  if (OpProblem problem = wantBias(view, 2, filter[0])) return problem;
  return wantOutput(
      view, 0,
      {in[0], windowPositions(in[1], filter[1], a.strideH, a.dilationH, a.padding),
       windowPositions(in[2], filter[2], a.strideW, a.dilationW, a.padding), filter[0]});
}

OpProblem checkDepthwiseConv2d(const OpView& view) {
  const auto& a = view.attributes<ConvAttributes>();
  const Shape& in = view.in(0);
  const Shape& filter = view.in(1);  // 1, height, width, output channels
  if (filter[0] != 1) return fmt::format("filter is {}, wanted 1 first", textOf(filter));
  if (in[3] == 0 || filter[3] % in[3] != 0) {
    return fmt::format("filter has {} channels, wanted a multiple of the input's {}", filter[3],
                       in[3]);
  }
  if (OpProblem problem = wantBias(view, 2, filter[3])) return problem;
  return wantOutput(
      view, 0,
      {in[0], windowPositions(in[1], filter[1], a.strideH, a.dilationH, a.padding),
       windowPositions(in[2], filter[2], a.strideW, a.dilationW, a.padding), filter[3]});
}

// Several output extents lead to the same input extent, so the file says which one is meant.
OpProblem checkTransposeConv(const OpView& view) {
  const Shape& filter = view.in(1);  // output channels, height, width, input channels
  const Shape& in = view.in(2);
  if (filter[3] != in[3]) {
    return fmt::format("input 2 has {} channels, wanted the filter's {}", in[3], filter[3]);
  }
  if (OpProblem problem = wantBias(view, 3, filter[0])) return problem;
  const auto shape = view.constant(0);
  if (shape) {
    if (OpProblem problem = wantOutput(view, 0, *shape)) return problem;
  }
  return wantOutput(view, 0, {in[0], view.out()[1], view.out()[2], filter[0]});
}

OpProblem checkConv3d(const OpView& view) {
  const auto& a = view.attributes<Conv3dAttributes>();
  const Shape& in = view.in(0);
  const Shape& filter = view.in(1);  // depth, height, width, input channels, output channels
  if (filter[3] == 0 || in[4] % filter[3] != 0) {
    return fmt::format("input 0 has {} channels, wanted a multiple of the filter's {}", in[4],
                       filter[3]);
  }
  if (OpProblem problem = wantBias(view, 2, filter[4])) return problem;
  return wantOutput(
      view, 0,
      {in[0], windowPositions(in[1], filter[0], a.strideD, a.dilationD, a.padding),
       windowPositions(in[2], filter[1], a.strideH, a.dilationH, a.padding),
       windowPositions(in[3], filter[2], a.strideW, a.dilationW, a.padding), filter[4]});
}

OpProblem checkPool(const OpView& view) {
  const auto& a = view.attributes<PoolAttributes>();
  const Shape& in = view.in(0);
  return wantOutput(view, 0,
                    {in[0], windowPositions(in[1], a.filterH, a.strideH, 1, a.padding),
                     windowPositions(in[2], a.filterW, a.strideW, 1, a.padding), in[3]});
}

}  // namespace mcuprof
