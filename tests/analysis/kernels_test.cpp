#include "analyzer/analysis/kernels.hpp"

#include <gtest/gtest.h>

#include "analyzer/analysis/working_set.hpp"
#include "analyzer/target/runtime_file.hpp"
#include "tests/support/files.hpp"
#include "tests/support/graph_builder.hpp"

namespace mcuprof {
namespace {

using test::GraphBuilder;
using V = KernelVariable;

const Runtime& runtimeNamed(const std::string& name) {
  static const auto load = [](const std::string& file) {
    auto runtime = loadRuntime((test::sourceFolder() / "targets/runtimes" / file).string());
    EXPECT_TRUE(runtime) << runtime.error().text();
    return std::move(*runtime);
  };
  static const Runtime kReference = load("tflm-reference.toml");
  static const Runtime kCmsis = load("tflm-cmsis-nn.toml");
  return name == "reference" ? kReference : kCmsis;
}

Core coreNamed(std::string_view name) {
  Core core;
  core.dsp.value = name == "m4";
  core.mve.value = name == "m55";
  return core;
}

/// Variant, scratch and persistent bytes of the last operator: "general 144 | 16 16".
std::string choiceOf(const GraphBuilder& builder, const std::string& runtime,
                     std::string_view core) {
  GraphBuilder copy = builder;
  const Graph graph = copy.build();
  const KernelPlan plan = selectKernels(graph, coreNamed(core), runtimeNamed(runtime));
  const KernelChoice& choice = plan[builder.lastOp()];
  if (choice.rule == nullptr) return "none";
  std::string text = choice.rule->variant;
  if (!choice.rule->refused.empty()) return text + " refused";
  for (const Bytes size : choice.scratch) text += " " + std::to_string(size.value);
  text += " |";
  for (const Bytes size : choice.persistent) text += " " + std::to_string(size.value);
  return text;
}

struct ConvShape {
  Shape input;
  Shape filter;
  Shape output;
  ConvAttributes attributes;
  ElementType type = ElementType::Int8;
  ElementType weights = ElementType::Int8;
  OpKind kind = OpKind::Conv2d;
};

GraphBuilder convolution(const ConvShape& shape) {
  GraphBuilder b;
  const TensorId x = b.input(shape.input, shape.type);
  const TensorId filter = b.constant(shape.filter, shape.weights);
  const auto channels = shape.output.back();
  const ElementType biasType =
      shape.type == ElementType::Int16 ? ElementType::Int64 : ElementType::Int32;
  const TensorId bias = b.constant({channels}, biasType);
  std::vector<TensorId> inputs = {x, filter, bias};
  if (shape.kind == OpKind::TransposeConv) {
    inputs = {b.constant({4}, ElementType::Int32), filter, x, bias};
  }
  b.output(b.op(shape.kind, inputs, shape.output, shape.attributes, shape.type));
  return b;
}

KernelShape shapeOfLast(GraphBuilder builder) {
  const OpId last = builder.lastOp();
  const Graph graph = builder.build();
  return shapeOf(graph, last, coreNamed("m4"), runtimeNamed("cmsis"));
}

TEST(KernelShape, PadsAsTheRuntimeDoes) {
  // SAME over 8 with stride 2 and a filter of 3: 4 outputs reach over 9, so one more at the end.
  const KernelShape s =
      shapeOfLast(convolution({{1, 8, 10, 3}, {4, 3, 5, 3}, {1, 4, 5, 4}, {Padding::Same, 2, 2}}));
  EXPECT_EQ(s[V::PadTop], 0);
  EXPECT_EQ(s[V::PadBottom], 1);
  EXPECT_EQ(s[V::PadLeft], 1);
  EXPECT_EQ(s[V::PadRight], 2);
  EXPECT_EQ(s[V::Groups], 1);
  EXPECT_EQ(s[V::FilterChannels], 3);
  EXPECT_EQ(s[V::InputElements], 240);
  EXPECT_EQ(s[V::Dsp], 1);
  EXPECT_EQ(s[V::Mve], 0);
}

TEST(KernelShape, ReadsPaddingsOfPad) {
  GraphBuilder b;
  const TensorId x = b.input({1, 8, 8, 3});
  b.output(b.op(OpKind::Pad, {x, b.constant({4, 2}, ElementType::Int32)}, {1, 8, 8, 3}));
  EXPECT_EQ(shapeOfLast(b)[V::PadTop], 0);
}

TEST(KernelShape, TakesAFullyConnectedLayerAsAMatrix) {
  GraphBuilder b;
  const TensorId x = b.input({2, 5, 12});
  b.output(b.op(OpKind::FullyConnected, {x, b.constant({7, 12})}, {2, 5, 7},
                FullyConnectedAttributes{}));
  const KernelShape s = shapeOfLast(b);
  EXPECT_EQ(s[V::Batch], 10);
  EXPECT_EQ(s[V::InputChannels], 12);
  EXPECT_EQ(s[V::OutputChannels], 7);
  EXPECT_EQ(s[V::HasBias], 0);
}

// Sizes below are worked out by hand from CMSIS-NN's arm_*_get_buffer_sizes_*.c and TFLM's kernels.

TEST(CmsisKernels, ChooseTheConvolutionByShapeAndCore) {
  const ConvShape pointwise = {{1, 8, 8, 6}, {4, 1, 1, 6}, {1, 8, 8, 4}, {}};
  EXPECT_EQ(choiceOf(convolution(pointwise), "cmsis", "m4"), "1x1 | 16 16");
  const ConvShape grouped = {{1, 8, 8, 6}, {4, 1, 1, 3}, {1, 8, 8, 4}, {}};
  EXPECT_EQ(choiceOf(convolution(grouped), "cmsis", "m4"), "general 32 | 16 16");
  const ConvShape dilated = {{1, 8, 8, 6}, {4, 1, 1, 6}, {1, 8, 8, 4}, {Padding::Same, 1, 1, 2, 2}};
  EXPECT_EQ(choiceOf(convolution(dilated), "cmsis", "m4"), "general 32 | 16 16");
  const ConvShape square = {{1, 8, 8, 3}, {4, 3, 3, 3}, {1, 8, 8, 4}, {}};
  EXPECT_EQ(choiceOf(convolution(square), "cmsis", "m3"), "general 112 | 16 16");
  EXPECT_EQ(choiceOf(convolution(square), "cmsis", "m55"), "general_mve 128 | 16 16");
  EXPECT_EQ(choiceOf(convolution(square), "reference", "m55"), "reference | 16 16");
}

TEST(CmsisKernels, ChooseTheVectorConvolutionOverOneRow) {
  // 1x20x4 with a filter of 3 and stride 1: one column of padding at each end; 3*4 + 4 bytes.
  const ConvShape same = {{1, 1, 20, 4}, {4, 1, 3, 4}, {1, 1, 20, 4}, {}};
  EXPECT_EQ(choiceOf(convolution(same), "cmsis", "m55"), "1xn 16 | 16 16");
  EXPECT_EQ(choiceOf(convolution(same), "cmsis", "m4"), "general 48 | 16 16");
  const ConvShape valid = {{1, 1, 20, 4}, {4, 1, 3, 4}, {1, 1, 18, 4}, {Padding::Valid}};
  EXPECT_EQ(choiceOf(convolution(valid), "cmsis", "m55"), "1xn 12 | 16 16");
  // A filter of 4: one column at the left, two at the right; max(4*4 + 4, 4*4 - 4 + 2*4) bytes.
  const ConvShape even = {{1, 1, 20, 4}, {4, 1, 4, 4}, {1, 1, 20, 4}, {}};
  EXPECT_EQ(choiceOf(convolution(even), "cmsis", "m55"), "1xn 20 | 16 16");
  // Two outputs, each of them at an end and more padded than there are: 4*roundup(4*9, 16).
  const ConvShape shortRow = {{1, 1, 2, 4}, {4, 1, 9, 4}, {1, 1, 2, 4}, {}};
  EXPECT_EQ(choiceOf(convolution(shortRow), "cmsis", "m55"), "general_mve 192 | 16 16");
}

TEST(CmsisKernels, ChooseTheDepthwiseConvolutionByShapeAndCore) {
  ConvShape s = {{1, 8, 8, 6}, {1, 3, 3, 6}, {1, 8, 8, 6}, {Padding::Same, 1, 1, 1, 1, 1}};
  s.kind = OpKind::DepthwiseConv2d;
  EXPECT_EQ(choiceOf(convolution(s), "cmsis", "m4"), "3x3 | 24 24");
  EXPECT_EQ(choiceOf(convolution(s), "cmsis", "m55"), "blocks_mve 4464 | 24 24");
  s.filter = {1, 5, 5, 6};
  EXPECT_EQ(choiceOf(convolution(s), "cmsis", "m4"), "im2col 300 | 24 24");
  EXPECT_EQ(choiceOf(convolution(s), "cmsis", "m3"), "general | 24 24");
  s.attributes.dilationH = s.attributes.dilationW = 2;
  EXPECT_EQ(choiceOf(convolution(s), "cmsis", "m4"), "general | 24 24");
  s.attributes.dilationH = s.attributes.dilationW = 1;
  s.input = s.output = {2, 8, 8, 6};
  EXPECT_EQ(choiceOf(convolution(s), "cmsis", "m4"), "general | 24 24");
  s.input = {1, 8, 8, 1};
  s.output = {1, 8, 8, 6};
  EXPECT_EQ(choiceOf(convolution(s), "cmsis", "m4"), "general | 24 24");
  EXPECT_EQ(choiceOf(convolution(s), "cmsis", "m55"), "as_conv 278 | 24 24");
}

TEST(Kernels, UnpackFourBitWeightsIntoScratch) {
  const ConvShape conv = {{1, 8, 8, 3},      {4, 3, 3, 3},      {1, 8, 8, 4},  {},
                          ElementType::Int8, ElementType::Int4, OpKind::Conv2d};
  EXPECT_EQ(choiceOf(convolution(conv), "reference", "m4"), "int4 108 | 16 16");
  EXPECT_EQ(choiceOf(convolution(conv), "cmsis", "m4"), "general 112 | 16 16");
  ConvShape depthwise = {{1, 8, 8, 6}, {1, 3, 3, 6}, {1, 8, 8, 6}, {Padding::Same, 1, 1, 1, 1, 1}};
  depthwise.weights = ElementType::Int4;
  depthwise.kind = OpKind::DepthwiseConv2d;
  EXPECT_EQ(choiceOf(convolution(depthwise), "reference", "m4"), "int4 54 | 24 24");
  EXPECT_EQ(choiceOf(convolution(depthwise), "cmsis", "m3"), "int4 108 | 24 24");
  EXPECT_EQ(choiceOf(convolution(depthwise), "cmsis", "m55"), "int4_mve 4464 | 24 24");
}

TEST(Kernels, KnowSixteenBitActivations) {
  ConvShape conv = {{1, 8, 8, 3}, {4, 3, 3, 3}, {1, 8, 8, 4}, {}, ElementType::Int16};
  EXPECT_EQ(choiceOf(convolution(conv), "cmsis", "m4"), "int16 108 | 16 16");
  EXPECT_EQ(choiceOf(convolution(conv), "cmsis", "m55"), "int16_mve 256 | 16 16");
  EXPECT_EQ(choiceOf(convolution(conv), "reference", "m4"), "reference | 16 16");
  GraphBuilder softmax;
  softmax.output(softmax.op(OpKind::Softmax, {softmax.input({1, 9}, ElementType::Int16)}, {1, 9},
                            SoftmaxAttributes{}, ElementType::Int16));
  EXPECT_EQ(choiceOf(softmax, "reference", "m4"), "int16 | 1026 1026");
  GraphBuilder pool;
  pool.output(pool.op(OpKind::AveragePool2d, {pool.input({1, 4, 4, 6}, ElementType::Int16)},
                      {1, 2, 2, 6}, PoolAttributes{Padding::Valid, 2, 2, 2, 2},
                      ElementType::Int16));
  EXPECT_EQ(choiceOf(pool, "cmsis", "m4"), "int16_dsp 24 |");
  EXPECT_EQ(choiceOf(pool, "cmsis", "m55"), "plain |");
}

TEST(Kernels, KnowTransposedConvolutions) {
  ConvShape s = {{1, 4, 4, 20}, {3, 3, 3, 20}, {1, 8, 8, 3}, {Padding::Same, 2, 2}};
  s.kind = OpKind::TransposeConv;
  EXPECT_EQ(choiceOf(convolution(s), "reference", "m4"), "int8 768 | 12 12");
  EXPECT_EQ(choiceOf(convolution(s), "cmsis", "m4"), "reverse 720 540 | 12 12");
  EXPECT_EQ(choiceOf(convolution(s), "cmsis", "m55"), "reverse_mve 768 540 | 12 12");
  s.input = {1, 4, 4, 16};
  s.filter = {3, 3, 3, 16};
  // 4 bytes * ((4 - 1)*2 + 3) columns * 3 channels * 3 rows, and a second request of 0 bytes.
  EXPECT_EQ(choiceOf(convolution(s), "cmsis", "m4"), "general 324 0 | 12 12");
  s.type = ElementType::Int16;
  EXPECT_EQ(choiceOf(convolution(s), "cmsis", "m4"), "int16 1536 | 12 12");
}

TEST(Kernels, RefuseHybridModels) {
  ConvShape s = {{1, 8, 8, 3}, {4, 3, 3, 3}, {1, 8, 8, 4}, {}, ElementType::Float32};
  EXPECT_EQ(choiceOf(convolution(s), "reference", "m4"), "hybrid refused");
  EXPECT_EQ(choiceOf(convolution(s), "cmsis", "m4"), "hybrid refused");
}

TEST(CmsisKernels, ChooseTheFullyConnectedLayerByRankAndCore) {
  const auto layer = [](Shape input, Shape output, bool constantBias) {
    GraphBuilder b;
    const TensorId x = b.input(input);
    const TensorId weights = b.constant({output.back(), input.back()});
    const TensorId bias = constantBias ? b.constant({output.back()}, ElementType::Int32)
                                       : b.input({output.back()}, ElementType::Int32);
    b.output(b.op(OpKind::FullyConnected, {x, weights, bias}, output, FullyConnectedAttributes{}));
    return b;
  };
  EXPECT_EQ(choiceOf(layer({1, 12}, {1, 7}, true), "cmsis", "m4"), "int8 |");
  EXPECT_EQ(choiceOf(layer({1, 12}, {1, 7}, true), "cmsis", "m55"), "sums_mve | 28");
  EXPECT_EQ(choiceOf(layer({1, 12}, {1, 7}, false), "cmsis", "m55"), "mve 28 |");
  EXPECT_EQ(choiceOf(layer({1, 5, 12}, {1, 5, 7}, true), "cmsis", "m55"), "as_conv 56 |");
  EXPECT_EQ(choiceOf(layer({1, 5, 13}, {1, 5, 7}, true), "cmsis", "m4"), "int8 |");
}

TEST(Kernels, KnowWhatReductionsAsk) {
  GraphBuilder b;
  const TensorId x = b.input({1, 4, 4, 6});
  b.output(
      b.op(OpKind::Mean, {x, b.constant({2}, ElementType::Int32)}, {1, 6}, ReduceAttributes{}));
  EXPECT_EQ(choiceOf(b, "cmsis", "m4"), "integer 24 16 8 |");
  GraphBuilder m;
  const TensorId y = m.input({1, 4, 4, 6});
  m.output(m.op(OpKind::ReduceMax, {y, m.constant({2}, ElementType::Int32)}, {1, 6},
                ReduceAttributes{}));
  EXPECT_EQ(choiceOf(m, "cmsis", "m4"), "all 16 8 |");
}

TEST(Kernels, KnowBatchMatMul) {
  const auto product = [](bool adjointX, bool adjointY) {
    GraphBuilder b;
    const TensorId x = b.input({2, 3, 5});
    const TensorId y = b.input({2, 5, 7});
    b.output(
        b.op(OpKind::BatchMatmul, {x, y}, {2, 3, 7}, BatchMatMulAttributes{adjointX, adjointY}));
    return b;
  };
  // Transposed copies: a descriptor of 12, extents of 4 + 4*3, the elements; then the output's
  // extents.
  EXPECT_EQ(choiceOf(product(false, false), "reference", "m4"), "integer | 28 12 16 70 16");
  EXPECT_EQ(choiceOf(product(true, true), "reference", "m4"), "integer | 28 12 16 30 16");
  EXPECT_EQ(choiceOf(product(false, true), "cmsis", "m55"), "int8_mve 28 | 16 28");
}

TEST(WorkingSet, CountsATensorThatIsReadTwiceOnceAndStateAsInput) {
  GraphBuilder b;
  const TensorId x = b.input({10});
  const TensorId state = b.variable({6});
  b.output(b.op(OpKind::Add, {x, x, state, b.constant({3}), TensorId()}, {10}));
  const Graph graph = b.build();
  const KernelPlan kernels = selectKernels(graph, coreNamed("m4"), runtimeNamed("cmsis"));
  const WorkingSet set = countWorkingSets(graph, kernels)[OpId(0)];
  EXPECT_EQ(set.input, Bytes(16));
  EXPECT_EQ(set.weights, Bytes(3));
  EXPECT_EQ(set.bias, Bytes(0));
  EXPECT_EQ(set.output, Bytes(10));
  EXPECT_EQ(set.total(), Bytes(29));
}

}  // namespace
}  // namespace mcuprof
