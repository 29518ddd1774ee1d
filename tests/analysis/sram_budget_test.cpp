#include "analyzer/analysis/sram_budget.hpp"

#include <gtest/gtest.h>

#include "tests/analysis/memory_case.hpp"

namespace mcuprof {
namespace {

using test::GraphBuilder;
using test::MemoryCase;

/// Three regions as on an STM32F767, in hundreds of bytes.
MemoryCase threeRegions(std::int64_t staticBytes, std::int64_t stack) {
  MemoryCase c{GraphBuilder().build()};
  c.memory("dtcm", MemoryKind::Tcm, 12800).memory("sram1", MemoryKind::Sram, 36800, true);
  c.memory("sram2", MemoryKind::Sram, 1600, true).flash(100'000);
  c.runtime.staticBytes.value = staticBytes;
  c.runtime.stackBytes.value = stack;
  return c;
}

SramBudget budgetFor(const MemoryCase& c, std::int64_t arena) {
  return deriveSramBudget(c.board, c.runtime, c.options, {Bytes(arena), 0_B, {}, 0_B});
}

TEST(SramBudget, PutsWhatIsNotArenaIntoTheSmallestRegionThatIsEnough) {
  const SramBudget budget = budgetFor(threeRegions(1000, 500), 30000);
  ASSERT_EQ(budget.regions.size(), 3U);
  EXPECT_EQ(budget.regions[0].usable, 12800_B);
  EXPECT_EQ(budget.regions[1].usable, 36800_B);
  EXPECT_EQ(budget.regions[2].staticBytes, 1000_B);
  EXPECT_EQ(budget.regions[2].stack, 500_B);
  EXPECT_EQ(budget.regions[2].usable, 100_B);
  EXPECT_EQ(budget.total, 51200_B);
  EXPECT_EQ(budget.usable, 49700_B);
  EXPECT_EQ(budget.largestRegion, 36800_B);
}

TEST(SramBudget, LeavesTheFastRegionToAnArenaThatFitsIt) {
  // 1,700 bytes of static data are too many for sram2; the arena wants dtcm, so sram1 takes them.
  const SramBudget budget = budgetFor(threeRegions(1700, 0), 12000);
  EXPECT_EQ(budget.regions[1].staticBytes, 1700_B);
  EXPECT_EQ(bestRegionFor(budget, 12000_B), 0U);
  EXPECT_EQ(bestRegionFor(budget, 13000_B), 1U);
  EXPECT_EQ(bestRegionFor(budget, 40000_B), std::nullopt);
}

TEST(SramBudget, SharesTheOnlyRegion) {
  MemoryCase c{GraphBuilder().build()};
  c.ram(1000);
  c.runtime.staticBytes.value = 100;
  c.options.stack = 200_B;
  c.options.reserve = 300_B;
  const SramBudget budget = budgetFor(c, 400);
  EXPECT_EQ(budget.regions[0].usable, 400_B);
  EXPECT_EQ(budget.missing, 0_B);
}

TEST(SramBudget, SaysWhatFitsNowhere) {
  MemoryCase c{GraphBuilder().build()};
  c.ram(1000);
  c.runtime.staticBytes.value = 900;
  c.runtime.stackBytes.value = 300;
  const SramBudget budget = budgetFor(c, 1);
  EXPECT_EQ(budget.missing, 200_B);
  EXPECT_EQ(budget.usable, 0_B);
}

TEST(SramBudget, CutsFromTheLastRegionOrGrowsTheLargest) {
  MemoryCase c = threeRegions(0, 0);
  c.options.sram = 30000_B;
  const SramBudget cut = budgetFor(c, 1);
  ASSERT_EQ(cut.regions.size(), 2U);
  EXPECT_EQ(cut.regions[0].size, 12800_B);
  EXPECT_EQ(cut.regions[1].size, 17200_B);
  c.options.sram = 60000_B;
  const SramBudget grown = budgetFor(c, 1);
  EXPECT_EQ(grown.regions[1].size, 45600_B);
  EXPECT_EQ(grown.total, 60000_B);
  c.options.sram = 0_B;
  EXPECT_TRUE(budgetFor(c, 1).regions.empty());
}

TEST(SramBudget, JoinsRegionsWhoseAddressesTouch) {
  MemoryCase c = threeRegions(1000, 0);
  c.memory("far", MemoryKind::Sram, 700);
  c.options.joinAdjacent = true;
  const SramBudget budget = budgetFor(c, 40000);
  ASSERT_EQ(budget.regions.size(), 2U);
  EXPECT_EQ(budget.regions[0].size, 51200_B);
  EXPECT_EQ(budget.regions[0].joined.size(), 2U);
  EXPECT_EQ(budget.regions[0].kind, MemoryKind::Sram);
  EXPECT_EQ(budget.regions[0].usable, 50200_B);
}

TEST(FindRegion, TakesANameOrAKind) {
  const MemoryCase c = threeRegions(0, 0);
  EXPECT_EQ(findRegion(c.board, "sram2")->value, 2);
  EXPECT_EQ(findRegion(c.board, "tcm")->value, 0);
  EXPECT_EQ(findRegion(c.board, "sram")->value, 1);  // the largest
  EXPECT_EQ(findRegion(c.board, "sd").error().text(),
            "bench has no memory \"sd\"; it has dtcm, sram1, sram2, flash");
}

}  // namespace
}  // namespace mcuprof
