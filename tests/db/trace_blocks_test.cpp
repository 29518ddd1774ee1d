#include "db/trace_blocks.hpp"

#include <gtest/gtest.h>

namespace mcuprof::db {
namespace {

TEST(BlocksOf, SumsEveryStretchWithTheTriggerOn) {
  EnergyTrace trace{10, {1, 2, 3, 4, 5}, {true, false, true, true, true}};
  const auto blocks = blocksOf(trace);
  ASSERT_EQ(blocks.size(), 2U);
  EXPECT_EQ(blocks[0].first, 0U);
  EXPECT_EQ(blocks[0].last, 1U);
  EXPECT_DOUBLE_EQ(blocks[0].joules, 0.1);
  EXPECT_EQ(blocks[1].first, 2U);
  EXPECT_EQ(blocks[1].last, 5U);
  EXPECT_DOUBLE_EQ(blocks[1].seconds, 0.3);
  EXPECT_DOUBLE_EQ(blocks[1].joules, 1.2);
  EXPECT_DOUBLE_EQ(blocks[1].averageWatts, 4);
  EXPECT_DOUBLE_EQ(blocks[1].peakWatts, 5);
}

TEST(BlocksOf, ATraceWithoutTriggerHasNone) {
  EXPECT_TRUE(blocksOf({10, {1, 2}, {false, false}}).empty());
  EXPECT_TRUE(blocksOf({}).empty());
}

/// 0.1 s of whole inferences, then layers 1 and 3 of 20 and 30 ms, at 1000 samples a second.
RunEnergy threeBlocks() {
  RunEnergy run;
  run.sampleHz = 1000;
  run.inference.emplace().seconds = 0.1;
  for (const auto& [number, seconds] : {std::pair(1, 0.02), std::pair(3, 0.03)}) {
    LayerEnergy& layer = run.layers.emplace_back();
    layer.number = number;
    layer.block.seconds = seconds;
  }
  return run;
}

std::vector<TraceBlock> blocksOfSeconds(const std::vector<double>& seconds) {
  std::vector<TraceBlock> out;
  for (const double length : seconds) out.push_back({0, 0, length, 0, 0, 0});
  return out;
}

TEST(LayersOfBlocks, AreTheRunsInTheirOrder) {
  const RunEnergy run = threeBlocks();
  EXPECT_EQ(layersOfBlocks(blocksOfSeconds({0.101, 0.019, 0.031}), run),
            (std::vector<std::int32_t>{0, 1, 3}));
}

TEST(LayersOfBlocks, AreNotGuessedWhereBlocksAreOff) {
  const RunEnergy run = threeBlocks();
  EXPECT_TRUE(layersOfBlocks(blocksOfSeconds({0.1, 0.02}), run).empty());
  EXPECT_TRUE(layersOfBlocks(blocksOfSeconds({0.1, 0.02, 0.03, 0.02}), run).empty());
  EXPECT_TRUE(layersOfBlocks(blocksOfSeconds({0.1, 0.03, 0.02}), run).empty());
  EXPECT_TRUE(layersOfBlocks({}, run).empty());
}

}  // namespace
}  // namespace mcuprof::db
