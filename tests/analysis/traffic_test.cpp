#include "analyzer/analysis/traffic.hpp"

#include <gtest/gtest.h>

#include "tests/analysis/memory_case.hpp"

namespace mcuprof {
namespace {

using test::GraphBuilder;
using test::MemoryCase;
using test::randomGraph;

TEST(CountTraffic, CountsEachOperandOnceWhereItLies) {
  GraphBuilder b;
  const TensorId x = b.input({100});
  const TensorId w = b.constant({30});
  const TensorId bias = b.constant({5}, ElementType::Int32);
  const TensorId y = b.op(OpKind::Conv2d, {x, w, bias}, {40});
  b.output(b.op(OpKind::Add, {y, y}, {40}));
  MemoryCase c(b.build());
  c.scratch(OpId(0), 16).ram(1000).flash(1000).run();
  EXPECT_EQ(c.row(0, "sram", Purpose::Input).read, 100_B);
  EXPECT_EQ(c.row(0, "flash", Purpose::Weights).read, 30_B);
  EXPECT_EQ(c.row(0, "flash", Purpose::Bias).read, 20_B);
  EXPECT_EQ(c.row(0, "sram", Purpose::Output).written, 40_B);
  EXPECT_EQ(c.row(0, "sram", Purpose::Scratch).read, 16_B);
  EXPECT_EQ(c.row(0, "sram", Purpose::Scratch).written, 16_B);
  EXPECT_EQ(c.traffic.rowsOfOp(OpId(0)).size(), 5U);
  EXPECT_EQ(c.row(1, "sram", Purpose::Input).read, 40_B);  // y + y reads y once
  EXPECT_EQ(sumOf(c.traffic.rows).read, 206_B);
  EXPECT_EQ(sumOf(c.traffic.rows).written, 96_B);
}

TEST(CountTraffic, CountsStateAsReadAndWritten) {
  GraphBuilder b;
  const TensorId x = b.input({10});
  b.output(b.op(OpKind::Svdf, {x, b.variable({64})}, {4}));
  MemoryCase c(b.build());
  c.tail = 64_B;
  c.ram(1000).flash(10).run();
  EXPECT_EQ(c.row(0, "sram", Purpose::Input).read, 74_B);
  EXPECT_EQ(c.row(0, "sram", Purpose::Output).written, 68_B);
}

TEST(CountTraffic, CountsBothEndsOfWhatPassesTheCard) {
  GraphBuilder b;
  const TensorId x = b.input({100});
  const TensorId y = b.op(OpKind::Abs, {x}, {300});
  b.output(b.op(OpKind::Abs, {y}, {50}));
  MemoryCase c(b.build());
  c.ram(350).flash(10).card(16).run();
  ASSERT_EQ(c.plan.form, PlacementForm::Spilled);
  // The input leaves RAM for the card, and comes back through the block buffer, from which it is
  // read.
  EXPECT_EQ(c.row(0, "sd", Purpose::SpillWrite).written, 100_B);
  EXPECT_EQ(c.row(0, "sram", Purpose::SpillWrite).read, 100_B);
  EXPECT_EQ(c.row(0, "sd", Purpose::SpillRead).read, 100_B);
  EXPECT_EQ(c.row(0, "sram", Purpose::SpillRead).written, 100_B);
  EXPECT_EQ(c.row(0, "sram", Purpose::Input).read, 100_B);
}

TEST(CountTraffic, CountsWeightsFromTheCardThroughTheirBuffer) {
  GraphBuilder b;
  b.output(b.op(OpKind::FullyConnected, {b.input({10}), b.constant({80})}, {8}));
  MemoryCase c(b.build());
  c.ram(1000).card(32).run();
  EXPECT_EQ(c.row(0, "sd", Purpose::Weights).read, 80_B);
  EXPECT_EQ(c.row(0, "sram", Purpose::Weights).written, 80_B);
  EXPECT_EQ(c.row(0, "sram", Purpose::Weights).read, 80_B);
}

TEST(CountTraffic, SharesRowsOfJoinedRegionsByAddress) {
  GraphBuilder b;
  b.output(b.op(OpKind::Abs, {b.input({100})}, {60}));
  MemoryCase c(b.build());
  c.memory("a", MemoryKind::Sram, 70).memory("b", MemoryKind::Sram, 100, true).flash(10);
  c.options.joinAdjacent = true;
  c.run();
  // The input lies at 0..100, the output behind it: 70 bytes of the input are in a.
  EXPECT_EQ(c.row(0, "a", Purpose::Input).read, 70_B);
  EXPECT_EQ(c.row(0, "b", Purpose::Input).read, 30_B);
  EXPECT_EQ(c.row(0, "b", Purpose::Output).written, 60_B);
}

TEST(CountTraffic, WorstCaseIsThreeReadsAndOneWritePerMac) {
  GraphBuilder b;
  const TensorId x = b.input({10});
  const TensorId y = b.op(OpKind::FullyConnected, {x, b.constant({80})}, {8});
  b.macs(80);
  const TensorId z = b.op(OpKind::FullyConnected, {y, b.constant({8}, ElementType::Int4)}, {1});
  b.macs(7);
  b.output(b.op(OpKind::Custom, {z}, {1}));
  b.unknownMacs();
  MemoryCase c(b.build());
  c.ram(1000).flash(1000).run();
  // 1 byte of activation, 1 of weight, 4 of partial sum read, 4 written.
  EXPECT_EQ(c.traffic.worstCase[OpId(0)]->read, 480_B);
  EXPECT_EQ(c.traffic.worstCase[OpId(0)]->written, 320_B);
  EXPECT_EQ(c.traffic.worstCase[OpId(1)]->read, 39_B);  // 7 * 44 bits are 38.5 bytes
  EXPECT_FALSE(c.traffic.worstCase[OpId(2)].has_value());
}

TEST(CountTraffic, SumsEqualTotalsAndSpillRowsEqualThePlan) {
  int spilled = 0;
  for (unsigned seed = 0; seed < 40; ++seed) {
    MemoryCase c(randomGraph(seed, 20, 50));
    c.tail = 10_B;
    c.memory("a", MemoryKind::Sram, 40 + (seed * 7) % 70).memory("b", MemoryKind::Tcm, 60, true);
    c.card(8);
    if (seed % 3 == 0) c.flash(100'000);
    c.options.joinAdjacent = seed % 2 == 0;
    c.run();
    const TrafficSum total = sumOf(c.traffic.rows);
    TrafficSum byOp;
    for (const OpId op : c.graph.ops.ids()) {
      const TrafficSum sum = sumOf(c.traffic.rowsOfOp(op));
      byOp.read += sum.read;
      byOp.written += sum.written;
    }
    TrafficSum byRegion;
    for (const TrafficSum& sum : sumByRegion(c.traffic.rows, c.board)) {
      byRegion.read += sum.read;
      byRegion.written += sum.written;
    }
    TrafficSum byPurpose;
    for (const TrafficSum& sum : sumByPurpose(c.traffic.rows)) {
      byPurpose.read += sum.read;
      byPurpose.written += sum.written;
    }
    for (const TrafficSum& sum : {byOp, byRegion, byPurpose}) {
      EXPECT_EQ(sum.read, total.read) << "seed " << seed;
      EXPECT_EQ(sum.written, total.written) << "seed " << seed;
    }
    // What the operators touch is their working sets, with state written back.
    Bytes inputs;
    Bytes outputs;
    for (const OpId op : c.graph.ops.ids()) {
      inputs += c.workingSets[op].input;
      outputs += c.workingSets[op].output;
      for (const GraphInput& input : c.graph.ops[op].inputs)
        if (input.role == InputRole::State) outputs += c.graph.tensors[input.tensor].bytes;
    }
    const auto purposes = sumByPurpose(c.traffic.rows);
    EXPECT_EQ(purposes[static_cast<std::size_t>(Purpose::Input)].read, inputs);
    EXPECT_EQ(purposes[static_cast<std::size_t>(Purpose::Output)].written, outputs);

    Bytes written;
    Bytes read;
    for (const Transfer& row : c.traffic.rows) {
      if (row.region != c.region("sd")) continue;
      if (row.purpose == Purpose::SpillWrite) written += row.written;
      if (row.purpose == Purpose::SpillRead) read += row.read;
    }
    EXPECT_EQ(written, c.plan.spillWritten) << "seed " << seed;
    EXPECT_EQ(read, c.plan.spillRead) << "seed " << seed;
    if (c.plan.form == PlacementForm::Spilled) ++spilled;
    for (std::size_t i = 1; i < c.traffic.rows.size(); ++i) {
      const Transfer& a = c.traffic.rows[i - 1];
      const Transfer& b = c.traffic.rows[i];
      EXPECT_LT(std::tie(c.schedule.step[a.op], a.region, a.purpose),
                std::tie(c.schedule.step[b.op], b.region, b.purpose));
    }
  }
  EXPECT_GT(spilled, 10);
}

}  // namespace
}  // namespace mcuprof
