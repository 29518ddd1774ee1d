#include "analyzer/whatif/cliffs.hpp"

#include <gtest/gtest.h>

namespace mcuprof {
namespace {

SweepPoint point(double cycles, std::int64_t macs = 1000) {
  SweepPoint out;
  out.figures.cycles = cycles;
  out.figures.macs = Macs(macs);
  out.figures.milliseconds = Estimate::exact(cycles / 1000);
  return out;
}

TEST(FindCliffs, NamesWeightsThatMoveToTheCard) {
  std::vector<SweepPoint> points = {point(1000), point(40'000)};
  points[1].figures.weights = Residence::Storage;
  const auto cliffs = findCliffs(points);
  ASSERT_EQ(cliffs.size(), 1U);
  EXPECT_EQ(cliffs[0].point, 1U);
  EXPECT_EQ(cliffs[0].what, (std::vector<std::string>{"weights flash -> card", "latency x40"}));
}

TEST(FindCliffs, NamesAJumpThatNeighbouringStepsDoNotExplain) {
  const std::vector<SweepPoint> points = {point(1000), point(1010), point(3000), point(3010)};
  const auto cliffs = findCliffs(points);
  ASSERT_EQ(cliffs.size(), 1U);
  EXPECT_EQ(cliffs[0].point, 2U);
  EXPECT_EQ(cliffs[0].what, (std::vector<std::string>{"latency x2.97"}));
}

TEST(FindCliffs, TakesASteadyVariableForNoCliff) {
  // Each step halves the cycles, as doubling the clock of the card does.
  EXPECT_TRUE(findCliffs(std::vector{point(8000), point(4000), point(2000), point(1000)}).empty());
  // Twice the MACs, twice the cycles.
  EXPECT_TRUE(findCliffs(std::vector{point(100, 100), point(200, 200), point(210, 210)}).empty());
  // Two points have no neighbouring step to compare with.
  EXPECT_TRUE(findCliffs(std::vector{point(1000), point(3000)}).empty());
}

TEST(FindCliffs, NamesChangesOfVerdictAndSpillingAndPassesOverRefusedPoints) {
  std::vector<SweepPoint> points = {point(1000), point(0), point(1001)};
  points[1].refused = "no";
  points[2].figures.verdict = Verdict::Blocks;
  points[2].figures.spillWritten = Bytes(10);
  const auto cliffs = findCliffs(points);
  ASSERT_EQ(cliffs.size(), 1U);
  EXPECT_EQ(cliffs[0].point, 2U);
  EXPECT_EQ(cliffs[0].what, (std::vector<std::string>{"fits -> blocks", "spills begin"}));
}

}  // namespace
}  // namespace mcuprof
