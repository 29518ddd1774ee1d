// What the profile counters of the core counted: from the agent over SWO into table, data and
// database.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "tests/device-agent/cli/run_fixture.hpp"

namespace mcuprof::test {
namespace {

using testing::HasSubstr;

constexpr const char* kNames[] = {"cpi", "exc", "sleep", "lsu", "fold"};

class RunCounters : public Run {};

class CountedBoards : public Run, public testing::WithParamInterface<const char*> {};

TEST_P(CountedBoards, TellWhereTheCyclesOfEachLayerWent) {
  const json run = runJson(GetParam(), zooFile("gesture"), {"--counters"});
  ASSERT_TRUE(run.is_object());
  for (const json& layer : run["layers"]) {
    const json& counters = layer["counters"];
    ASSERT_TRUE(counters.is_object()) << layer.dump();
    const std::int64_t cycles = counters["cycles"];
    // Flash is not in the same state as in the timed execution before.
    EXPECT_NEAR(static_cast<double>(cycles), layer["virtual"]["median"].get<double>(), 20)
        << layer.dump();
    std::int64_t beyond = 0;
    for (const char* name : kNames) {
      ASSERT_TRUE(counters[name].is_number()) << layer.dump();
      beyond += counters[name].get<std::int64_t>() * (std::string(name) == "fold" ? -1 : 1);
    }
    // These cores start at most two instructions a cycle, and none of these layers sleeps.
    EXPECT_GT(cycles - beyond, 0) << layer.dump();
    EXPECT_LE(cycles - beyond, 2 * cycles + 1000) << layer.dump();
    EXPECT_EQ(counters["sleep"], 0);
    EXPECT_EQ(layer["fnv1a"], layer["reference_fnv1a"]) << "one more execution changes no output";
  }
  EXPECT_EQ(run["swo"]["lost"], 0);
}

INSTANTIATE_TEST_SUITE_P(, CountedBoards, testing::Values("f767zi", "f429zi", "f207zg"),
                         [](const auto& board) { return std::string(board.param); });

TEST_F(RunCounters, AreShownOnDemandAndStored) {
  const ProgramRun done =
      run({"run", "--board", "f429zi", "--virtual", "--counters", zooFile("gesture")});
  ASSERT_EQ(done.status, 0) << done.err;
  EXPECT_THAT(done.out, HasSubstr("counters of the DWT, one execution (virtual;"));
  EXPECT_THAT(done.out, HasSubstr("profile counters DWT"));
  EXPECT_EQ(run({"show", "1", "--counters"}).out + "run 1\n", done.out);
  EXPECT_THAT(run({"show", "1"}).out, testing::Not(HasSubstr("counters of the DWT")));
  const std::string csv = run({"show", "1", "--format", "csv"}).out;
  EXPECT_THAT(csv, HasSubstr(",counted_cycles,cpi,exc,sleep,lsu,fold\n1,"));
  EXPECT_THAT(csv, testing::ContainsRegex(",[0-9]+,[0-9]+,[0-9]+,0,[0-9]+,[0-9]+\n"));
}

TEST_F(RunCounters, AreNotTakenOnAVirtualBoardUnasked) {
  const json run = runJson("f429zi", zooFile("gesture"));
  ASSERT_TRUE(run.is_object());
  for (const json& layer : run["layers"]) EXPECT_TRUE(layer["counters"].is_null());
  EXPECT_THAT(this->run({"show", "1", "--counters"}).out, HasSubstr("counters: none were taken"));
}

TEST_F(RunCounters, AreUnknownWhereSwoIsTooSlow) {
  const ProgramRun done = run({"run", "--board", "f767zi", "--virtual", "--counters", "--swo",
                               "2000000", "--layers", "2", zooFile("fc_autoencoder")});
  ASSERT_EQ(done.status, 0) << done.err;
  EXPECT_THAT(done.out, HasSubstr("SWO was too slow for the counters of 1 of 1 layers"));
  const json shown = json::parse(run({"show", "1", "--format", "json"}).out, nullptr, false);
  ASSERT_TRUE(shown.is_object());
  const json& counters = shown["layers"][1]["counters"];
  ASSERT_TRUE(counters.is_object());
  EXPECT_GT(counters["cycles"], 0);
  for (const char* name : kNames) EXPECT_TRUE(counters[name].is_null()) << name;
}

TEST_F(RunCounters, AreNotThereOnACortexM0) {
  const ProgramRun done =
      run({"run", "--board", "f091rc", "--virtual", "--counters", zooFile("gesture")});
  ASSERT_EQ(done.status, 0) << done.err;
  EXPECT_THAT(done.out, HasSubstr("counters: none, the core has no profile counters"));
  EXPECT_THAT(run({"show", "1", "--format", "csv"}).out, testing::ContainsRegex("\n1,.*,,,,,\n"));
}

}  // namespace
}  // namespace mcuprof::test
