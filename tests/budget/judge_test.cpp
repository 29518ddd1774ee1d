// Limits held against numbers: pass, fail or too close to say.
#include "analyzer/budget/judge.hpp"

#include <gtest/gtest.h>

#include <limits>

#include "analyzer/budget/budget_file.hpp"
#include "tests/budget/sample_figures.hpp"

namespace mcuprof {
namespace {

using test::sampleFigures;

Budget budgetOf(const std::string& text) {
  auto budget = readBudget(text, "mcuprof.toml");
  EXPECT_TRUE(budget) << budget.error().text();
  return *std::move(budget);
}

CheckReport check(const std::string& text, const std::vector<ModelFigures>& figures,
                  const std::vector<ModelFigures>& baseline = {},
                  const std::string& date = "2026-06-01") {
  std::vector<JudgedModel> models;
  for (const ModelFigures& f : figures) models.push_back({f, "models/" + f.model});
  return judge(budgetOf(text), models, baseline, date);
}

TEST(JudgeBound, PassesOnlyWhenTheWholeIntervalIsInside) {
  const Estimate e{100, 80, 120, Basis::Fitted};
  EXPECT_EQ(judgeBound(e, 120, false, Against::Interval), Outcome::Pass);
  EXPECT_EQ(judgeBound(e, 119, false, Against::Interval), Outcome::Inconclusive);
  EXPECT_EQ(judgeBound(e, 80, false, Against::Interval), Outcome::Inconclusive);
  EXPECT_EQ(judgeBound(e, 79, false, Against::Interval), Outcome::Fail);
  EXPECT_EQ(judgeBound(e, 110, false, Against::Upper), Outcome::Fail);
  EXPECT_EQ(judgeBound(e, 110, false, Against::Estimate), Outcome::Pass);
  EXPECT_EQ(judgeBound(e, 90, false, Against::Estimate), Outcome::Fail);
  EXPECT_EQ(judgeBound(e, 90, false, Against::Lower), Outcome::Pass);
}

TEST(JudgeBound, TurnsRoundWhereMoreIsBetter) {
  const Estimate e{100, 80, 120, Basis::Fitted};
  EXPECT_EQ(judgeBound(e, 80, true, Against::Interval), Outcome::Pass);
  EXPECT_EQ(judgeBound(e, 100, true, Against::Interval), Outcome::Inconclusive);
  EXPECT_EQ(judgeBound(e, 121, true, Against::Interval), Outcome::Fail);
}

TEST(JudgeBound, ALowerBoundNeverPasses) {
  const double unbounded = std::numeric_limits<double>::infinity();
  const Estimate e{100, 80, unbounded, Basis::Fitted};
  EXPECT_EQ(judgeBound(e, 1e9, false, Against::Interval), Outcome::Inconclusive);
  EXPECT_EQ(judgeBound(e, 1e9, false, Against::Upper), Outcome::Inconclusive);
  EXPECT_EQ(judgeBound(e, 1e9, false, Against::Estimate), Outcome::Inconclusive);
  EXPECT_EQ(judgeBound(e, 79, false, Against::Interval), Outcome::Fail);
}

TEST(Judge, NamesValueIntervalLimitLayerLineAndTheCommandThatSettlesIt) {
  const CheckReport report =
      check("[limits]\nlatency = \"110ms\"\narena = \"999B\"\n", {sampleFigures("a model.tflite")});
  ASSERT_EQ(report.findings.size(), 2U);
  const Finding& failed = report.findings[0];
  EXPECT_EQ(failed.outcome, Outcome::Fail);
  EXPECT_EQ(failed.message, "arena 1,000 B (counted) exceeds 999 B; most in layer 1 CONV_2D");
  EXPECT_EQ(failed.place.line, 3);
  EXPECT_EQ(failed.place.column, 9);
  const Finding& open = report.findings[1];
  EXPECT_EQ(open.outcome, Outcome::Inconclusive);
  EXPECT_EQ(open.message,
            "latency 100 ms (80 ms .. 120 ms, fitted) may exceed 110 ms; most in layer 1 CONV_2D");
  EXPECT_EQ(open.settle,
            "mcuprof run --board nucleo-f767zi --runtime tflm-cmsis-nn 'models/a model.tflite'");
  EXPECT_EQ(gateStatus(report), 1);
}

TEST(Judge, ExitStatusFollowsFailOn) {
  const std::string open = "[limits]\nlatency = \"110ms\"\n";
  const std::string warned = "[limits]\narena = { max = 1, severity = \"warning\" }\n";
  EXPECT_EQ(gateStatus(check(open, {sampleFigures()})), 0);
  EXPECT_EQ(gateStatus(check("fail_on = \"inconclusive\"\n" + open, {sampleFigures()})), 6);
  EXPECT_EQ(gateStatus(check("fail_on = \"warning\"\n" + open, {sampleFigures()})), 6);
  EXPECT_EQ(gateStatus(check("fail_on = \"inconclusive\"\n" + warned, {sampleFigures()})), 0);
  EXPECT_EQ(gateStatus(check("fail_on = \"warning\"\n" + warned, {sampleFigures()})), 1);
}

TEST(Judge, AMeasurementSettlesWhatAnEstimateCannot) {
  ModelFigures f = sampleFigures();
  settle(f, {Estimate{1050, 1040, 1060, Basis::Measured}, 10'000, "run 1", {}});
  const CheckReport report = check("[limits]\nlatency = \"110ms\"\n", {f});
  EXPECT_EQ(report.findings[0].outcome, Outcome::Pass);
  EXPECT_EQ(report.findings[0].value->basis, Basis::Measured);
  EXPECT_EQ(report.findings[0].value->value, 105);
}

TEST(Judge, TheLastLimitForAThingCounts) {
  const CheckReport report = check(
      "[limits]\narena = 1\n[[budget]]\nboards = [\"nucleo-f4*\"]\n[budget.limits]\narena = "
      "2000\n",
      {sampleFigures("a", "nucleo-f429zi"), sampleFigures("a", "nucleo-f767zi")});
  ASSERT_EQ(report.findings.size(), 2U);
  EXPECT_EQ(report.findings[0].board, "nucleo-f767zi");
  EXPECT_EQ(report.findings[0].outcome, Outcome::Fail);
  EXPECT_EQ(report.findings[1].outcome, Outcome::Pass);
}

TEST(Judge, LimitsKindsLayersAndMemories) {
  const CheckReport report = check(
      "[limits]\nmoved = { sram = 999, flash = 700, tcm = 0 }\n[limits.kind.CONV_2D]\nlatency = "
      "\"50ms\"\n[limits.layer.logits]\nworking_set = 500\n[limits.layer.1]\nmoved = 1099\n",
      {sampleFigures()});
  ASSERT_EQ(report.findings.size(), 6U);
  EXPECT_EQ(report.findings[0].message,
            "bytes moved in sram 1,000 B (counted) exceeds 999 B; most in layer 1 CONV_2D");
  EXPECT_EQ(report.findings[1].message,
            "latency of CONV_2D 70 ms (56 ms .. 84 ms, fitted) exceeds 50 ms");
  EXPECT_EQ(report.findings[2].message,
            "bytes moved of layer 1 CONV_2D 1,100 B (counted) exceeds 1,099 B");
  EXPECT_EQ(report.count(Outcome::Pass), 3U);
}

TEST(Judge, WhatIsNotThereNeverPasses) {
  const CheckReport layer = check("[limits.layer.gone]\nlatency = \"1s\"\n", {sampleFigures()});
  EXPECT_EQ(layer.findings[0].outcome, Outcome::Error);
  EXPECT_EQ(layer.findings[0].message,
            "latency of layer \"gone\" is unknown: kws.tflite has no layer \"gone\"");
  EXPECT_EQ(gateStatus(layer), 2);
  const CheckReport memory = check("[limits]\nmoved = { falsh = 1 }\n", {sampleFigures()});
  EXPECT_EQ(gateStatus(memory), 2);
  const CheckReport base =
      check("[limits]\nlatency = { regression = \"+5 %\" }\n", {sampleFigures()});
  EXPECT_EQ(gateStatus(base), 2);
  const CheckReport energy = check("[limits]\nenergy = \"1J\"\n", {sampleFigures()});
  EXPECT_EQ(energy.findings[0].outcome, Outcome::Inconclusive);
  EXPECT_EQ(energy.findings[0].message,
            "energy is unknown: no source gives a run current of nucleo-f767zi");
}

TEST(Judge, RegressionKnowsThatBothSidesAreWrongInCommon) {
  const std::string limit = "[limits]\nlatency = { regression = \"+5 %\" }\n";
  const ModelFigures base = sampleFigures();
  EXPECT_EQ(check(limit, {base}, {base}).findings[0].outcome, Outcome::Pass);
  ModelFigures slower = base;
  slower.layers[1].milliseconds = Estimate{40, 32, 48, Basis::Fitted};
  slower.milliseconds = {110, 88, 132, Basis::Fitted};
  const CheckReport report = check(limit, {slower}, {base});
  EXPECT_EQ(report.findings[0].outcome, Outcome::Fail);
  EXPECT_EQ(report.findings[0].message,
            "latency +10 % (+8 % .. +12 %) against the baseline exceeds +5 %; most in layer 1 "
            "CONV_2D");
  EXPECT_EQ(
      check("[limits]\nspilled = { regression = \"+5 %\" }\n", {base}, {base}).findings[0].outcome,
      Outcome::Pass);
}

TEST(Judge, SharedArenasAddWhatLastsAndOverlayTheRest) {
  ModelFigures other = sampleFigures("vad.tflite");
  other.arena = Estimate::exact(600);
  other.arenaTail = 100;
  const std::string rule =
      "[[shared]]\nname = \"voice\"\nmodels = [\"*\"]\narena = 1100\nflash = 5000\nsram = 1600\n";
  const CheckReport together = check(rule, {sampleFigures(), other});
  ASSERT_EQ(together.findings.size(), 3U);
  EXPECT_EQ(together.count(Outcome::Pass), 3U);  // 800 + 200 + 100; 4000 + 1000 of code; + 500
  EXPECT_EQ(together.findings[0].value->value, 1100);
  const CheckReport inTurn =
      check("[[shared]]\nname = \"voice\"\nmodels = [\"*\"]\nuse = \"in turn\"\narena = 999\n",
            {sampleFigures(), other});
  EXPECT_EQ(inTurn.findings[0].value->value, 1000);
  EXPECT_EQ(inTurn.findings[0].outcome, Outcome::Fail);
}

TEST(Judge, AllowHoldsUntilItsLastDayAndIsReportedWhenItDoesNothing) {
  const std::string text =
      "[limits]\narena = 1\n[[allow]]\nlimit = \"arena\"\nreason = \"soon\"\nexpires = "
      "2026-06-01\n";
  const CheckReport held = check(text, {sampleFigures()}, {}, "2026-06-01");
  EXPECT_EQ(held.findings[0].outcome, Outcome::Allowed);
  EXPECT_EQ(held.findings[0].allowed, "soon (until 2026-06-01)");
  EXPECT_EQ(gateStatus(held), 0);
  const CheckReport over = check(text, {sampleFigures()}, {}, "2026-06-02");
  EXPECT_EQ(gateStatus(over), 1);
  EXPECT_EQ(over.findings[1].message, "expired on 2026-06-01: soon");
  const CheckReport idle =
      check("[limits]\narena = 9999\n[[allow]]\nreason = \"soon\"\nexpires = 2026-06-01\n",
            {sampleFigures()});
  EXPECT_EQ(idle.findings[0].message, "accepts nothing that fails: soon");
}

TEST(MergeAlike, TakesTheSameFindingOfSeveralBoardsAsOne) {
  const CheckReport report = check("[limits]\narena = 1\n", {sampleFigures("a", "nucleo-f429zi"),
                                                             sampleFigures("a", "nucleo-f767zi")});
  const auto groups = mergeAlike(report);
  ASSERT_EQ(groups.size(), 1U);
  EXPECT_EQ(groups[0].findings.size(), 2U);
}

}  // namespace
}  // namespace mcuprof
