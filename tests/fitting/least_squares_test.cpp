#include "analyzer/fitting/least_squares.hpp"

#include <gtest/gtest.h>

#include <cmath>
#include <random>

#include "analyzer/fitting/cross_validation.hpp"

namespace mcuprof {
namespace {

/// Three loops with the given costs over random shapes, and a term that costs nothing.
Observations loops(double first, double second, double third, double noise) {
  std::mt19937 random(3);
  std::uniform_int_distribution<int> turns(1, 40);
  std::normal_distribution<double> wobble(0, 1);
  Observations observations;
  observations.terms = 4;
  for (int i = 0; i < 60; ++i) {
    const double a = turns(random), b = turns(random), c = turns(random);
    const double row[] = {1, a, a * b, a * b * c};
    const double counted = 50 + first * a + second * a * b + third * a * b * c;
    observations.add(row, std::round(counted * (1 + noise * wobble(random))));
  }
  return observations;
}

TEST(FitNonNegative, FindsTheWholeCostsOfATrueLoopNest) {
  const Fit fit = fitNonNegative(loops(3, 11, 2, 0));
  EXPECT_TRUE(fit.exact);
  EXPECT_EQ(fit.coefficients, (std::vector<double>{50, 3, 11, 2}));
}

TEST(FitNonNegative, GivesNoTermANegativeCost) {
  const Fit fit = fitNonNegative(loops(-1, 11, 2, 0.01));
  EXPECT_FALSE(fit.exact);
  for (const double coefficient : fit.coefficients) EXPECT_GE(coefficient, 0);
  EXPECT_NEAR(fit.coefficients[3], 2, 0.05);
}

TEST(FitNonNegative, CopesWithTermsThatDependOnEachOther) {
  Observations observations;
  observations.terms = 3;
  for (int i = 1; i < 20; ++i) {
    const double row[] = {1.0 * i, 2.0 * i, 0.0};
    observations.add(row, 6.0 * i);
  }
  const Fit fit = fitNonNegative(observations);
  const double probe[] = {100, 200, 0};
  EXPECT_NEAR(fit.predict(probe), 600, 1e-6);
}

TEST(FitNonNegative, ExplainsNothingWithNothing) {
  Observations observations;
  observations.terms = 2;
  for (int i = 1; i < 9; ++i) {
    const double row[] = {1, 1.0 * i};
    observations.add(row, 0);
  }
  const Fit fit = fitNonNegative(observations);
  EXPECT_EQ(fit.coefficients, (std::vector<double>{0, 0}));
}

TEST(FitSigned, FindsTheBranchOfALoopThatIsNotTakenTheLastTime) {
  Observations observations;
  observations.terms = 3;
  for (int i = 0; i < 20; ++i) {
    const double row[] = {1, 1.0 * i, i > 0 ? 1.0 : 0.0};
    observations.add(row, 4 + (i > 0 ? i - 1 : 0));
  }
  EXPECT_FALSE(fitNonNegative(observations).exact);
  const Fit fit = fitSigned(observations);
  EXPECT_TRUE(fit.exact);
  EXPECT_EQ(fit.coefficients, (std::vector<double>{4, 1, -1}));
}

TEST(CrossValidate, SeesNoErrorInATrueLoopNestAndTheNoiseOfANoisyOne) {
  EXPECT_EQ(errorsOf(crossValidate(loops(3, 11, 2, 0), 5, 1)), (std::array<double, 3>{0, 0, 0}));
  const auto noisy = errorsOf(crossValidate(loops(3, 11, 2, 0.05), 5, 1));
  EXPECT_GT(noisy[0], 2);
  EXPECT_LT(noisy[0], 8);
}

TEST(CrossValidate, IsTheSameEachTime) {
  const Observations observations = loops(3, 11, 2, 0.05);
  EXPECT_EQ(crossValidate(observations, 5, 1), crossValidate(observations, 5, 1));
}

TEST(SpreadOf, HoldsNineOfTenAndMoreWhenThereAreFew) {
  std::vector<double> ratios;
  for (int i = -50; i <= 50; ++i) ratios.push_back(1 + i * 0.001);
  const Spread many = spreadOf(ratios);
  EXPECT_NEAR(many.low, 0.954, 0.001);
  EXPECT_NEAR(many.high, 1.046, 0.001);
  // 9 ratios: the worst is exceeded once in ten times, so it counts double.
  const Spread few = spreadOf(std::vector<double>{0.98, 1, 1, 1, 1, 1, 1, 1, 1.01});
  EXPECT_NEAR(few.low, 0.96, 2e-4);
  EXPECT_NEAR(few.high, 1.02, 2e-4);
}

}  // namespace
}  // namespace mcuprof
