#include <gtest/gtest.h>

#include <functional>

#include "analyzer/model/graph.hpp"
#include "tests/model/model_sketch.hpp"

namespace mcuprof {
namespace {

using test::ModelSketch;

/// An operator with extents that agree, what it multiplies, and what is said about an output of
/// another shape. The figures are worked out by hand.
struct Rule {
  const char* name;
  std::function<void(ModelSketch&)> make;
  std::int64_t macs;
  std::string wanted;  ///< "output 0 is 7x7x7x7x7x7x7, wanted ..."; empty when any shape passes
};

void PrintTo(const Rule& rule, std::ostream* out) {
  *out << rule.name;
}

class ShapeRule : public testing::TestWithParam<Rule> {};

TEST_P(ShapeRule, AcceptsWhatAgreesAndCountsMacs) {
  ModelSketch m;
  GetParam().make(m);
  const auto graph = buildGraph(m.model);
  ASSERT_TRUE(graph) << graph.error().text();
  EXPECT_EQ(graph->ops[OpId(0)].macs, Macs(GetParam().macs));
}

TEST_P(ShapeRule, RefusesAnotherOutput) {
  ModelSketch m;
  GetParam().make(m);
  Shape& output =
      m.main().tensors[static_cast<std::size_t>(m.main().operators[0].outputs[0])].shape;
  for (std::int32_t& extent : output) extent += 6;
  const Shape changed = output;
  const auto graph = buildGraph(m.model);
  if (GetParam().wanted.empty()) {
    EXPECT_TRUE(graph) << graph.error().text();
    return;
  }
  ASSERT_FALSE(graph);
  EXPECT_EQ(graph.error().text(),
            "sketch: subgraph 0, operator 0 (" + std::string(nameOf(m.main().operators[0].kind)) +
                "): output 0 is " + textOf(changed) + ", wanted " + GetParam().wanted);
}

ConvAttributes conv(Padding padding, std::int32_t stride, std::int32_t dilation = 1) {
  ConvAttributes a;
  a.padding = padding;
  a.strideH = a.strideW = stride;
  a.dilationH = a.dilationW = dilation;
  return a;
}

PoolAttributes pool(Padding padding, std::int32_t stride, std::int32_t filter) {
  return {padding, stride, stride, filter, filter};
}

std::vector<std::int32_t> lstmInputs(ModelSketch& m, bool coupled) {
  std::vector<std::int32_t> inputs(24, -1);
  inputs[0] = m.input({1, 5, 3});
  for (std::size_t i = coupled ? 2 : 1; i <= 4; ++i) inputs[i] = m.weights({4, 3});
  for (std::size_t i = coupled ? 6 : 5; i <= 8; ++i) inputs[i] = m.weights({4, 4});
  for (std::size_t i = coupled ? 13 : 12; i <= 15; ++i) inputs[i] = m.weights({4});
  inputs[18] = m.variable({1, 4});
  inputs[19] = m.variable({1, 4});
  return inputs;
}

const Rule kRules[] = {
    {"ConvSame",
     [](auto& m) {
       m.op(OpKind::Conv2d, {m.input({1, 9, 8, 3}), m.weights({4, 3, 3, 3}), m.weights({4})},
            {{1, 5, 4, 4}}, conv(Padding::Same, 2));
     },
     5 * 4 * 4 * 27, "1x5x4x4"},
    {"ConvValidDilated",
     [](auto& m) {  // a 3x3 filter 2 apart reaches over 5 of 9
       m.op(OpKind::Conv2d, {m.input({2, 9, 9, 1}), m.weights({1, 3, 3, 1})}, {{2, 5, 5, 1}},
            conv(Padding::Valid, 1, 2));
     },
     2 * 25 * 9, "2x5x5x1"},
    {"ConvInTwoGroups",
     [](auto& m) {
       m.op(OpKind::Conv2d, {m.input({1, 2, 2, 8}), m.weights({6, 1, 1, 4})}, {{1, 2, 2, 6}},
            conv(Padding::Same, 1));
     },
     2 * 2 * 6 * 4, "1x2x2x6"},
    {"DepthwiseWithMultiplier",
     [](auto& m) {
       m.op(OpKind::DepthwiseConv2d, {m.input({1, 5, 5, 2}), m.weights({1, 3, 3, 6})},
            {{1, 3, 3, 6}}, conv(Padding::Valid, 1));
     },
     3 * 3 * 6 * 9, "1x3x3x6"},
    {"TransposeConv",
     [](auto& m) {
       m.op(OpKind::TransposeConv,
            {m.list({1, 8, 8, 2}), m.weights({2, 3, 3, 5}), m.input({1, 4, 4, 5})}, {{1, 8, 8, 2}},
            conv(Padding::Same, 2));
     },
     4 * 4 * 5 * 9 * 2, "1x8x8x2"},
    {"Conv3d",
     [](auto& m) {
       m.op(OpKind::Conv3d, {m.input({1, 4, 4, 4, 2}), m.weights({2, 2, 2, 2, 3})},
            {{1, 3, 3, 3, 3}}, Conv3dAttributes{.padding = Padding::Valid});
     },
     27 * 3 * 8 * 2, "1x3x3x3x3"},
    {"MaxPool",
     [](auto& m) {
       m.op(OpKind::MaxPool2d, {m.input({1, 7, 7, 3})}, {{1, 3, 3, 3}}, pool(Padding::Valid, 2, 3));
     },
     0, "1x3x3x3"},
    {"FullyConnected",
     [](auto& m) {
       m.op(OpKind::FullyConnected, {m.input({2, 3, 4}), m.weights({5, 12}), m.weights({5})},
            {{2, 5}}, FullyConnectedAttributes());
     },
     2 * 12 * 5, "2x5"},
    {"FullyConnectedKeepingDimensions",
     [](auto& m) {
       m.op(OpKind::FullyConnected, {m.input({2, 3, 4}), m.weights({5, 4})}, {{2, 3, 5}},
            FullyConnectedAttributes{.keepNumDims = true});
     },
     6 * 4 * 5, "2x3x5"},
    {"BatchMatmulAdjoint",
     [](auto& m) {
       m.op(OpKind::BatchMatmul, {m.input({2, 1, 3, 4}), m.input({5, 6, 3})}, {{2, 5, 4, 6}},
            BatchMatMulAttributes{.adjointX = true, .adjointY = true});
     },
     2 * 5 * 4 * 6 * 3, "2x5x4x6"},
    {"Svdf",
     [](auto& m) {
       m.op(OpKind::Svdf,
            {m.input({1, 6}), m.weights({8, 6}), m.weights({8, 10}), m.weights({4}),
             m.variable({1, 80})},
            {{1, 4}}, RecurrentAttributes{.rank = 2});
     },
     8 * 6 + 8 * 10, "1x4"},
    {"SequenceLstm",
     [](auto& m) {
       m.op(OpKind::UnidirectionalSequenceLstm, lstmInputs(m, false), {{1, 5, 4}},
            RecurrentAttributes());
     },
     5 * 4 * (4 * 3 + 4 * 4), "1x5x4"},
    {"SequenceLstmWithCoupledGates",
     [](auto& m) {
       m.op(OpKind::UnidirectionalSequenceLstm, lstmInputs(m, true), {{1, 5, 4}},
            RecurrentAttributes());
     },
     5 * 3 * (4 * 3 + 4 * 4), "1x5x4"},
    {"SequenceRnn",
     [](auto& m) {
       m.op(OpKind::UnidirectionalSequenceRnn,
            {m.input({2, 5, 3}), m.weights({4, 3}), m.weights({4, 4}), m.weights({4}),
             m.variable({2, 4})},
            {{2, 5, 4}}, RecurrentAttributes());
     },
     10 * (12 + 16), "2x5x4"},
    {"Softmax",
     [](auto& m) {
       m.op(OpKind::Softmax, {m.input({1, 10})}, {{1, 10}});
     },
     0, "1x10"},
    {"AddStretched",
     [](auto& m) {
       m.op(OpKind::Add, {m.input({2, 1, 3}), m.weights({4, 1})}, {{2, 4, 3}});
     },
     0, "2x4x3"},
    {"Select",
     [](auto& m) {
       m.op(OpKind::SelectV2, {m.input({1}), m.input({4, 3}), m.input({3})}, {{4, 3}});
     },
     0, "4x3"},
    {"MeanKeepingDimensions",
     [](auto& m) {
       m.op(OpKind::Mean, {m.input({1, 4, 4, 8}), m.list({1, -2})}, {{1, 1, 1, 8}},
            ReduceAttributes{.keepDims = true});
     },
     0, "1x1x1x8"},
    {"SumDroppingDimensions",
     [](auto& m) {
       m.op(OpKind::Sum, {m.input({1, 4, 4, 8}), m.list({1, 2})}, {{1, 8}}, ReduceAttributes());
     },
     0, "1x8"},
    {"ArgMax",
     [](auto& m) {
       m.op(OpKind::ArgMax, {m.input({2, 10}), m.list({}, {-1})}, {{2}});
     },
     0, "2"},
    {"Reshape",
     [](auto& m) {
       m.op(OpKind::Reshape, {m.input({2, 3, 4})}, {{6, 4}});
     },
     0, "the 24 elements of 2x3x4"},
    {"Squeeze",
     [](auto& m) {
       m.op(OpKind::Squeeze, {m.input({1, 3, 1, 4})}, {{1, 3, 4}}, DimensionsAttributes{{-2}});
     },
     0, "1x3x4"},
    {"ExpandDims",
     [](auto& m) {
       m.op(OpKind::ExpandDims, {m.input({3, 4}), m.list({}, {-1})}, {{3, 4, 1}});
     },
     0, "3x4x1"},
    {"Transpose",
     [](auto& m) {
       m.op(OpKind::Transpose, {m.input({1, 2, 3, 4}), m.list({0, 3, 1, 2})}, {{1, 4, 2, 3}});
     },
     0, "1x4x2x3"},
    {"Shape",
     [](auto& m) {
       m.op(OpKind::Shape, {m.input({1, 2, 3})}, {{3}});
     },
     0, "3"},
    {"Fill",
     [](auto& m) {
       m.op(OpKind::Fill, {m.list({2, 3}), m.input({})}, {{2, 3}});
     },
     0, "2x3"},
    {"OneHot",
     [](auto& m) {
       m.op(OpKind::OneHot, {m.input({4}), m.list({}, {9}), m.input({}), m.input({})}, {{4, 9}},
            AxisAttributes{.axis = -1});
     },
     0, "4x9"},
    {"Concatenation",
     [](auto& m) {
       m.op(OpKind::Concatenation, {m.input({1, 2, 3}), m.input({1, 5, 3})}, {{1, 7, 3}},
            AxisAttributes{.axis = -2});
     },
     0, "1x7x3"},
    {"Pack",
     [](auto& m) {
       m.op(OpKind::Pack, {m.input({2, 3}), m.input({2, 3})}, {{2, 2, 3}},
            AxisAttributes{.axis = 1, .count = 2});
     },
     0, "2x2x3"},
    {"Unpack",
     [](auto& m) {
       m.op(OpKind::Unpack, {m.input({2, 3})}, {{3}, {3}}, AxisAttributes{.axis = 0, .count = 2});
     },
     0, "3"},
    {"Split",
     [](auto& m) {
       m.op(OpKind::Split, {m.list({}, {1}), m.input({2, 6})}, {{2, 3}, {2, 3}},
            AxisAttributes{.count = 2});
     },
     0, "2x3"},
    {"SplitV",
     [](auto& m) {
       m.op(OpKind::SplitV, {m.input({2, 6}), m.list({1, -1}), m.list({}, {1})}, {{2, 1}, {2, 5}},
            AxisAttributes{.count = 2});
     },
     0, "2x1"},
    {"Gather",
     [](auto& m) {
       m.op(OpKind::Gather, {m.input({5, 6, 7}), m.input({2, 3})}, {{5, 2, 3, 7}},
            AxisAttributes{.axis = 1});
     },
     0, "5x2x3x7"},
    {"GatherNd",
     [](auto& m) {
       m.op(OpKind::GatherNd, {m.input({5, 6, 7}), m.input({4, 2})}, {{4, 7}});
     },
     0, "4x7"},
    {"EmbeddingLookup",
     [](auto& m) {
       m.op(OpKind::EmbeddingLookup, {m.input({3}), m.weights({9, 5})}, {{3, 5}});
     },
     0, "3x5"},
    {"TopK",
     [](auto& m) {
       m.op(OpKind::TopkV2, {m.input({2, 9}), m.list({}, {4})}, {{2, 4}, {2, 4}});
     },
     0, "2x4"},
    {"Pad",
     [](auto& m) {
       m.op(OpKind::Pad, {m.input({1, 4, 4, 2}), m.list({4, 2}, {0, 0, 1, 2, 0, 1, 0, 0})},
            {{1, 7, 5, 2}});
     },
     0, "1x7x5x2"},
    {"PadAtRunTime",
     [](auto& m) {
       m.op(OpKind::Pad, {m.input({1, 4}), m.input({2, 2}, ElementType::Int32)}, {{1, 9}});
     },
     0, ""},
    {"Slice",
     [](auto& m) {
       m.op(OpKind::Slice, {m.input({5, 6}), m.list({1, 2}), m.list({3, -1})}, {{3, 4}});
     },
     0, "3x4"},
    {"StridedSliceBackwards",
     [](auto& m) {  // elements 8, 5 and 2 of ten; the second dimension goes
       m.op(OpKind::StridedSlice,
            {m.input({10, 4}), m.list({-2, 1}), m.list({0, 2}), m.list({-3, 1})}, {{3}},
            StridedSliceAttributes{.shrinkAxisMask = 2});
     },
     0, "3"},
    {"StridedSliceWithEllipsisAndNewAxis",
     [](auto& m) {
       m.op(OpKind::StridedSlice,
            {m.input({4, 5, 6}), m.list({0, 0, 1}), m.list({0, 0, 3}), m.list({1, 1, 1})},
            {{1, 4, 5, 2}}, StridedSliceAttributes{.ellipsisMask = 2, .newAxisMask = 1});
     },
     0, "1x4x5x2"},
    {"Tile",
     [](auto& m) {
       m.op(OpKind::Tile, {m.input({2, 3}), m.list({2, 4})}, {{4, 12}});
     },
     0, "4x12"},
    {"ResizeBilinear",
     [](auto& m) {
       m.op(OpKind::ResizeBilinear, {m.input({1, 4, 4, 3}), m.list({8, 6})}, {{1, 8, 6, 3}},
            ResizeAttributes());
     },
     0, "1x8x6x3"},
    {"SpaceToDepth",
     [](auto& m) {
       m.op(OpKind::SpaceToDepth, {m.input({1, 4, 6, 3})}, {{1, 2, 3, 12}}, BlockAttributes{2});
     },
     0, "1x2x3x12"},
    {"DepthToSpace",
     [](auto& m) {
       m.op(OpKind::DepthToSpace, {m.input({1, 2, 3, 12})}, {{1, 4, 6, 3}}, BlockAttributes{2});
     },
     0, "1x4x6x3"},
    {"SpaceToBatch",
     [](auto& m) {
       m.op(OpKind::SpaceToBatchNd,
            {m.input({1, 5, 4, 3}), m.list({2, 2}), m.list({2, 2}, {0, 1, 2, 2})}, {{4, 3, 4, 3}});
     },
     0, "4x3x4x3"},
    {"BatchToSpace",
     [](auto& m) {
       m.op(OpKind::BatchToSpaceNd,
            {m.input({4, 3, 4, 3}), m.list({2, 2}), m.list({2, 2}, {0, 1, 2, 2})}, {{1, 5, 4, 3}});
     },
     0, "1x5x4x3"},
};

INSTANTIATE_TEST_SUITE_P(, ShapeRule, testing::ValuesIn(kRules),
                         [](const auto& test) { return std::string(test.param.name); });

/// Operators whose inputs do not go with each other.
struct Misfit {
  const char* name;
  std::function<void(ModelSketch&)> make;
  const char* problem;
};

void PrintTo(const Misfit& misfit, std::ostream* out) {
  *out << misfit.name;
}

class ShapeMisfit : public testing::TestWithParam<Misfit> {};

TEST_P(ShapeMisfit, IsRefused) {
  ModelSketch m;
  GetParam().make(m);
  const auto graph = buildGraph(m.model);
  ASSERT_FALSE(graph);
  EXPECT_EQ(graph.error().text(),
            std::string("sketch: subgraph 0, operator 0 ") + GetParam().problem);
}

const Misfit kMisfits[] = {
    {"ConvChannels",
     [](auto& m) {
       m.op(OpKind::Conv2d, {m.input({1, 4, 4, 3}), m.weights({2, 1, 1, 2})}, {{1, 4, 4, 2}},
            conv(Padding::Same, 1));
     },
     "(CONV_2D): input 0 has 3 channels, wanted a multiple of the filter's 2"},
    {"ConvBias",
     [](auto& m) {
       m.op(OpKind::Conv2d, {m.input({1, 4, 4, 3}), m.weights({2, 1, 1, 3}), m.weights({3})},
            {{1, 4, 4, 2}}, conv(Padding::Same, 1));
     },
     "(CONV_2D): bias is 3, wanted 2 elements"},
    {"ConvRank",
     [](auto& m) {
       m.op(OpKind::Conv2d, {m.input({4, 4, 3}), m.weights({2, 1, 1, 3})}, {{1, 4, 4, 2}},
            conv(Padding::Same, 1));
     },
     "(CONV_2D): input 0 is 4x4x3, wanted 4 dimensions"},
    {"ConvWithoutWeights",
     [](auto& m) {
       m.op(OpKind::Conv2d, {m.input({1, 4, 4, 3}), -1}, {{1, 4, 4, 2}}, conv(Padding::Same, 1));
     },
     "(CONV_2D): leaves out input 1, wanted a tensor"},
    {"ConvStride",
     [](auto& m) {
       m.op(OpKind::Conv2d, {m.input({1, 4, 4, 3}), m.weights({2, 1, 1, 3})}, {{1, 4, 4, 2}},
            conv(Padding::Same, 0));
     },
     "(CONV_2D): has a stride, dilation, filter or block of 0, wanted at least 1"},
    {"TooFewInputs", [](auto& m) { m.op(OpKind::Add, {m.input({1})}, {{1}}); },
     "(ADD): has 1 inputs, wanted 2"},
    {"TooManyOutputs",
     [](auto& m) {
       m.op(OpKind::Relu, {m.input({1})}, {{1}, {1}});
     },
     "(RELU): has 2 outputs, wanted 1"},
    {"Depthwise",
     [](auto& m) {
       m.op(OpKind::DepthwiseConv2d, {m.input({1, 4, 4, 3}), m.weights({1, 1, 1, 4})},
            {{1, 4, 4, 4}}, conv(Padding::Same, 1));
     },
     "(DEPTHWISE_CONV_2D): filter has 4 channels, wanted a multiple of the input's 3"},
    {"FullyConnectedDepth",
     [](auto& m) {
       m.op(OpKind::FullyConnected, {m.input({1, 10}), m.weights({4, 7})}, {{1, 4}},
            FullyConnectedAttributes());
     },
     "(FULLY_CONNECTED): input 0 is 1x10, wanted a multiple of the weights' depth 7"},
    {"MatricesThatCannotBeMultiplied",
     [](auto& m) {
       m.op(OpKind::BatchMatmul, {m.input({2, 3}), m.input({4, 5})}, {{2, 5}},
            BatchMatMulAttributes());
     },
     "(BATCH_MATMUL): inputs 2x3 and 4x5 cannot be multiplied"},
    {"AddOfUnlikeShapes",
     [](auto& m) {
       m.op(OpKind::Add, {m.input({2, 3}), m.input({2, 4})}, {{2, 3}});
     },
     "(ADD): inputs 2x3 and 2x4 cannot be stretched to each other"},
    {"ConcatenationOfUnlikeShapes",
     [](auto& m) {
       m.op(OpKind::Concatenation, {m.input({2, 3}), m.input({3, 3})}, {{2, 6}},
            AxisAttributes{.axis = 1});
     },
     "(CONCATENATION): input 1 is 3x3, which does not go with 2x3"},
    {"AxisBeyondTheTensor",
     [](auto& m) {
       m.op(OpKind::Concatenation, {m.input({2, 3})}, {{2, 3}}, AxisAttributes{.axis = 2});
     },
     "(CONCATENATION): has axis 2, but the tensor has 2 dimensions"},
    {"SliceBeyondTheTensor",
     [](auto& m) {
       m.op(OpKind::Slice, {m.input({5}), m.list({3}), m.list({4})}, {{4}});
     },
     "(SLICE): takes 4 elements from 3 on, but dimension 0 has 5"},
    {"StrideOfZero",
     [](auto& m) {
       m.op(OpKind::StridedSlice, {m.input({5}), m.list({0}), m.list({4}), m.list({0})}, {{4}});
     },
     "(STRIDED_SLICE): has stride 0 in entry 0"},
    {"TransposeTwice",
     [](auto& m) {
       m.op(OpKind::Transpose, {m.input({2, 2}), m.list({1, 1})}, {{2, 2}});
     },
     "(TRANSPOSE): permutes dimension 1 twice"},
};

INSTANTIATE_TEST_SUITE_P(, ShapeMisfit, testing::ValuesIn(kMisfits),
                         [](const auto& test) { return std::string(test.param.name); });

}  // namespace
}  // namespace mcuprof
