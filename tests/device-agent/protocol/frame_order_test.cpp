#include "device-agent/protocol/frame_order.hpp"

#include <gtest/gtest.h>

#include <algorithm>
#include <random>

namespace mcuprof {
namespace {

Frame numbered(std::uint32_t sequence) {
  return Frame{4, sequence, {sequence}};
}

std::vector<std::uint32_t> numbersOf(const std::vector<Frame>& frames) {
  std::vector<std::uint32_t> numbers;
  for (const Frame& frame : frames) numbers.push_back(frame.sequence);
  return numbers;
}

using Numbers = std::vector<std::uint32_t>;

TEST(FrameOrder, HoldsBackWhatComesAfterAGapUntilTheRingRepairsIt) {
  FrameOrder order;
  for (const std::uint32_t i : {0U, 1U, 3U, 5U}) order.add(numbered(i));
  EXPECT_EQ(numbersOf(order.take()), (Numbers{0, 1}));
  EXPECT_EQ(order.missing(), 2U);
  for (const std::uint32_t i : {1U, 2U, 3U, 4U}) order.add(numbered(i));
  EXPECT_EQ(numbersOf(order.take()), (Numbers{2, 3, 4, 5}));
  EXPECT_EQ(order.missing(), 0U);
  EXPECT_EQ(order.duplicates(), 2U);
  EXPECT_EQ(order.lost(), 0U);
}

TEST(FrameOrder, CountsAsLostWhatItGivesUpAndDropsItWhenItComesLate) {
  FrameOrder order;
  for (const std::uint32_t i : {2U, 3U, 6U}) order.add(numbered(i));
  EXPECT_TRUE(order.take().empty());
  EXPECT_EQ(numbersOf(order.giveUp()), (Numbers{2, 3, 6}));
  EXPECT_EQ(order.lost(), 4U);
  EXPECT_EQ(order.next(), 7U);
  order.add(numbered(4));
  EXPECT_TRUE(order.take().empty());
  EXPECT_EQ(order.duplicates(), 1U);
  EXPECT_TRUE(order.giveUp().empty());
  EXPECT_EQ(order.lost(), 4U);
}

/// Two ways that each lose a part: all that either brought comes out once and in order.
TEST(FrameOrder, TwoLossyWaysRepairEachOther) {
  for (std::uint32_t seed = 0; seed < 100; ++seed) {
    std::mt19937 random(seed);
    Numbers sent;
    FrameOrder order;
    Numbers got;
    std::vector<bool> seen(300);
    for (std::uint32_t i = 0; i < 300; ++i) {
      if (random() % 4 != 0) order.add(numbered(i)), seen[i] = true;
      // The ring is read later than the ITM.
      if (i >= 10 && random() % 4 != 0) order.add(numbered(i - 10)), seen[i - 10] = true;
      for (const Frame& frame : order.take()) got.push_back(frame.sequence);
      if (order.missing() > 20) {
        for (const Frame& frame : order.giveUp()) got.push_back(frame.sequence);
      }
    }
    for (const Frame& frame : order.giveUp()) got.push_back(frame.sequence);
    EXPECT_TRUE(std::is_sorted(got.begin(), got.end()));
    EXPECT_EQ(std::adjacent_find(got.begin(), got.end()), got.end());
    EXPECT_EQ(got.size() + order.lost(), got.back() + 1);
    EXPECT_GE(got.size() + 20,
              static_cast<std::size_t>(std::count(seen.begin(), seen.end(), true)));
  }
}

TEST(FrameOrder, GoesOnWhereSequenceNumbersWrap) {
  FrameOrder order;
  order.add(numbered(0x7FFFFFFFU));
  static_cast<void>(order.giveUp());
  order.add(numbered(0xFFFFFFFEU));
  static_cast<void>(order.giveUp());
  order.add(numbered(0));
  order.add(numbered(0xFFFFFFFFU));
  EXPECT_EQ(numbersOf(order.take()), (Numbers{0xFFFFFFFFU, 0}));
}

}  // namespace
}  // namespace mcuprof
