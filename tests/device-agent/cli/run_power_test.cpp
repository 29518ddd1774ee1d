// End to end with a power meter: mcuprof, OpenOCD, the virtual board with a virtual meter, the
// agent.

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <filesystem>
#include <nlohmann/json.hpp>

#include "db/energy_store.hpp"
#include "db/energy_trace.hpp"
#include "tests/cli/program.hpp"
#include "tests/support/files.hpp"

namespace mcuprof::test {
namespace {

using nlohmann::json;
using testing::HasSubstr;

/// Of the board's file: what the model of the virtual board draws.
constexpr double kRunWatts = 11.4e-3 * 3.3;
constexpr double kSleepWatts = 0.3 * kRunWatts;
constexpr double kClockHz = 48e6;
constexpr double kTolerance = 0.02;
/// J: what is around a layer by itself and in a loop differs by some hundred cycles, which layers
/// of a few thousand show.
constexpr double kAroundLayer = kRunWatts * 600 / kClockHz;

class RunPower : public testing::Test {
 protected:
  std::string path(const std::string& name) const { return (m_folder.path() / name).string(); }

  /// The slowest board has the shortest second.
  ProgramRun run(const std::string& meter, std::vector<std::string> more = {}) const {
    std::vector<std::string> arguments = {"run",     "--board", "f091rc", "--virtual",
                                          "--power", meter,     "--db",   path("runs.db")};
    arguments.insert(arguments.end(), more.begin(), more.end());
    arguments.push_back(zooFile("gesture"));
    return runProgram(arguments);
  }

  json runJson(const std::string& meter, std::vector<std::string> more = {}) const {
    more.insert(more.end(), {"--format", "json"});
    const ProgramRun done = run(meter, std::move(more));
    EXPECT_EQ(done.status, 0) << done.err;
    return json::parse(done.out, nullptr, false);
  }

  ProgramRun show(std::vector<std::string> more = {}) const {
    more.insert(more.begin(), {"show", "1", "--db", path("runs.db")});
    return runProgram(more);
  }

