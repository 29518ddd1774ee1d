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

}  // namespace
}  // namespace mcuprof::db
