#include "analyzer/analysis/touched.hpp"

#include <gtest/gtest.h>

#include <random>

#include "tests/analysis/memory_case.hpp"

namespace mcuprof {
namespace {

using test::GraphBuilder;
using test::MemoryCase;

Runtime runtimeWith(const std::string& library) {
  Runtime runtime;
  runtime.library = library;
  return runtime;
}

TEST(CountTouched, ConvolutionLoadsBothOperandsForEachTapWithinTheInput) {
  // 3x3 over 2x2 with SAME padding: each of four outputs sees all four inputs, for each of 5
  // channels.
  GraphBuilder b;
  const TensorId bias = b.constant({5}, ElementType::Int32);
  b.output(b.op(OpKind::Conv2d, {b.input({1, 2, 2, 3}), b.constant({5, 3, 3, 3}), bias},
                {1, 2, 2, 5}, ConvAttributes{}));
  const Graph graph = b.build();
  const auto touched = countTouched(graph, graph.ops[OpId(0)], runtimeWith("reference"));
  ASSERT_TRUE(touched);
  EXPECT_EQ(touched->input, 240_B);  // 4 outputs * 4 taps * 3 deep * 5 channels
  EXPECT_EQ(touched->weights, 240_B);
  EXPECT_EQ(touched->bias, 80_B);  // 20 outputs * 4
  EXPECT_EQ(touched->output, 20_B);
  EXPECT_FALSE(countTouched(graph, graph.ops[OpId(0)], runtimeWith("cmsis-nn")));
}

TEST(CountTouched, FullyConnectedReadsItsInputOncePerOutput) {
  GraphBuilder b;
  b.output(b.op(OpKind::FullyConnected, {b.input({2, 10}), b.constant({4, 10})}, {2, 4}));
  const Graph graph = b.build();
  const auto touched = countTouched(graph, graph.ops[OpId(0)], runtimeWith("reference"));
  ASSERT_TRUE(touched);
  EXPECT_EQ(touched->input, 80_B);
  EXPECT_EQ(touched->weights, 80_B);
  EXPECT_EQ(touched->bias, 0_B);
}

/// Loads of one operand by the loops themselves.
std::int64_t walk(const Shape& in, const Shape& out, int window[2], int stride[2], int dilation[2],
                  bool same, std::int64_t depth) {
  std::int64_t loads = 0;
  int pad[2] = {0, 0};
  for (std::size_t axis = 0; axis < 2 && same; ++axis)
    pad[axis] = std::max(0, (out[axis + 1] - 1) * stride[axis] +
                                (window[axis] - 1) * dilation[axis] + 1 - in[axis + 1]) /
                2;
  for (int y = 0; y < out[1]; ++y)
    for (int x = 0; x < out[2]; ++x)
      for (int c = 0; c < out[3]; ++c)
        for (int ky = 0; ky < window[0]; ++ky)
          for (int kx = 0; kx < window[1]; ++kx) {
            const int iy = y * stride[0] - pad[0] + ky * dilation[0];
            const int ix = x * stride[1] - pad[1] + kx * dilation[1];
            if (iy >= 0 && iy < in[1] && ix >= 0 && ix < in[2]) loads += depth;
          }
  return loads;
}

TEST(CountTouched, EqualsTheLoopsOnRandomWindows) {
  int counted = 0;
  for (unsigned seed = 0; seed < 300; ++seed) {
    std::mt19937 random(seed);
    const auto upTo = [&](int most) {
      return 1 + static_cast<int>(random() % static_cast<unsigned>(most));
    };
    const bool same = random() % 2 == 0;
    const bool depthwise = random() % 2 == 0;
    int window[2] = {upTo(5), upTo(5)};
    int stride[2] = {upTo(3), upTo(3)};
    int dilation[2] = {upTo(2), upTo(2)};
    const Shape in{1, upTo(12), upTo(12), upTo(4)};
    Shape out{1, 0, 0, depthwise ? in[3] : upTo(4)};
    for (std::size_t axis = 0; axis < 2; ++axis) {
      const int reach = (window[axis] - 1) * dilation[axis] + 1;
      out[axis + 1] = same ? (in[axis + 1] + stride[axis] - 1) / stride[axis]
                           : (in[axis + 1] - reach) / stride[axis] + 1;
      if (!same && in[axis + 1] < reach) out[axis + 1] = 0;
    }
    if (out[1] == 0 || out[2] == 0) continue;
    ConvAttributes conv;
    conv.padding = same ? Padding::Same : Padding::Valid;
    conv.strideH = stride[0];
    conv.strideW = stride[1];
    conv.dilationH = dilation[0];
    conv.dilationW = dilation[1];
    GraphBuilder b;
    const Shape filter = depthwise ? Shape{1, window[0], window[1], out[3]}
                                   : Shape{out[3], window[0], window[1], in[3]};
    const OpKind kind = depthwise ? OpKind::DepthwiseConv2d : OpKind::Conv2d;
    b.output(b.op(kind, {b.input(in, ElementType::Int16), b.constant(filter)}, out, conv,
                  ElementType::Int16));
    const Graph graph = b.build();
    const auto touched = countTouched(graph, graph.ops[OpId(0)], runtimeWith("reference"));
    ASSERT_TRUE(touched);
    const std::int64_t loads = walk(in, out, window, stride, dilation, same, depthwise ? 1 : in[3]);
    EXPECT_EQ(touched->input.value, 2 * loads) << "seed " << seed;
    EXPECT_EQ(touched->weights, Bytes(loads)) << "seed " << seed;
    ++counted;
  }
  EXPECT_GT(counted, 150);
}

TEST(CountTouched, PoolingAndArithmetic) {
  GraphBuilder b;
  const TensorId x = b.input({1, 4, 4, 2}, ElementType::Float32);
  PoolAttributes pool;
  pool.padding = Padding::Valid;
  pool.filterH = pool.filterW = 3;
  const TensorId pooled =
      b.op(OpKind::AveragePool2d, {x}, {1, 2, 2, 2}, pool, ElementType::Float32);
  b.output(b.op(OpKind::Add, {pooled, pooled}, {1, 2, 2, 2}, {}, ElementType::Float32));
  const Graph graph = b.build();
  // float32 runs in the reference kernels with either library
  EXPECT_EQ(countTouched(graph, graph.ops[OpId(0)], runtimeWith("cmsis-nn"))->input, 288_B);
  EXPECT_EQ(countTouched(graph, graph.ops[OpId(1)], runtimeWith("cmsis-nn"))->input, 64_B);
}

TEST(CountTouched, HasNoFigureForWindowsThatAreInNoNetwork) {
  GraphBuilder b;
  PoolAttributes pool;
  pool.filterH = 2'000'000'000;
  pool.filterW = 1;
  b.output(b.op(OpKind::MaxPool2d, {b.input({1, 4, 4, 2})}, {1, 4, 4, 2}, pool));
  const Graph graph = b.build();
  EXPECT_FALSE(countTouched(graph, graph.ops[OpId(0)], runtimeWith("reference")));
}

TEST(CountTraffic, SharesTouchedBytesAmongRowsAndLeavesOutWhatStreams) {
  GraphBuilder b;
  b.output(b.op(OpKind::FullyConnected, {b.input({1, 100}), b.constant({60, 100})}, {1, 60}));
  MemoryCase c(b.build());
  c.runtime.library = "reference";
  c.memory("a", MemoryKind::Sram, 75)
      .memory("b", MemoryKind::Sram, 100, true)
      .flash(10'000)
      .card(16);
  c.options.joinAdjacent = true;
  c.run();
  Bytes touched;
  for (const Transfer& row : c.traffic.rows)
    if (row.purpose == Purpose::Input) touched += *row.readTouched;
  EXPECT_EQ(touched, 6000_B);
  c.options.weights = "sd";
  c.run();
  for (const Transfer& row : c.traffic.rows)
    EXPECT_FALSE(row.purpose == Purpose::Weights && row.readTouched);
}

}  // namespace
}  // namespace mcuprof