  TemporaryFolder m_folder;
};

/// Every layer has an energy, and it is the virtual board's power times the layer's time.
void expectEnergies(const json& run) {
  ASSERT_TRUE(run.is_object());
  EXPECT_EQ(run["provenance"], "virtual");
  const json& energy = run["energy"];
  EXPECT_EQ(energy["trouble"], "");
  EXPECT_NEAR(energy["supply_volts"].get<double>(), 3.3, 0.01);
  EXPECT_NEAR(energy["idle_before_watts"].get<double>(), kSleepWatts, 0.03 * kSleepWatts);
  EXPECT_NEAR(energy["idle_after_watts"].get<double>(), kSleepWatts, 0.03 * kSleepWatts);
  const json& whole = energy["inference"];
  ASSERT_TRUE(whole.is_object());
  EXPECT_GE(whole["seconds"].get<double>(), 1.0);
  const double cycles = run["inference"]["virtual"]["median"];
  EXPECT_NEAR(whole["joules"].get<double>(), kRunWatts * cycles / kClockHz,
              kTolerance * kRunWatts * cycles / kClockHz + kAroundLayer);
  for (const json& layer : run["layers"]) {
    ASSERT_TRUE(layer["energy"].is_object()) << layer.dump();
    const json& block = layer["energy"];
    EXPECT_GE(block["samples"].get<int>(), 20);
    const double joules = block["joules"];
    EXPECT_LE(block["joules_low"].get<double>(), joules);
    EXPECT_GE(block["joules_high"].get<double>(), joules);
    EXPECT_NEAR(block["average_watts"].get<double>(), kRunWatts, kTolerance * kRunWatts);
    EXPECT_GE(block["peak_watts"].get<double>(), block["average_watts"].get<double>());
    const double expected = kRunWatts * layer["virtual"]["median"].get<double>() / kClockHz;
    EXPECT_NEAR(joules, expected, kTolerance * expected + kAroundLayer) << layer.dump();
  }
}

TEST_F(RunPower, PrintsAndStoresTheEnergyOfEachLayer) {
  const ProgramRun done = run("ppk2");
  ASSERT_EQ(done.status, 0) << done.err;
  EXPECT_THAT(done.out, HasSubstr("uJ an inference (virtual; "));
  EXPECT_THAT(done.out, HasSubstr("idle      "));
  EXPECT_THAT(done.out, HasSubstr("by the trigger, share of edges found 1.000"));
  EXPECT_THAT(done.out, HasSubstr("peak mW"));
  EXPECT_EQ(show().out + "run 1\n", done.out);
  EXPECT_THAT(show({"--format", "csv"}).out,
              HasSubstr("energy_executions,energy_samples,joules,joules_low,joules_high,"
                        "average_watts,peak_watts,counted_cycles,"));

  const json run = json::parse(show({"--format", "json"}).out, nullptr, false);
  expectEnergies(run);
  EXPECT_EQ(run["energy"]["alignment"]["by"], "trigger");
  EXPECT_EQ(run["energy"]["alignment"]["quality"], 1.0);
  EXPECT_LT(run["energy"]["alignment"]["residual_seconds"].get<double>(), 5e-6);
  EXPECT_EQ(run["energy"]["missing"], 0);
  EXPECT_EQ(run["energy"]["findings"], "");

  auto database = db::Database::open(path("runs.db"), db::Access::ReadOnly);
  ASSERT_TRUE(database);
  const auto packed = db::loadTrace(database->connection(), run["id"]);
  ASSERT_TRUE(packed);
  const auto trace = db::unpackTrace(*packed);
  ASSERT_TRUE(trace) << trace.error().text();
  EXPECT_EQ(trace->sampleHz, 100'000);
  EXPECT_EQ(trace->watts.size(), run["energy"]["samples"].get<std::size_t>());
}

TEST_F(RunPower, AlignsByCorrelationAtATerminalOfAGivenName) {
  const json run = runJson("lpm01a:" + path("meter"), {"--power-rate", "100000"});
  expectEnergies(run);
  EXPECT_EQ(run["energy"]["alignment"]["by"], "correlation");
  EXPECT_GT(run["energy"]["alignment"]["quality"].get<double>(), 0.9);
  EXPECT_EQ(run["energy"]["supply_source"], "set on the meter");
  EXPECT_FALSE(std::filesystem::exists(path("meter")));
}

TEST_F(RunPower, MeasuresEachLayerFromACsvFile) {
  const json run = runJson("csv:" + path("trace.csv"), {"--power-rate", "20000"});
  expectEnergies(run);
  EXPECT_EQ(run["energy"]["alignment"]["by"], "trigger");
}

TEST_F(RunPower, CorrectsAClockThatDriftsAndCountsSamplesThatAreMissing) {
  const json run =
      runJson("ppk2", {"--fault", "meter-drift=5000", "--fault", "meter-missing=0.001"});
  expectEnergies(run);
  EXPECT_NEAR(run["energy"]["alignment"]["drift_ppm"].get<double>(), 5000, 100);
  EXPECT_GT(run["energy"]["missing"].get<int>(), 0);
  const std::string findings = run["energy"]["findings"];
  EXPECT_THAT(findings, HasSubstr("the meter's clock drifts: +"));
  EXPECT_THAT(findings, HasSubstr("samples are missing"));
}

/// A meter that fails costs the energies and nothing else.
class RunPowerFailure : public RunPower {
 protected:
  void expectKept(const std::string& meter, std::vector<std::string> more,
                  const std::string& trouble) const {
    more.insert(more.end(), {"--format", "json"});
    const ProgramRun done = run(meter, std::move(more));
    EXPECT_EQ(done.status, 5) << done.err;
    EXPECT_THAT(done.err, HasSubstr("no energy was measured: "));
    EXPECT_THAT(done.err, HasSubstr(trouble));
    const json kept = json::parse(done.out, nullptr, false);
    ASSERT_TRUE(kept.is_object());
    EXPECT_THAT(kept["energy"]["trouble"].get<std::string>(), HasSubstr(trouble));
    EXPECT_TRUE(kept["energy"]["inference"].is_null());
    EXPECT_GT(kept["inference"]["virtual"]["median"], 0);
    for (const json& layer : kept["layers"]) EXPECT_GT(layer["virtual"]["median"], 0);
    EXPECT_THAT(show().out, HasSubstr("energy    not measured: "));
  }
};

TEST_F(RunPowerFailure, WhenTheMeterIsUnplugged) {
  expectKept("ppk2", {"--fault", "meter-unplug@0.3"}, "the meter is gone: was it unplugged?");
}

TEST_F(RunPowerFailure, WhenTheCurrentIsTooMuchForTheMeter) {
  expectKept("lpm01a", {"--fault", "meter-overload@0.3"}, "overcurrent: the meter stopped");
}

TEST_F(RunPowerFailure, WhenThePortIsAnother) {
  expectKept("ppk2:/dev/null", {}, "/dev/null: is no serial port");
}

TEST_F(RunPowerFailure, WhenNothingAnswers) {
  expectKept("ppk2", {"--fault", "meter-silent"}, "no Power Profiler Kit II answers");
}

TEST_F(RunPower, TellsOptionsThatAreWrong) {
  EXPECT_THAT(run("joule:x").err, HasSubstr("--power: \"joule\" is no power meter"));
  EXPECT_EQ(run("joule:x").status, 2);
  EXPECT_EQ(run("csv").status, 2);
  EXPECT_EQ(run("ppk2", {"--supply", "9"}).status, 2);
  const ProgramRun alone =
      runProgram({"run", "--board", "f091rc", "--virtual", "--mlperf", zooFile("gesture")});
  EXPECT_EQ(alone.status, 2);
  EXPECT_THAT(alone.err, HasSubstr("want a power meter: --power METER:PORT"));
}

}  // namespace
}  // namespace mcuprof::test
