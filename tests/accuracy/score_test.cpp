#include "analyzer/accuracy/score.hpp"

#include <gtest/gtest.h>

namespace mcuprof {
namespace {

ScoredRow row(std::string board, std::string model, double measured, double scaled) {
  ScoredRow r;
  r.board = std::move(board);
  r.family = "m4";
  r.runtime = "tflm";
  r.model = std::move(model);
  r.measured = measured;
  r.scaled = scaled;
  r.below = r.above = 0.10;
  return r;
}

TEST(FitFactor, GivesEachBoardOneVote) {
  // Board a: factor 4 from two rows; board b: factor 1 from one row. The geometric mean of 4 and 1
  // is 2.
  const std::vector<ScoredRow> rows = {row("a", "x", 40, 10), row("a", "y", 400, 100),
                                       row("b", "x", 10, 10)};
  EXPECT_DOUBLE_EQ(*fitFactor(rows, "m4", ""), 2.0);
  EXPECT_DOUBLE_EQ(*fitFactor(rows, "m4", "b"), 4.0);
  EXPECT_FALSE(fitFactor(rows, "m7", ""));
}

TEST(FitFactor, LeavesOutWhatMayNotFitAndTheFixedPart) {
  std::vector<ScoredRow> rows = {row("a", "x", 25, 10), row("b", "x", 1000, 10)};
  rows[0].fixed = 5;  // (25 - 5) / 10
  rows[1].fitsFactor = false;
  EXPECT_DOUBLE_EQ(*fitFactor(rows, "m4", ""), 2.0);
}

TEST(ScoreRows, NeverJudgesABoardWithAFactorThatSawIt) {
  const std::vector<ScoredRow> rows = {row("a", "x", 20, 10), row("b", "x", 10, 10)};
  const Score score = scoreRows(rows, ScoreMode::Uncalibrated);
  // a is predicted with b's factor 1 and comes out at half; b with a's factor 2 at twice.
  EXPECT_DOUBLE_EQ(score.rows[0].error, -0.5);
  EXPECT_DOUBLE_EQ(score.rows[1].error, 1.0);
  EXPECT_DOUBLE_EQ(score.meanAbsolute, 0.75);
  EXPECT_DOUBLE_EQ(score.worstAbsolute, 1.0);
  EXPECT_DOUBLE_EQ(score.bias, 0.25);
  EXPECT_DOUBLE_EQ(score.coverage, 0.0);
}

TEST(ScoreRows, LeavesTheModelOutOfTheScalarOfItsBoard) {
  // Whatever the shipped factor, a board that is uniformly twice as slow is right after one scalar.
  const std::vector<ScoredRow> rows = {row("a", "x", 20, 10), row("a", "y", 200, 100),
                                       row("b", "x", 10, 10)};
  const Score score = scoreRows(rows, ScoreMode::OneScalarPerBoard);
  ASSERT_EQ(score.rows.size(), 2U);
  EXPECT_EQ(score.left, 1U);  // board b has one model only
  EXPECT_NEAR(score.worstAbsolute, 0, 1e-12);
  EXPECT_DOUBLE_EQ(score.coverage, 1.0);
}

TEST(ScoreRows, UsesTheShippedFactorWhereNoOtherBoardIsKnown) {
  std::vector<ScoredRow> rows = {row("a", "x", 12, 10)};
  rows[0].shippedFactor = 1.1;
  const Score score = scoreRows(rows, ScoreMode::Uncalibrated);
  EXPECT_NEAR(score.rows[0].predicted, 11, 1e-12);
  EXPECT_TRUE(score.rows[0].inside);  // 11 +- 10 %
  EXPECT_EQ(scoreRows(rows, ScoreMode::OtherBoardsScalar).left, 1U);
}

}  // namespace
}  // namespace mcuprof
