#include "analyzer/fitting/calibration.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <cmath>
#include <random>

namespace mcuprof {
namespace {

using testing::HasSubstr;

constexpr CalibrationPrior kPrior{.boardBand = 0.3, .layerBand = 0.3, .operatorFee = 400};

/// What is true of a board that only the test knows.
struct Truth {
  double scale = 1;
  double branches = 1;
  double flash = 1;
  double fee = 400;
};

double cyclesOf(const CalibrationRow& row, const Truth& truth) {
  return truth.scale * (row.compute + truth.branches * row.branches + truth.flash * row.flash) +
         row.fixed + truth.fee * row.operators;
}

/// A run of a model of which so many cycles are branches, wait for flash, pay fees.
CalibrationRow row(const std::string& model, double compute, double branches, double flash,
                   double operators, const Truth& truth) {
  CalibrationRow out;
  out.model = model;
  out.label = model;
  out.compute = compute;
  out.branches = branches;
  out.flash = flash;
  out.operators = operators;
  out.measured = cyclesOf(out, truth);
  return out;
}

/// Ten models whose terms differ as those of real ones do: convolutions compute, fully connected
/// ones wait for flash, small ones pay fees.
std::vector<CalibrationRow> tenModels(const Truth& truth) {
  const auto m = [&](int i, double c, double b, double f, double n) {
    return row("model" + std::to_string(i), c, b, f, n, truth);
  };
  return {m(0, 8e6, 6e5, 2e5, 30),   m(1, 5e6, 9e5, 1e5, 20), m(2, 2e5, 3e4, 3e5, 10),
          m(3, 1e6, 5e5, 1e5, 60),   m(4, 4e4, 6e3, 5e3, 40), m(5, 9e6, 4e5, 4e6, 66),
          m(6, 3e5, 1.2e5, 2e4, 30), m(7, 2e4, 4e3, 1e3, 30), m(8, 6e5, 2e4, 9e5, 12),
          m(9, 3e6, 1e6, 5e5, 25)};
}

void addNoise(std::vector<CalibrationRow>& rows, std::mt19937& random, double deviation) {
  std::normal_distribution<double> noise(0, deviation);
  for (CalibrationRow& r : rows) r.measured *= std::exp(noise(random));
}

const FittedParameter& parameter(const CalibrationFit& fit, CalibrationParameter which) {
  return fit.parameters[static_cast<std::size_t>(which)];
}

/// How many of the parameters that were fitted have the truth in their interval, and how many were.
std::pair<int, int> coverage(const CalibrationFit& fit, const Truth& truth) {
  const std::array<double, kCalibrationParameters> wanted = {truth.scale, truth.branches,
                                                             truth.flash, truth.fee};
  int inside = 0;
  int fitted = 0;
  for (std::size_t i = 0; i < wanted.size(); ++i) {
    const FittedParameter& p = fit.parameters[i];
    if (!p.fitted) continue;
    ++fitted;
    if (p.low <= wanted[i] && wanted[i] <= p.high) ++inside;
  }
  return {inside, fitted};
}

TEST(Calibration, FindsWhatIsTrueOfABoard) {
  const Truth truth{.scale = 1.2, .branches = 1.5, .flash = 1.6, .fee = 900};
  std::mt19937 random(1);
  int inside = 0;
  int fitted = 0;
  for (int board = 0; board < 40; ++board) {
    auto rows = tenModels(truth);
    addNoise(rows, random, 0.02);
    const auto fit = fitCalibration(rows, kPrior);
    ASSERT_TRUE(fit) << fit.error().text();
    EXPECT_TRUE(fit->kept) << fit->reason;
    EXPECT_LT(fit->errorAfter, 0.5 * fit->errorBefore);
    EXPECT_NEAR(fit->calibration.scale, truth.scale, 0.12);
    EXPECT_NEAR(fit->calibration.flash, truth.flash, 0.35);
    const auto [in, of] = coverage(*fit, truth);
    inside += in;
    fitted += of;
  }
  EXPECT_GE(fitted, 40 * 3);
  EXPECT_GE(inside, fitted * 8 / 10);
}

TEST(Calibration, FindsItDespiteARunThatWentWrong) {
  const Truth truth{.scale = 1.2, .branches = 1, .flash = 1.6, .fee = 400};
  std::mt19937 random(2);
  int inside = 0;
  int fitted = 0;
  for (std::size_t wrong = 0; wrong < 10; ++wrong) {
    for (const double factor : {0.3, 3.0}) {
      auto rows = tenModels(truth);
      addNoise(rows, random, 0.02);
      rows[wrong].measured *= factor;
      const auto fit = fitCalibration(rows, kPrior);
      ASSERT_TRUE(fit) << fit.error().text();
      EXPECT_TRUE(fit->kept) << fit->reason;
      EXPECT_NEAR(fit->calibration.scale, truth.scale, 0.1) << wrong << " times " << factor;
      EXPECT_LT(fit->weights[wrong], 0.4) << "it was not taken for an outlier";
      const auto [in, of] = coverage(*fit, truth);
      inside += in;
      fitted += of;
    }
  }
  EXPECT_GE(inside, fitted * 8 / 10);
}

TEST(Calibration, LeavesAloneWhatIsRightAlready) {
  auto rows = tenModels({});
  const auto fit = fitCalibration(rows, kPrior);
  ASSERT_TRUE(fit);
  EXPECT_FALSE(fit->kept) << "nothing can be better than right";
  EXPECT_THAT(fit->reason, HasSubstr("come out no better"));
  EXPECT_NEAR(fit->calibration.scale, 1, 0.01);
}

TEST(Calibration, OfOneFamilyImprovesAnother) {
  const Truth truth{.scale = 1.25};
  const auto all = tenModels(truth);
  const std::vector<CalibrationRow> convolutions = {all[0], all[1], all[3], all[9]};
  const auto fit = fitCalibration(convolutions, kPrior);
  ASSERT_TRUE(fit);
  ASSERT_TRUE(fit->kept);
  for (const std::size_t dense : {2U, 5U, 8U}) {
    const CalibrationRow& other = all[dense];
    const Calibration& c = fit->calibration;
    const double after =
        cyclesOf(other, {c.scale, c.branches, c.flash, c.operatorFee.value_or(400)});
    const double before = cyclesOf(other, {});
    EXPECT_LT(std::abs(after / other.measured - 1), std::abs(before / other.measured - 1));
  }
}

TEST(Calibration, ThatWouldHurtOtherModelsIsNotKept) {
  // One family is slower than predicted, the other faster, for a reason that no parameter knows.
  std::vector<CalibrationRow> rows;
  for (int i = 0; i < 5; ++i) {
    const double size = 1e6 * (i + 1);
    rows.push_back(row("slow" + std::to_string(i), size, 0.1 * size, 0, 0, {.scale = 1.12}));
    rows.push_back(row("fast" + std::to_string(i), size, 0.1 * size, 0, 0, {.scale = 0.88}));
  }
  const auto fit = fitCalibration(rows, kPrior);
  ASSERT_TRUE(fit) << fit.error().text();
  EXPECT_FALSE(fit->kept);
  EXPECT_GT(fit->calibration.boardBand, 0.2) << "hardly anything was earned";
}

TEST(Calibration, RefusesWhatIsUnderDetermined) {
  const auto all = tenModels({.scale = 1.2});
  EXPECT_THAT(fitCalibration({}, kPrior).error().text(),
              HasSubstr("under-determined: runs of at least 2 models are needed"));
  EXPECT_THAT(fitCalibration(std::vector{all[0], all[0]}, kPrior).error().text(),
              HasSubstr("there are 2 rows of model0"));
  const auto fit = fitCalibration(std::vector{all[0], all[1]}, kPrior);
  ASSERT_TRUE(fit) << fit.error().text();
  EXPECT_TRUE(parameter(*fit, CalibrationParameter::Scale).fitted);
  EXPECT_FALSE(parameter(*fit, CalibrationParameter::Flash).fitted);
  EXPECT_EQ(parameter(*fit, CalibrationParameter::Flash).why,
            "the term is at most 2.3 % of a row's cycles");
  EXPECT_EQ(fit->calibration.flash, 1);
  EXPECT_FALSE(fit->calibration.operatorFee);
}

TEST(Calibration, SaysWhenATermCannotBeToldFromTheScale) {
  // Every model waits for flash a third of its time.
  std::vector<CalibrationRow> rows;
  for (int i = 1; i <= 4; ++i)
    rows.push_back(
        row("m" + std::to_string(i), 2e6 * i, 0, 1e6 * i, 0, {.scale = 1.2, .flash = 1.5}));
  const auto fit = fitCalibration(rows, {.boardBand = 0.3, .layerBand = 0.3, .operatorFee = 0});
  ASSERT_TRUE(fit);
  EXPECT_EQ(parameter(*fit, CalibrationParameter::Flash).why,
            "the rows cannot tell it from the scale: its share is 33 to 33 % in all");
  EXPECT_TRUE(fit->kept);
}

TEST(Calibration, EarnsAnIntervalThatHoldsOtherModels) {
  const Truth truth{.scale = 1.2};
  std::mt19937 random(3);
  int inside = 0;
  constexpr int kBoards = 100;
  for (int board = 0; board < kBoards; ++board) {
    auto rows = tenModels(truth);
    addNoise(rows, random, 0.05);
    const CalibrationRow unseen = rows.back();
    rows.pop_back();
    const auto fit = fitCalibration(rows, kPrior);
    ASSERT_TRUE(fit);
    EXPECT_LE(fit->calibration.boardBand, kPrior.boardBand);
    const Calibration& c = fit->calibration;
    const double predicted =
        cyclesOf(unseen, {c.scale, c.branches, c.flash, c.operatorFee.value_or(400)});
    if (std::abs(unseen.measured / predicted - 1) <= c.boardBand) ++inside;
  }
  EXPECT_GE(inside, kBoards * 85 / 100);
}

TEST(Calibration, TakesTimesOfLayers) {
  const Truth truth{.scale = 1.2, .flash = 1.5};
  std::mt19937 random(4);
  std::vector<CalibrationRow> rows;
  for (int model = 0; model < 4; ++model) {
    for (int layer = 0; layer < 12; ++layer) {
      const double size = 1e4 * (1 + static_cast<double>(random() % 100));
      CalibrationRow r = row("m" + std::to_string(model), size, 0.1 * size,
                             layer % 3 == 0 ? 0.8 * size : 0, 1, truth);
      r.isLayer = true;
      rows.push_back(r);
    }
  }
  addNoise(rows, random, 0.04);
  const auto fit = fitCalibration(rows, kPrior);
  ASSERT_TRUE(fit);
  EXPECT_TRUE(fit->kept);
  EXPECT_NEAR(fit->calibration.flash, 1.5, 0.15);
  EXPECT_LT(fit->calibration.layerBand, 0.15) << "layers scatter by 4 %";
  EXPECT_GT(fit->calibration.layerBand, 0.04);
}

TEST(Calibration, IsTheSameForTheSameRows) {
  auto rows = tenModels({.scale = 1.1, .flash = 1.3});
  const auto first = fitCalibration(rows, kPrior);
  const auto second = fitCalibration(rows, kPrior);
  ASSERT_TRUE(first && second);
  EXPECT_EQ(first->calibration.scale, second->calibration.scale);
  EXPECT_EQ(first->after, second->after);
}

}  // namespace
}  // namespace mcuprof
