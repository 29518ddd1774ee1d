#include "analyzer/analysis/schedule.hpp"

#include <gtest/gtest.h>

#include "tests/support/graph_builder.hpp"

namespace mcuprof {
namespace {

using test::GraphBuilder;

TEST(Schedule, GivesEachOperatorTheStepAfterItsPredecessor) {
  GraphBuilder b;
  const TensorId x = b.input({4});
  const TensorId y = b.op(OpKind::Relu, {x}, {4});
  const TensorId z = b.op(OpKind::Add, {y, x}, {4});
  const TensorId unused = b.input({4});
  const Graph graph = b.output(z).build();
  const Schedule s = makeSchedule(graph);
  EXPECT_EQ(s.step[OpId(0)], 1);
  EXPECT_EQ(s.step[OpId(1)], 2);
  EXPECT_EQ(s.stepCount, 2);
  EXPECT_EQ(s.lifetime[x], (Lifetime{0, 2}));
  EXPECT_EQ(s.lifetime[y], (Lifetime{1, 2}));
  EXPECT_EQ(s.lifetime[z], (Lifetime{2, 2}));
  EXPECT_EQ(s.lifetime[unused], (Lifetime{0, 0}));
}

TEST(Schedule, KeepsOutputsOfTheGraphToTheEndAndConstantsOutOfIt) {
  GraphBuilder b;
  const TensorId x = b.input({4});
  const TensorId weights = b.constant({4});
  const TensorId early = b.op(OpKind::Add, {x, weights}, {4});
  b.op(OpKind::Relu, {early}, {4});
  const TensorId last = b.op(OpKind::Relu, {early}, {4});
  const Graph graph = b.output(early).output(last).build();
  const Schedule s = makeSchedule(graph);
  EXPECT_EQ(s.lifetime[early], (Lifetime{1, 3}));
  EXPECT_EQ(s.lifetime[weights], Lifetime{});
}

/// main: RELU, IF(then, else), RELU; then: two operators; else: none.
Graph branching() {
  GraphBuilder b;
  const TensorId x = b.input({4});                                            // t0
  const TensorId y = b.op(OpKind::Relu, {x}, {4});                            // t1, op 0
  const TensorId z = b.op(OpKind::If, {x, y}, {4}, ControlAttributes{1, 2});  // t2, op 1
  b.output(b.op(OpKind::Relu, {z}, {4}));                                     // t3, op 2
  b.beginSubgraph("then");
  const TensorId p = b.input({4});                  // t4
  const TensorId q = b.op(OpKind::Relu, {p}, {4});  // t5, op 3
  b.output(b.op(OpKind::Relu, {q}, {4}));           // t6, op 4
  b.beginSubgraph("else");
  b.output(b.input({4}));  // t7
  b.beginSubgraph("never called");
  b.output(b.op(OpKind::Relu, {b.input({4})}, {4}));  // t8, t9, op 5
  return b.build();
}

TEST(Schedule, WalksWhatAnOperatorCallsBeforeItsInputsAreDone) {
  const Graph graph = branching();
  const Schedule s = makeSchedule(graph);
  // IF is step 2; "then" is entered at 3 and runs 4, 5; "else" is entered at 6; the last RELU is
  // step 7.
  EXPECT_EQ(s.step[OpId(1)], 2);
  EXPECT_EQ(s.running[OpId(1)], (Lifetime{2, 6}));
  EXPECT_EQ(s.step[OpId(3)], 4);
  EXPECT_EQ(s.step[OpId(4)], 5);
  EXPECT_EQ(s.step[OpId(2)], 7);
  EXPECT_EQ(s.lifetime[TensorId(1)], (Lifetime{1, 6}));
  EXPECT_EQ(s.lifetime[TensorId(2)], (Lifetime{2, 7}));
  EXPECT_EQ(s.lifetime[TensorId(4)], (Lifetime{3, 4}));
  EXPECT_EQ(s.lifetime[TensorId(6)], (Lifetime{5, 5}));
  EXPECT_EQ(s.lifetime[TensorId(7)], (Lifetime{6, 6}));
  EXPECT_EQ(s.order, (std::vector<OpId>{OpId(0), OpId(1), OpId(3), OpId(4), OpId(2)}));
}

TEST(Schedule, LeavesOutWhatIsNeverCalled) {
  const Graph graph = branching();
  const Schedule s = makeSchedule(graph);
  EXPECT_EQ(s.step[OpId(5)], -1);
  EXPECT_EQ(s.running[OpId(5)], Lifetime{});
  EXPECT_EQ(s.lifetime[TensorId(8)], Lifetime{});
  EXPECT_EQ(s.lifetime[TensorId(9)], Lifetime{});
}

TEST(Schedule, KeepsTensorsOfASubgraphFromItsFirstCallToItsLast) {
  GraphBuilder b;
  const TensorId x = b.input({4});
  const TensorId y = b.op(OpKind::While, {x}, {4}, ControlAttributes{1, 2});
  b.output(b.op(OpKind::While, {y}, {4}, ControlAttributes{1, 2}));
  b.beginSubgraph("condition");
  const TensorId p = b.input({4});
  const TensorId q = b.op(OpKind::Less, {p, p}, {1});
  b.output(q);
  b.beginSubgraph("body");
  const TensorId r = b.input({4});
  b.output(b.op(OpKind::Relu, {r}, {4}));
  const Graph graph = b.build();
  const Schedule s = makeSchedule(graph);
  // First WHILE is step 1: condition 2, 3; body 4, 5. The second is step 6: condition 7, 8; body
  // 9, 10.
  EXPECT_EQ(s.running[OpId(0)], (Lifetime{1, 5}));
  EXPECT_EQ(s.running[OpId(1)], (Lifetime{6, 10}));
  EXPECT_EQ(s.running[OpId(2)], (Lifetime{3, 8}));
  EXPECT_EQ(s.lifetime[p], (Lifetime{2, 8}));
  EXPECT_EQ(s.lifetime[q], (Lifetime{3, 8}));
  EXPECT_EQ(s.lifetime[r], (Lifetime{4, 10}));
  EXPECT_EQ(s.stepCount, 10);
}

TEST(Schedule, EndsWhereCallsDoubleAtEveryLevelOrGoRound) {
  GraphBuilder doubling;
  doubling.output(doubling.op(OpKind::While, {doubling.input({1})}, {1}, ControlAttributes{1, 1}));
  for (int i = 1; i < 100; ++i) {
    doubling.beginSubgraph("level");
    const TensorId in = doubling.input({1});
    doubling.output(doubling.op(OpKind::While, {in}, {1}, ControlAttributes{i + 1, i + 1}));
  }
  doubling.beginSubgraph("end");
  doubling.output(doubling.input({1}));
  const Graph deep = doubling.build();
  EXPECT_GT(makeSchedule(deep).stepCount, 1 << 28);

  GraphBuilder round;
  round.output(round.op(OpKind::If, {round.input({1})}, {1}, ControlAttributes{0, 0}));
  const Graph circle = round.build();
  EXPECT_EQ(makeSchedule(circle).stepCount, 1);
}

}  // namespace
}  // namespace mcuprof
