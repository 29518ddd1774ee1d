#include "analyzer/fitting/power_calibration.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <cmath>
#include <random>

namespace mcuprof {
namespace {

using testing::HasSubstr;

constexpr double kPriorBand = 0.4;

/// Runs of ten models on a board that draws `truth` times what its file says, as a meter with so
/// much scatter sees it. Models differ by a percent or two, as their instructions do.
std::vector<PowerRow> tenModels(double truth, std::mt19937& random, double scatter = 0.02) {
  std::normal_distribution<double> noise(0, scatter);
  std::vector<PowerRow> rows;
  for (int i = 0; i < 10; ++i) {
    const std::string name = "model" + std::to_string(i);
    const double predicted = 0.03 + 0.002 * (i % 3);  // runs at other clocks and supplies
    rows.push_back({name, name, truth * predicted * std::exp(noise(random)), predicted});
  }
  return rows;
}

TEST(PowerCalibration, FindsThePowerThatIsTrueOfABoard) {
  std::mt19937 random(1);
  int inside = 0;
  constexpr int kBoards = 60;
  for (int board = 0; board < kBoards; ++board) {
    const double truth = 0.8 + 0.01 * board;
    const auto fit = fitPower(tenModels(truth, random), kPriorBand);
    ASSERT_TRUE(fit) << fit.error().text();
    EXPECT_NEAR(fit->value, truth, 0.03 * truth);
    if (fit->low <= truth && truth <= fit->high) ++inside;
    if (std::abs(truth - 1) < 0.03) continue;
    EXPECT_TRUE(fit->kept) << fit->reason;
    EXPECT_LT(fit->errorAfter, fit->errorBefore);
    EXPECT_LT(fit->band, 0.1) << "an interval of +-40 % became no narrower";
  }
  EXPECT_GE(inside, kBoards * 8 / 10);
}

TEST(PowerCalibration, FindsItDespiteARunThatWentWrong) {
  std::mt19937 random(2);
  constexpr double kTruth = 1.3;
  int inside = 0;
  int boards = 0;
  for (std::size_t wrong = 0; wrong < 10; ++wrong) {
    for (const double factor : {0.3, 3.0}) {
      auto rows = tenModels(kTruth, random);
      rows[wrong].measured *= factor;
      const auto fit = fitPower(rows, kPriorBand);
      ASSERT_TRUE(fit) << fit.error().text();
      EXPECT_TRUE(fit->kept) << fit->reason;
      EXPECT_NEAR(fit->value, kTruth, 0.04 * kTruth) << wrong << " times " << factor;
      EXPECT_LT(fit->weights[wrong], 0.2) << "it was not taken for an outlier";
      ++boards;
      if (fit->low <= kTruth && kTruth <= fit->high) ++inside;
    }
  }
  EXPECT_GE(inside, boards * 8 / 10);
}

TEST(PowerCalibration, RefusesWhatIsUnderDetermined) {
  std::mt19937 random(3);
  const auto rows = tenModels(1.2, random);
  EXPECT_EQ(fitPower({}, kPriorBand).error().text(), "no run has a measured energy");
  EXPECT_EQ(fitPower(std::vector{rows[0], rows[0]}, kPriorBand).error().text(),
            "under-determined: energies of at least 2 models are needed, so that each can be "
            "predicted from the others; there are 2 of model0");
  EXPECT_TRUE(fitPower(std::vector{rows[0], rows[1]}, kPriorBand));
  // Two runs that contradict each other leave nothing known.
  auto contrary = std::vector{rows[0], rows[1]};
  contrary[0].measured *= 3;
  contrary[1].measured /= 3;
  EXPECT_THAT(fitPower(contrary, kPriorBand).error().text(),
              HasSubstr("under-determined: after 2 energies the power is known to +-"));
}

TEST(PowerCalibration, LeavesAloneWhatIsRightAlready) {
  std::mt19937 random(4);
  const auto fit = fitPower(tenModels(1, random, 0), kPriorBand);
  ASSERT_TRUE(fit);
  EXPECT_FALSE(fit->kept);
  EXPECT_THAT(fit->reason, HasSubstr("come out no better"));
  EXPECT_NEAR(fit->value, 1, 1e-9);
}

TEST(PowerCalibration, ThatWouldHurtOtherModelsIsNotKept) {
  // Half of the models draw more, half less, for a reason that no factor knows.
  std::vector<PowerRow> rows;
  for (int i = 0; i < 10; ++i) {
    const std::string name = "model" + std::to_string(i);
    rows.push_back({name, name, i % 2 == 0 ? 1.15 : 0.85, 1});
  }
  const auto fit = fitPower(rows, kPriorBand);
  ASSERT_TRUE(fit) << fit.error().text();
  EXPECT_FALSE(fit->kept);
  EXPECT_GT(fit->band, 0.2);
}

TEST(PowerCalibration, EarnsAnIntervalThatHoldsOtherModels) {
  std::mt19937 random(5);
  int inside = 0;
  constexpr int kBoards = 100;
  for (int board = 0; board < kBoards; ++board) {
    auto rows = tenModels(1.25, random, 0.05);
    const PowerRow unseen = rows.back();
    rows.pop_back();
    const auto fit = fitPower(rows, kPriorBand);
    ASSERT_TRUE(fit);
    EXPECT_LE(fit->band, kPriorBand);
    const double error = unseen.measured / (fit->value * unseen.predicted) - 1;
    if (std::abs(error) <= fit->band) ++inside;
  }
  EXPECT_GE(inside, kBoards * 85 / 100);
}

}  // namespace
}  // namespace mcuprof
