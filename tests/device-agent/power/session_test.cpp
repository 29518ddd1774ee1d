// The way from a virtual board's pins and currents to energies of layers: the stock OpenOCD, the
// agent's image, a program of copies, a virtual meter.

#include <gtest/gtest.h>

#include <cstdlib>

#include "analyzer/base/mapped_file.hpp"
#include "analyzer/target/catalogue.hpp"
#include "device-agent/host/power/energy.hpp"
#include "device-agent/host/session.hpp"
#include "tests/device-agent/agent/copy_program.hpp"
#include "tests/support/files.hpp"

namespace mcuprof {
namespace {

/// Of the board's file: 11.4 mA at 48 MHz; asleep 30 % of it, as docs/virtual-board.md has it.
constexpr double kRunWatts = 11.4e-3 * 3.3;
constexpr double kSleepWatts = 0.3 * kRunWatts;
constexpr double kClockHz = 48e6;
constexpr double kTolerance = 0.02;
constexpr std::uint32_t kLayers = 4;
constexpr std::uint32_t kBytes = 4096;

struct Outcome {
  std::optional<RunMeasurement> run;
  std::optional<PowerRecording> recording;
  std::string trouble;
};

/// The slowest board has the shortest second.
Outcome runWith(const std::string& meter, double sampleHz = 0,
                const std::vector<std::string>& faults = {}) {
  Outcome out;
  const std::string programs = MCUPROF_BINARY_DIR "/analyzer/cli:";
  setenv("PATH", (programs + getenv("PATH")).c_str(), 1);
  const auto catalogue = Catalogue::find(test::sourceFolder() / "targets");
  const auto board = catalogue->loadBoard("f091rc");
  const std::string path = MCUPROF_BINARY_DIR "/device-agent/firmware/f091rc/agent.elf";
  const auto file = MappedFile::open(path);
  if (!board || !file) return out;
  const auto firmware = readFirmware((*file)->bytes(), path);
  if (!firmware) return out;
  const auto program = copyProgram(firmware->header.kernel_library, kLayers, kBytes);

  std::unique_ptr<PowerRecorder> recorder;
  ConnectionOptions connection;
  connection.isVirtual = true;
  connection.virtualOptions = {"--meter", meter};
  for (const std::string& fault : faults) {
    connection.virtualOptions.insert(connection.virtualOptions.end(), {"--fault", fault});
  }
  connection.beforeConnecting = [&](const std::string& port) {
    MeterSettings settings;
    settings.kind = meter.substr(0, meter.find(':'));
    settings.port = port;
    settings.sampleHz = sampleHz;
    auto opened = openMeter(settings);
    if (opened) {
      recorder = std::make_unique<PowerRecorder>(std::move(*opened));
    } else {
      out.trouble = opened.error().text();
    }
  };
  RunPlan plan;
  plan.program = std::as_bytes(std::span(program));
  plan.arenaBytes = 2 * kBytes;
  plan.layers = kLayers;
  plan.lastLayer = kLayers - 1;
  plan.repeats = 1;
  plan.power = [&] { return recorder.get(); };
  auto run = runOnBoard(*board, connection, *firmware, plan, LeaveBoard::Running,
                        [](const RunProgress&) {});
  EXPECT_TRUE(run) << run.error().text();
  if (!run) return out;
  out.run = std::move(*run);
  if (recorder) out.recording = recorder->take();
  return out;
}

void expectLatencies(const Outcome& out) {
  ASSERT_TRUE(out.run);
  ASSERT_EQ(out.run->layers.size(), kLayers);
  for (const LayerMeasurement& layer : out.run->layers) EXPECT_GT(layer.median, kBytes);
  EXPECT_GT(out.run->inference.median, kLayers * kBytes);
}

/// Aligned and with the energies that follow from the board's power and the layers' times.
std::optional<EnergyMeasurement> expectEnergies(const Outcome& out) {
  expectLatencies(out);
  if (!out.recording || !out.run->energy) {
    ADD_FAILURE() << out.trouble;
    return std::nullopt;
  }
  EXPECT_FALSE(out.recording->error) << out.recording->error->text();
  const EnergyRun& energyRun = *out.run->energy;
  EXPECT_EQ(energyRun.trouble, "");
  EXPECT_EQ(energyRun.blocks.size(), kLayers + 1);
  auto energy = measureEnergy(*out.recording, 3.3, energyRun.blocks, energyRun.gap, energyRun.lead);
  if (!energy) {
    ADD_FAILURE() << energy.error().text();
    return std::nullopt;
  }
  EXPECT_NEAR(*energy->idleBeforeWatts, kSleepWatts, 0.02 * kSleepWatts);
  EXPECT_NEAR(*energy->idleAfterWatts, kSleepWatts, 0.02 * kSleepWatts);
  for (std::size_t i = 0; i < energyRun.blocks.size(); ++i) {
    const MarkedBlock& block = energyRun.blocks[i];
    EXPECT_TRUE(energy->blocks[i]) << i;
    if (!energy->blocks[i]) continue;
    const BlockEnergyFigure& figure = *energy->blocks[i];
    const bool whole = block.layer == MarkedBlock::kWhole;
    const auto cycles =
        static_cast<double>(whole ? out.run->inference.median
                                  : out.run->layers[static_cast<std::size_t>(block.layer)].median);
    const double expected = kRunWatts * cycles / kClockHz;
    // The loop around the layers takes some cycles too.
    const double loop = kRunWatts * 150 / kClockHz;
    EXPECT_GE(figure.samples, kWantedSamples) << i;
    EXPECT_NEAR(figure.averageWatts, kRunWatts, kTolerance * kRunWatts) << i;
    EXPECT_NEAR(figure.joules, expected + loop, kTolerance * expected + loop) << i;
    EXPECT_GE(figure.seconds, whole ? 1.0 : 0.0);
  }
  return std::move(*energy);
}

TEST(SessionPower, FindsTheLayersByTheTriggerOfAPowerProfilerKit) {
  const auto energy = expectEnergies(runWith("ppk2"));
  ASSERT_TRUE(energy);
  EXPECT_EQ(energy->alignment.method, AlignmentMethod::Trigger);
  EXPECT_EQ(energy->alignment.quality, 1);
  EXPECT_LT(energy->alignment.residual, 2e-5);
  EXPECT_LT(std::abs(energy->alignment.driftPpm()), 200);
  EXPECT_TRUE(energy->findings.empty()) << energy->findings[0];
}

TEST(SessionPower, FindsTheLayersByTheEventsOfAnLpm01a) {
  const auto energy = expectEnergies(runWith("lpm01a"));
  ASSERT_TRUE(energy);
  EXPECT_EQ(energy->alignment.method, AlignmentMethod::Events);
  EXPECT_EQ(energy->alignment.quality, 1);
}

TEST(SessionPower, FindsTheLayersByTheirPowerWhereThereIsNoTrigger) {
  const auto energy = expectEnergies(runWith("lpm01a", 100'000));
  ASSERT_TRUE(energy);
  EXPECT_EQ(energy->alignment.method, AlignmentMethod::Correlation);
  EXPECT_GT(energy->alignment.quality, 0.9);
}

TEST(SessionPower, ReadsACsvFileOnceTheBoardIsLeft) {
  const test::TemporaryFolder folder;
  const auto energy =
      expectEnergies(runWith("csv:" + (folder.path() / "t.csv").string() + "@20000", 20'000));
  ASSERT_TRUE(energy);
  EXPECT_EQ(energy->alignment.method, AlignmentMethod::Trigger);
}

TEST(SessionPower, CorrectsAClockThatDriftsAndLivesWithMissingSamples) {
  const Outcome out = runWith("ppk2", 0, {"meter-drift=5000", "meter-missing=0.001"});
  const auto energy = expectEnergies(out);
  ASSERT_TRUE(energy);
  EXPECT_NEAR(energy->alignment.driftPpm(), 5000, 100);
  EXPECT_GT(out.recording->missing, 0U);
  EXPECT_EQ(energy->findings.size(), 2U);
}

TEST(SessionPower, KeepsTheTimesWhenTheMeterIsUnplugged) {
  const Outcome out = runWith("ppk2", 0, {"meter-unplug@0.3"});
  expectLatencies(out);
  ASSERT_TRUE(out.recording && out.recording->error);
  EXPECT_EQ(out.recording->error->what, "the meter is gone: was it unplugged?");
  EXPECT_NEAR(static_cast<double>(out.recording->samples.size()), 30'000, 1000);
}

TEST(SessionPower, KeepsTheTimesWhenTheCurrentIsTooMuch) {
  const Outcome out = runWith("lpm01a", 0, {"meter-overload@0.3"});
  expectLatencies(out);
  ASSERT_TRUE(out.recording && out.recording->error);
  EXPECT_EQ(out.recording->error->what,
            "overcurrent: the meter stopped (Overcurrent >59mA, dynamic acquisition stopped)");
}

TEST(SessionPower, KeepsTheTimesWhenNothingAnswers) {
  const Outcome out = runWith("ppk2", 0, {"meter-silent"});
  expectLatencies(out);
  EXPECT_NE(out.trouble.find("no Power Profiler Kit II answers"), std::string::npos);
  EXPECT_FALSE(out.run->energy);
}

}  // namespace
}  // namespace mcuprof
