#include "analyzer/model/graph.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <chrono>

#include "tests/model/model_sketch.hpp"

namespace mcuprof {
namespace {

using test::ModelSketch;
using testing::ElementsAre;

std::string problemOf(const ModelSketch& sketch) {
  const auto graph = buildGraph(sketch.model);
  return graph ? "no problem" : graph.error().text();
}

TEST(BuildGraph, LinksProducersAndReaders) {
  ModelSketch m;
  const auto x = m.input({1, 4});
  const auto y = m.op(OpKind::Relu, {x}, {{1, 4}});
  const auto z = m.op(OpKind::Add, {y, y}, {{1, 4}});
  m.op(OpKind::Mul, {y, z}, {{1, 4}});
  const auto graph = buildGraph(m.model);
  ASSERT_TRUE(graph) << graph.error().text();
  EXPECT_FALSE(graph->tensors[TensorId(x)].producer.valid());
  EXPECT_EQ(graph->tensors[TensorId(y)].producer, OpId(0));
  EXPECT_THAT(graph->tensors[TensorId(y)].readers, ElementsAre(OpId(1), OpId(2)))
      << "an operator that reads a tensor twice is one reader";
  EXPECT_EQ(graph->ops[OpId(1)].name, "t2");
}

TEST(BuildGraph, CountsTensorsAndOperatorsOverAllSubgraphs) {
  ModelSketch m;
  const auto x = m.input({1, 4});
  m.op(OpKind::Relu, {x}, {{1, 4}});
  m.nextSubgraph();
  const auto inner = m.input({1, 2});
  m.op(OpKind::Tanh, {inner}, {{1, 2}});
  const auto graph = buildGraph(m.model);
  ASSERT_TRUE(graph) << graph.error().text();
  ASSERT_EQ(graph->subgraphs.size(), 2U);
  const GraphSubgraph& second = graph->subgraphs[SubgraphId(1)];
  EXPECT_EQ(second.firstOp, OpId(1));
  EXPECT_EQ(second.firstTensor, TensorId(2));
  EXPECT_EQ(graph->ops[OpId(1)].inputs[0].tensor, TensorId(2));
  EXPECT_EQ(graph->tensors[TensorId(3)].indexInSubgraph, 1);
  EXPECT_EQ(graph->tensors[TensorId(3)].producer, OpId(1));
}

TEST(BuildGraph, TellsWhatEachInputIsToItsOperator) {
  ModelSketch m;
  const auto x = m.input({1, 4, 4, 2});
  const auto y =
      m.op(OpKind::Conv2d, {x, m.weights({3, 1, 1, 2}), m.weights({3}, ElementType::Int32)},
           {{1, 4, 4, 3}}, ConvAttributes());
  const auto z = m.op(OpKind::Mean, {y, m.list({1, 2})}, {{1, 3}}, ReduceAttributes());
  m.op(OpKind::Svdf, {z, m.weights({2, 3}), m.weights({2, 5}), -1, m.variable({1, 10})}, {{1, 2}},
       RecurrentAttributes{.rank = 1});
  const auto graph = buildGraph(m.model);
  ASSERT_FALSE(graph) << "SVDF wants its bias here";
  m.main().operators.back().inputs[3] = m.weights({2}, ElementType::Int32);
  const auto mended = buildGraph(m.model);
  ASSERT_TRUE(mended) << mended.error().text();
  const auto rolesOf = [&](int op) {
    std::vector<InputRole> roles;
    for (const GraphInput& input : mended->ops[OpId(op)].inputs) roles.push_back(input.role);
    return roles;
  };
  using enum InputRole;
  EXPECT_THAT(rolesOf(0), ElementsAre(Activation, Weights, Bias));
  EXPECT_THAT(rolesOf(1), ElementsAre(Activation, Parameter));
  EXPECT_THAT(rolesOf(2), ElementsAre(Activation, Weights, Weights, Bias, State));
}

TEST(BuildGraph, RefusesATensorThatIsReadBeforeItIsWritten) {
  ModelSketch m;
  const auto late = m.tensor({4});
  m.op(OpKind::Relu, {late}, {{4}});
  m.op(OpKind::Relu, {m.input({4})}, {});
  m.main().operators.back().outputs = {late};
  EXPECT_EQ(
      problemOf(m),
      "sketch: subgraph 0, operator 1 (RELU): writes tensor 0 \"t0\", which operator 0 has read "
      "before");
}

TEST(BuildGraph, RefusesAnOperatorThatReadsItsOwnOutput) {
  ModelSketch m;
  const auto x = m.tensor({4});
  m.op(OpKind::Relu, {x}, {});
  m.main().operators.back().outputs = {x};
  EXPECT_EQ(
      problemOf(m),
      "sketch: subgraph 0, operator 0 (RELU): writes tensor 0 \"t0\", which operator 0 has read "
      "before");
}

TEST(BuildGraph, RefusesASecondProducer) {
  ModelSketch m;
  const auto x = m.input({4});
  const auto y = m.op(OpKind::Relu, {x}, {{4}});
  m.op(OpKind::Tanh, {x}, {});
  m.main().operators.back().outputs = {y};
  EXPECT_EQ(
      problemOf(m),
      "sketch: subgraph 0, operator 1 (TANH): writes tensor 1 \"t1\", which operator 0 writes "
      "already");
}

TEST(BuildGraph, RefusesWritingConstantsAndInputs) {
  ModelSketch constant;
  constant.op(OpKind::Relu, {constant.input({4})}, {});
  constant.main().operators.back().outputs = {constant.weights({4})};
  EXPECT_EQ(problemOf(constant),
            "sketch: subgraph 0, operator 0 (RELU): writes tensor 1 \"t1\", which is constant");
  ModelSketch input;
  input.op(OpKind::Relu, {input.input({4})}, {});
  input.main().operators.back().outputs = {input.input({4})};
  EXPECT_EQ(
      problemOf(input),
      "sketch: subgraph 0, operator 0 (RELU): writes tensor 1 \"t1\", which is an input of the "
      "subgraph");
}

TEST(BuildGraph, LetsStateBeReadAndWritten) {
  ModelSketch m;
  const auto state = m.variable({4});
  m.op(OpKind::Add, {m.input({4}), state}, {});
  m.main().operators.back().outputs = {state};
  const auto graph = buildGraph(m.model);
  ASSERT_TRUE(graph) << graph.error().text();
  EXPECT_FALSE(graph->tensors[TensorId(state)].producer.valid());
}

TEST(BuildGraph, KeepsOperatorsItDoesNotKnowWithoutMacs) {
  ModelSketch m;
  const auto x = m.input({4});
  const auto y = m.op(OpKind::Custom, {x}, {{9}});
  m.main().operators.back().customName = "ethos-u";
  m.op(static_cast<OpKind>(4711), {y}, {{3}});
  const auto graph = buildGraph(m.model);
  ASSERT_TRUE(graph) << graph.error().text();
  EXPECT_EQ(graph->kindName(graph->ops[OpId(0)]), "ethos-u");
  EXPECT_EQ(graph->ops[OpId(0)].macs, std::nullopt);
  EXPECT_EQ(graph->kindName(graph->ops[OpId(1)]), "BUILTIN_4711");
  EXPECT_EQ(graph->ops[OpId(1)].macs, std::nullopt);
}

TEST(BuildGraph, LetsOpenExtentsDisagree) {
  ModelSketch m;
  const auto x = m.input({1, 4, 4, 2});
  m.op(OpKind::Relu, {x}, {{1, 2, 2, 2}});
  EXPECT_EQ(problemOf(m),
            "sketch: subgraph 0, operator 0 (RELU): output 0 is 1x2x2x2, wanted 1x4x4x2");
  m.main().tensors[0].shapeSignature = {1, -1, -1, 2};
  EXPECT_EQ(problemOf(m), "no problem") << "the file says that it does not know the extents";
}

TEST(BuildGraph, ChecksIndicesOfModelsThatNoReaderHasSeen) {
  ModelSketch m;
  m.op(OpKind::Relu, {17}, {{1}});
  EXPECT_EQ(problemOf(m),
            "sketch: subgraph 0, operator 0 (RELU): input 0 is tensor 17, but the subgraph has 1");
}

/// A main subgraph that calls the next one through IF, and so on, `levels` deep; the last one calls
/// `last` or, when that is negative, nothing.
ModelSketch nestedIfs(int levels, int last) {
  ModelSketch m;
  for (int level = 0; level < levels; ++level) {
    if (level > 0) m.nextSubgraph();
    const int callee = level + 1 < levels ? level + 1 : last;
    const auto condition = m.input({1}, ElementType::Bool);
    if (callee < 0) {
      m.op(OpKind::Relu, {condition}, {{1}});
    } else {
      m.op(OpKind::If, {condition, condition}, {{1}}, ControlAttributes{callee, callee});
    }
    m.main().outputs = {1};
  }
  return m;
}

TEST(BuildGraph, AcceptsNestedControlFlow) {
  EXPECT_EQ(problemOf(nestedIfs(4, -1)), "no problem");
}

TEST(BuildGraph, RefusesSubgraphsThatCallThemselves) {
  EXPECT_EQ(problemOf(nestedIfs(1, 0)),
            "sketch: subgraph 0, operator 0 (IF) calls subgraph 0, which is running already, so it "
            "would never end");
  EXPECT_EQ(problemOf(nestedIfs(3, 1)),
            "sketch: subgraph 2, operator 0 (IF) calls subgraph 1, which is running already, so it "
            "would never end");
}

TEST(BuildGraph, RefusesCallsThatMultiplyWithoutBound) {
  EXPECT_EQ(problemOf(nestedIfs(20, -1)), "no problem") << "2^20 operators at the most";
  // Level n of 40 runs 2^(40 - n) - 1 operators.
  EXPECT_EQ(problemOf(nestedIfs(40, -1)),
            "sketch: subgraph 16 runs more than 10000000 operators in one call");
}

TEST(BuildGraph, RefusesCallsThatNestTooDeep) {
  ModelSketch m;
  for (int level = 0; level < 300; ++level) {
    if (level > 0) m.nextSubgraph();
    if (level > 0) m.op(OpKind::CallOnce, {}, {}, ControlAttributes{level - 1, -1});
  }
  EXPECT_EQ(problemOf(m), "sketch: subgraphs call each other more than 100 deep");
}

TEST(BuildGraph, RefusesCallsWithOtherArguments) {
  ModelSketch m = nestedIfs(2, -1);
  m.model.subgraphs[1].inputs.clear();
  EXPECT_EQ(problemOf(m),
            "sketch: subgraph 0, operator 0 (IF): calls subgraph 1 with 1 inputs, which has 0");
}

TEST(BuildGraph, RefusesMacsBeyond63Bits) {
  ModelSketch m;
  const auto x = m.input({1, 1, 1000000000, 1000000000});
  const auto weights = m.tensor({1000, 1000000000});
  m.op(OpKind::FullyConnected, {x, weights}, {{1000000000, 1000}});
  // 10^9 rows times 10^12 weights
  EXPECT_EQ(problemOf(m),
            "sketch: subgraph 0, operator 0 (FULLY_CONNECTED): has more than 2^63 "
            "multiply-accumulates");
}

TEST(BuildGraph, RefusesTensorsThatNoDeviceHolds) {
  ModelSketch m;
  auto x = m.input({1, 1, 600000, 600000});
  x = m.op(OpKind::Abs, {x}, {{1, 1, 600000, 600000}});
  // 600,000^2 elements each: int8 fits once and twice, float32 fits neither
  m.model.subgraphs[0].tensors[0].type = ElementType::Int8;
  m.model.subgraphs[0].tensors[1].type = ElementType::Int8;
  EXPECT_EQ(problemOf(m), "no problem");
  m.model.subgraphs[0].tensors[0].type = ElementType::Float32;
  m.model.subgraphs[0].tensors[1].type = ElementType::Float32;
  EXPECT_EQ(problemOf(m),
            "sketch: tensors take more than 1099511627776 bytes together, which no device has");
}

TEST(BuildGraph, TakesTimeLinearInTheNumberOfOperators) {
  const auto secondsFor = [](int count) {
    ModelSketch m;
    auto x = m.input({1, 4});
    const auto scale = m.weights({1, 4});
    for (int i = 0; i < count; ++i) x = m.op(OpKind::Mul, {x, scale}, {{1, 4}});
    const auto begin = std::chrono::steady_clock::now();
    EXPECT_TRUE(buildGraph(m.model));
    return std::chrono::duration<double>(std::chrono::steady_clock::now() - begin).count();
  };
  secondsFor(500);
  const double few = secondsFor(500);
  const double many = secondsFor(10000);
  // 20 times the operators; a quadratic pass would take 400 times as long.
  EXPECT_LT(many, 100 * few) << few << " s for 500, " << many << " s for 10,000 operators";
}

}  // namespace
}  // namespace mcuprof
