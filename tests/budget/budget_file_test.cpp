// What a budget file may say, and what it is told when it says something else.
#include "analyzer/budget/budget_file.hpp"

#include <gtest/gtest.h>

namespace mcuprof {
namespace {

std::string errorOf(const std::string& text) {
  const auto budget = readBudget(text, "mcuprof.toml");
  return budget ? "accepted" : budget.error().text();
}

TEST(ParseAmount, ReadsUnitsAsPeopleWriteThem) {
  EXPECT_EQ(*parseAmount("198KiB", Dimension::Size), 198 * 1024);
  EXPECT_EQ(*parseAmount("1.5 MiB", Dimension::Size), 1.5 * 1024 * 1024);
  EXPECT_EQ(*parseAmount("250ms", Dimension::Time), 250);
  EXPECT_EQ(*parseAmount("1.2 s", Dimension::Time), 1200);
  EXPECT_EQ(*parseAmount("12mJ", Dimension::Energy), 12);
  EXPECT_EQ(*parseAmount("0.5J", Dimension::Energy), 500);
  EXPECT_EQ(*parseAmount("80 mW", Dimension::Power), 80);
  EXPECT_EQ(*parseAmount("2 weeks", Dimension::Days), 14);
  EXPECT_DOUBLE_EQ(*parseAmount("90 %", Dimension::Share), 0.9);
  EXPECT_DOUBLE_EQ(*parseGrowth("+5 %"), 0.05);
}

TEST(ParseAmount, RefusesWhatCouldMeanTwoThings) {
  EXPECT_EQ(parseAmount("198KB", Dimension::Size).error().what,
            "\"198KB\": KB may be 1000 or 1024 bytes; write KiB, MiB or bytes");
  EXPECT_EQ(parseAmount("250", Dimension::Time).error().what,
            "\"250\" has no unit; wanted a time as 250ms, 800us or 1.2s");
  EXPECT_EQ(parseAmount("12mA", Dimension::Energy).error().what,
            "\"12mA\" is not understood; wanted an energy as 12mJ, 900uJ or 1.1J");
  EXPECT_EQ(parseAmount("-1ms", Dimension::Time).error().what,
            "\"-1ms\" is no amount; wanted a time as 250ms, 800us or 1.2s");
  EXPECT_FALSE(parseAmount("0.5 B", Dimension::Size));
  EXPECT_FALSE(parseAmount("110 %", Dimension::Share));
  EXPECT_FALSE(parseGrowth("5"));
}

TEST(BudgetFile, ReadsEveryKey) {
  const auto budget = readBudget(R"(
models = ["models/*.tflite"]
boards = "f767zi"
runtimes = ["tflm-cmsis-nn"]
baseline = "main.json"
fail_on = "inconclusive"
[setup]
reserve = "16KiB"
weights = "sd"
[duty]
every = "10s"
battery = "220mAh@3V"
[limits]
arena = "198KiB"
spilled = 0
unsupported = 0
modelled = "90 %"
battery = "30 days"
latency = { max = "250ms", regression = "+5 %", against = "upper", severity = "warning" }
moved = { flash = "2MiB", sram1 = { max = "1MiB" } }
[limits.kind.CONV_2D]
latency = "100ms"
[limits.layer.5]
working_set = "300KiB"
[[budget]]
boards = ["f429zi"]
[budget.limits]
moved = { max = "3MiB" }
[[shared]]
name = "voice"
models = ["kws*", "vad*"]
use = "in turn"
arena = "300KiB"
[[allow]]
models = ["kws*"]
limit = "latency"
reason = "new front end"
expires = 2026-12-31
)",
                                 "mcuprof.toml");
  ASSERT_TRUE(budget) << budget.error().text();
  EXPECT_EQ(budget->failOn, FailOn::Inconclusive);
  EXPECT_EQ(budget->placement.reserve, Bytes(16384));
  EXPECT_EQ(budget->duty->periodSeconds, 10);
  EXPECT_EQ(budget->duty->batteryMilliampHours, 220);
  ASSERT_EQ(budget->rules.size(), 2U);
  const std::vector<Limit>& limits = budget->rules[0].limits;
  ASSERT_EQ(limits.size(), 10U);
  EXPECT_EQ(limits[0].metric, Metric::Arena);
  EXPECT_EQ(limits[0].bound, 198 * 1024);
  EXPECT_EQ(limits[0].place.line, 14);
  EXPECT_EQ(limits[1].metric, Metric::Latency);
  EXPECT_EQ(limits[1].against, Against::Upper);
  EXPECT_TRUE(limits[1].warning);
  EXPECT_DOUBLE_EQ(*limits[1].growth, 0.05);
  EXPECT_EQ(limits[3].memory, "flash");
  EXPECT_EQ(limits[4].memory, "sram1");
  EXPECT_EQ(limits[8].scope.name, "CONV_2D");
  EXPECT_EQ(limits[9].scope.name, "5");
  EXPECT_EQ(budget->shared[0].sharing, Sharing::InTurn);
  EXPECT_EQ(budget->allowances[0].expires, "2026-12-31");
}

TEST(BudgetFile, PointsAtWhatIsWrong) {
  EXPECT_EQ(errorOf("[limits]\narna = \"1KiB\"\n"),
            "mcuprof.toml:2:1: unknown key \"arna\" (did you mean \"arena\"?)");
  EXPECT_EQ(errorOf("[limits]\nlatency = \"250KiB\"\n"),
            "mcuprof.toml:2:11: \"250KiB\" is not understood; wanted a time as 250ms, 800us or "
            "1.2s");
  EXPECT_EQ(errorOf("[limits]\nlatency = 250\n"),
            "mcuprof.toml:2:11: \"250\" has no unit; wanted a time as 250ms, 800us or 1.2s");
  EXPECT_EQ(errorOf("[limits.kind.CONV2D]\nlatency = \"1ms\"\n"),
            "mcuprof.toml:1:1: no operator kind \"CONV2D\" (did you mean \"CONV_2D\"?)");
  EXPECT_EQ(errorOf("[limits.layer.3]\narena = \"1KiB\"\n"),
            "mcuprof.toml:2:9: arena is of whole models; it has no limit per layer");
  EXPECT_EQ(errorOf("[limits]\nlatency = { against = \"upper\" }\n"),
            "mcuprof.toml:2:11: the limit of latency has neither \"max\" nor \"regression\"");
  EXPECT_EQ(errorOf("[limits]\npower = \"1mW\"\n"),
            "mcuprof.toml:1:1: a limit of average power in line 2 needs [duty] with \"every\"");
  EXPECT_EQ(errorOf("boards = [\"f767zi\"]\n"),
            "mcuprof.toml: no limits; wanted a table [limits], [[budget]] or [[shared]]");
}

TEST(BudgetFile, AllowNeedsAReasonAndAnEnd) {
  const std::string limits = "[limits]\nspilled = 0\n[[allow]]\n";
  EXPECT_EQ(errorOf(limits + "expires = 2026-12-31\n"),
            "mcuprof.toml:3:1: key \"reason\" is missing");
  EXPECT_EQ(errorOf(limits + "reason = \"x\"\n"), "mcuprof.toml:3:1: key \"expires\" is missing");
  EXPECT_EQ(errorOf(limits + "reason = \" \"\nexpires = 2026-12-31\n"),
            "mcuprof.toml:4:10: \"reason\" is empty; say why this is accepted");
  EXPECT_EQ(errorOf(limits + "reason = \"x\"\nexpires = \"2026-02-29\"\n"),
            "mcuprof.toml:5:11: \"expires\" is \"2026-02-29\"; wanted a date as 2026-12-31");
}

TEST(MatchesPattern, KnowsStarsQuestionMarksAndSets) {
  EXPECT_TRUE(matchesPattern("*.tflite", "kws.tflite"));
  EXPECT_TRUE(matchesPattern("block_[12]_*", "block_2_expand"));
  EXPECT_FALSE(matchesPattern("block_[12]_*", "block_3_expand"));
  EXPECT_TRUE(matchesPattern("?b*c", "abxxc"));
  EXPECT_FALSE(matchesPattern("a", "ab"));
  EXPECT_TRUE(matchesPattern("a[b", "a[b"));
  EXPECT_FALSE(matchesPattern(std::string(200, '*') + "x", std::string(2000, 'a')));
}

}  // namespace
}  // namespace mcuprof
