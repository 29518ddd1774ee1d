#include "analyzer/whatif/variant.hpp"

#include <gtest/gtest.h>

#include <algorithm>
#include <sstream>

#include "analyzer/model/zoo.hpp"
#include "analyzer/target/catalogue.hpp"
#include "analyzer/whatif/sweep.hpp"
#include "tests/support/files.hpp"

namespace mcuprof {
namespace {

std::shared_ptr<const Target> f767zi() {
  const Catalogue catalogue((test::sourceFolder() / "targets").string());
  Target t;
  t.board = *catalogue.loadBoard("f767zi");
  t.core = *catalogue.loadCore(t.board.core);
  t.runtime = *catalogue.loadRuntime("tflm-cmsis-nn");
  t.costs = *loadCostTables(catalogue.folder(), t.runtime, t.core.name, "-O2");
  return std::make_shared<const Target>(std::move(t));
}

std::shared_ptr<const Graph> zoo(std::string_view name) {
  return std::make_shared<const Graph>(*buildGraph(*makeZooModel(name, {})));
}

TEST(ParseHertz, ReadsClocksAsPeopleWriteThem) {
  EXPECT_EQ(*parseHertz("216M"), 216'000'000);
  EXPECT_EQ(*parseHertz("1.5MHz"), 1'500'000);
  EXPECT_EQ(*parseHertz("100k"), 100'000);
  EXPECT_EQ(*parseHertz("480000000"), 480'000'000);
  EXPECT_EQ(parseHertz("fast").error().text(), "\"fast\"; wanted a clock such as 216M or 100k");
  EXPECT_FALSE(parseHertz("0"));
  EXPECT_FALSE(parseHertz(""));
}

TEST(SetVariable, SaysWhatItWanted) {
  Variant variant;
  EXPECT_EQ(setVariable(variant, "filters", "-3").error().text(),
            "filters is \"-3\"; wanted a number of filters from 0 to 65536");
  EXPECT_EQ(setVariable(variant, "cache", "maybe").error().text(),
            "cache is \"maybe\"; wanted on or off");
  EXPECT_EQ(setVariable(variant, "colour", "red").error().text().substr(0, 20),
            "no variable \"colour\"");
}

TEST(ParseAxis, ReadsRangesAndLists) {
  EXPECT_EQ(parseAxis("filters=0..20:8")->values, (std::vector<std::string>{"0", "8", "16"}));
  EXPECT_EQ(parseAxis("sd.clock=100k,1M")->values, (std::vector<std::string>{"100k", "1M"}));
  EXPECT_EQ(parseAxis("filters").error().text(),
            "\"filters\" is no variable; wanted NAME=FIRST..LAST:STEP or NAME=VALUE,VALUE");
  EXPECT_EQ(parseAxis("filters=8..0").error().text(),
            "\"8..0\" is no range; wanted FIRST..LAST or FIRST..LAST:STEP, rising");
}

TEST(AnalyzeVariant, SplitsAddedLatencyIntoComputeAndSpills) {
  // Paper's Figure 4: filters added to the first layers cost compute, and past the SRAM spills on
  // top.
  const auto graph = zoo("mobilenet_v1");
  Variant more;
  more.filters = 64;
  more.filtersFirst = 0;
  more.filtersLast = 0;
  const VariantFigures before = figuresOf(*analyzeVariant(graph, f767zi(), {}));
  const VariantFigures after = figuresOf(*analyzeVariant(graph, f767zi(), more));
  EXPECT_GT(after.computeMs, before.computeMs);
  EXPECT_GT(after.arena, before.arena);
  EXPECT_NEAR(after.computeMs + after.spillWriteMs + after.spillReadMs, after.milliseconds.value,
              1e-9 * after.milliseconds.value);
}

TEST(Sweep, DoesNotDependOnTheNumberOfThreads) {
  const auto graph = zoo("resnet8");
  const std::vector<SweepAxis> axes = {*parseAxis("input=32,48,64"), *parseAxis("clock=100M,216M"),
                                       *parseAxis("filters=0..8:4")};
  const auto target = f767zi();
  const std::string one = renderSweepCsv(axes, *sweep(graph, target, {}, axes, 1));
  const std::string many = renderSweepCsv(axes, *sweep(graph, target, {}, axes, 5));
  EXPECT_EQ(one, many);
  EXPECT_EQ(std::count(one.begin(), one.end(), '\n'), 1 + 18);
}

TEST(Sweep, TakesTheTableThatWasCountedAtALevel) {
  const auto f429zi = [](std::string_view opt) {
    const Catalogue catalogue((test::sourceFolder() / "targets").string());
    Target t;
    t.board = *catalogue.loadBoard("f429zi");
    t.core = *catalogue.loadCore(t.board.core);
    t.runtime = *catalogue.loadRuntime("tflm-cmsis-nn");
    t.costs = *loadCostTables(catalogue.folder(), t.runtime, t.core.name, opt);
    return std::make_shared<const Target>(std::move(t));
  };
  TargetsByLevel targets(f429zi("-O2"));
  targets.set(OptLevel::Os, f429zi("-Os"));
  const std::vector<SweepAxis> axes = {*parseAxis("opt=-O2,-Os")};
  const auto points = sweep(zoo("resnet8"), targets, {}, axes, 1);
  ASSERT_TRUE(points);
  Variant small;
  small.machine.opt = OptLevel::Os;
  const VariantFigures counted = figuresOf(*analyzeVariant(zoo("resnet8"), f429zi("-Os"), small));
  const VariantFigures scaled = figuresOf(*analyzeVariant(zoo("resnet8"), f429zi("-O2"), small));
  EXPECT_DOUBLE_EQ((*points)[1].figures.cycles, counted.cycles);
  EXPECT_NE(counted.cycles, scaled.cycles);
  EXPECT_GT(counted.cycles, (*points)[0].figures.cycles);
}

TEST(Sweep, KeepsRefusedPointsWithTheirReason) {
  const std::vector<SweepAxis> axes = {*parseAxis("filters=0,4")};
  Variant first;
  first.filtersLast = 0;
  const auto points = sweep(zoo("resnet8"), f767zi(), first, axes, 1);
  ASSERT_TRUE(points);
  EXPECT_EQ((*points)[0].refused, "");
  EXPECT_EQ((*points)[1].refused.substr(0, 13), "layer 4 (ADD)");
  // A refused row has as many fields as the header.
  const std::string csv = renderSweepCsv(axes, *points);
  std::vector<std::string> lines;
  std::istringstream in(csv);
  for (std::string line; std::getline(in, line);) lines.push_back(line);
  ASSERT_EQ(lines.size(), 3U);
  const auto commas = [](std::string_view text) {
    return std::count(text.begin(), text.end(), ',');
  };
  EXPECT_EQ(commas(lines[1]), commas(lines[0]));
  EXPECT_EQ(commas(std::string_view(lines[2]).substr(0, lines[2].find('"'))), commas(lines[0]));
}

}  // namespace
}  // namespace mcuprof
