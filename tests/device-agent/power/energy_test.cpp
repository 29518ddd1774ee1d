// Alignment and energies, of samples that were made from a timeline with known powers.
#include "device-agent/host/power/energy.hpp"

#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>
#include <random>

namespace mcuprof {
namespace {

constexpr double kGap = 0.01;
constexpr double kLead = 0.1;
constexpr double kIdle = 0.08;
constexpr double kAwake = 0.25;
/// A sample is the mean of so many moments.
constexpr int kParts = 32;

/// A meter that looks on, as is asked for.
struct Scene {
  std::vector<MarkedBlock> blocks = {{MarkedBlock::kWhole, 40, 0.002, 0.2},
                                     {0, 7, 0.0005, 0.003},
                                     {1, 3, 0.0007, 0.012},
                                     {2, 90, 0.0006, 0.004}};
  std::vector<double> watts = {0.28, 0.30, 0.26, 0.31};  ///< in each block
  double hz = 100'000;
  double offset = 0.0345;  ///< of the timeline in the meter's time
  double drift = 0;        ///< ppm by which the meter is fast
  double noise = 0;
  double turn = 0;  ///< s by which each sleep is longer than the core says
  TriggerKind trigger = TriggerKind::Level;

  double wattsAt(const CycleTimeline& timeline, double core) const {
    for (std::size_t i = 0; i < timeline.blocks.size(); ++i) {
      if (core >= timeline.blocks[i].begin && core < timeline.blocks[i].end) return watts[i];
    }
    for (const TimeSpan& sleep : timeline.sleeps) {
      if (core >= sleep.begin && core < sleep.end) return kIdle;
    }
    const TimeSpan& last = timeline.lastSleep;
    return core >= last.begin + 0.0002 && core < last.end ? kIdle : kAwake;
  }

  /// When things happen in truth.
  CycleTimeline truth() const { return timelineOf(blocks, kGap + turn, kLead + turn); }

  PowerRecording record() const {
    const CycleTimeline timeline = truth();
    PowerRecording out;
    out.facts.kind = "test";
    out.facts.quantity = PowerQuantity::Watts;
    out.facts.trigger = trigger;
    std::mt19937 random(7);
    std::normal_distribution<double> normal;
    const double scale = 1 + drift * 1e-6;
    const auto coreAt = [&](double meter) { return (meter - offset) / scale; };
    const auto marked = [&](double core) {
      return std::ranges::any_of(timeline.blocks, [&](const TimeSpan& block) {
        return core >= block.begin && core < block.end;
      });
    };
    bool high = false;
    const auto count = static_cast<std::size_t>((timeline.end() * scale + offset + 0.02) * hz);
    for (std::size_t i = 0; i < count; ++i) {
      PowerSample sample;
      sample.time = static_cast<double>(i) / hz;
      double mean = wattsAt(timeline, coreAt(sample.time));
      if (mean != wattsAt(timeline, coreAt(sample.time + 1 / hz))) {
        mean = 0;
        for (int part = 0; part < kParts; ++part) {
          mean += wattsAt(timeline, coreAt(sample.time + (part + 0.5) / kParts / hz)) / kParts;
        }
      }
      sample.value = static_cast<float>(mean + noise * normal(random));
      if (trigger == TriggerKind::Level && marked(coreAt(sample.time))) {
        sample.flags |= PowerSample::kTrigger;
      }
      const bool next = marked(coreAt(sample.time + 1 / hz));
      if (trigger == TriggerKind::Events && high && !next) sample.flags |= PowerSample::kEvent;
      high = next;
      out.samples.push_back(sample);
    }
    return out;
  }

  Result<EnergyMeasurement> measure(const PowerRecording& recording) const {
    return measureEnergy(recording, 3.3, blocks, kGap, kLead);
  }
};

void expectEnergies(const Scene& scene, const EnergyMeasurement& energy, double tolerance) {
  ASSERT_EQ(energy.blocks.size(), scene.blocks.size());
  for (std::size_t i = 0; i < scene.blocks.size(); ++i) {
    ASSERT_TRUE(energy.blocks[i]) << i;
    const BlockEnergyFigure& figure = *energy.blocks[i];
    const double expected = scene.watts[i] * scene.blocks[i].seconds / scene.blocks[i].executions;
    EXPECT_NEAR(figure.joules, expected, tolerance * expected) << i;
    EXPECT_LE(figure.joulesLow, figure.joules);
    EXPECT_GE(figure.joulesHigh, figure.joules);
    EXPECT_GE(figure.samples, kWantedSamples);
    EXPECT_GE(figure.peakWatts, figure.averageWatts);
  }
  EXPECT_NEAR(*energy.idleBeforeWatts, kIdle, tolerance * kIdle);
  EXPECT_NEAR(*energy.idleAfterWatts, kIdle, tolerance * kIdle);
}

TEST(MeasureEnergy, FindsEachBlockByTheTriggersLevel) {
  const Scene scene;
  const auto energy = scene.measure(scene.record());
  ASSERT_TRUE(energy) << energy.error().text();
  expectEnergies(scene, *energy, 1e-3);
  EXPECT_EQ(energy->alignment.method, AlignmentMethod::Trigger);
  EXPECT_EQ(energy->alignment.quality, 1);
  EXPECT_NEAR(energy->alignment.origin, scene.offset, 1e-5);
  EXPECT_LT(energy->alignment.residual, 1e-5);
  EXPECT_TRUE(energy->findings.empty()) << energy->findings[0];
}

TEST(MeasureEnergy, FindsEachBlockByFallingEdgesAlone) {
  Scene scene;
  scene.trigger = TriggerKind::Events;
  scene.hz = 10'000;
  const auto energy = scene.measure(scene.record());
  ASSERT_TRUE(energy) << energy.error().text();
  expectEnergies(scene, *energy, 1e-3);
  EXPECT_EQ(energy->alignment.method, AlignmentMethod::Events);
}

TEST(MeasureEnergy, FindsEachBlockByThePowerWhereThereIsNoTrigger) {
  Scene scene;
  scene.trigger = TriggerKind::None;
  scene.noise = 0.02;
  const auto energy = scene.measure(scene.record());
  ASSERT_TRUE(energy) << energy.error().text();
  expectEnergies(scene, *energy, 0.01);
  EXPECT_EQ(energy->alignment.method, AlignmentMethod::Correlation);
  EXPECT_GT(energy->alignment.quality, 0.9);
  EXPECT_NEAR(energy->alignment.origin, scene.offset, 5e-5);
}

/// A scene as a model of many short layers gives it: thirty samples a block.
Scene manyShortBlocks() {
  Scene scene;
  scene.trigger = TriggerKind::None;
  std::mt19937 random(11);
  std::uniform_real_distribution<double> share;
  for (std::int32_t layer = 3; layer < 20; ++layer) {
    scene.blocks.push_back({layer, 5, 0.0002 + 0.002 * share(random), 0.0003});
    scene.watts.push_back(0.26 + 0.05 * share(random));
  }
  return scene;
}

/// How far the ends of the blocks lie from where they are, in samples, root mean square.
double edgeErrors(const Scene& scene, const Alignment& alignment) {
  const CycleTimeline truth = scene.truth();
  double sum = 0;
  for (std::size_t i = 0; i < truth.blocks.size(); ++i) {
    for (const auto end : {&TimeSpan::begin, &TimeSpan::end}) {
      const double at = scene.offset + (1 + scene.drift * 1e-6) * truth.blocks[i].*end;
      const double off = (alignment.blocks[i].*end - at) * scene.hz;
      sum += off * off;
    }
  }
  return std::sqrt(sum / static_cast<double>(2 * truth.blocks.size()));
}

TEST(MeasureEnergy, PlacesShortBlocksWithinAPartOfASampleByThePower) {
  struct Case {
    double part;    ///< of a sample by which the timeline begins later
    double noise;   ///< W, where work is 0.2 W above sleep
    double most;    ///< samples that edges may lie off
    double energy;  ///< share that energies may be off: four deviations of the mean of 28 samples
  };
  for (const Case& c : {Case{0.35, 0, 0.02, 1e-3}, Case{0.8, 0, 0.02, 1e-3},
                        Case{0.35, 0.02, 0.15, 0.06}, Case{0.8, 0.05, 0.4, 0.15}}) {
    Scene scene = manyShortBlocks();
    scene.noise = c.noise;
    scene.offset += c.part / scene.hz;
    scene.turn = 7e-6;
    scene.drift = 40;
    const auto energy = scene.measure(scene.record());
    ASSERT_TRUE(energy) << energy.error().text();
    EXPECT_LT(edgeErrors(scene, energy->alignment), c.most) << c.noise << " W";
    EXPECT_NEAR(energy->alignment.driftPpm(), 40, 40);
    EXPECT_NEAR(energy->alignment.gap, 7e-6, 1e-6);
    expectEnergies(scene, *energy, c.energy);
  }
}

TEST(MeasureEnergy, IntervalHoldsTheTruthInMostBlocks) {
  int held = 0;
  int blocks = 0;
  for (int i = 0; i < 10; ++i) {
    Scene scene;
    scene.noise = 0.03;
    scene.offset = 0.03 + 0.00137 * i;
    const auto energy = scene.measure(scene.record());
    ASSERT_TRUE(energy);
    for (std::size_t k = 0; k < scene.blocks.size(); ++k) {
      const double truth = scene.watts[k] * scene.blocks[k].seconds / scene.blocks[k].executions;
      ++blocks;
      if (truth >= energy->blocks[k]->joulesLow && truth <= energy->blocks[k]->joulesHigh) ++held;
    }
  }
  EXPECT_GE(held, blocks * 3 / 4);
}

TEST(MeasureEnergy, CorrectsAClockThatIsFastAndSaysSo) {
  for (const TriggerKind kind : {TriggerKind::Level, TriggerKind::Events, TriggerKind::None}) {
    Scene scene;
    scene.trigger = kind;
    scene.drift = 8000;
    const auto energy = scene.measure(scene.record());
    ASSERT_TRUE(energy) << energy.error().text();
    expectEnergies(scene, *energy, 2e-3);
    EXPECT_NEAR(energy->alignment.driftPpm(), 8000, 300);
    ASSERT_FALSE(energy->findings.empty());
    EXPECT_EQ(energy->findings[0].find("the meter's clock drifts: +"), 0U) << energy->findings[0];
  }
}

TEST(MeasureEnergy, TellsAClockThatDoesNotKeepStep) {
  const Scene scene;
  PowerRecording recording = scene.record();
  // The clock leaps in the middle: what a meter does that loses samples and does not tell.
  const std::size_t leap = recording.samples.size() / 2;
  recording.samples.erase(recording.samples.begin() + static_cast<std::ptrdiff_t>(leap),
                          recording.samples.begin() + static_cast<std::ptrdiff_t>(leap + 64));
  for (std::size_t i = leap; i < recording.samples.size(); ++i) {
    recording.samples[i].time = static_cast<double>(i) / scene.hz;
  }
  const auto energy = scene.measure(recording);
  ASSERT_TRUE(energy) << energy.error().text();
  ASSERT_FALSE(energy->findings.empty());
  EXPECT_NE(energy->findings[0].find("does not keep step"), std::string::npos)
      << energy->findings[0];
  expectEnergies(scene, *energy, 2e-3);
}

TEST(MeasureEnergy, LivesWithEdgesThatWereNotSeen) {
  const Scene scene;
  PowerRecording recording = scene.record();
  // The trigger is lost in the third block.
  const CycleTimeline timeline = timelineOf(scene.blocks, kGap, kLead);
  for (PowerSample& sample : recording.samples) {
    const double core = sample.time - scene.offset;
    if (core > timeline.blocks[2].begin - 1e-3 && core < timeline.blocks[2].end + 1e-3) {
      sample.flags = 0;
    }
  }
  const auto energy = scene.measure(recording);
  ASSERT_TRUE(energy) << energy.error().text();
  EXPECT_EQ(energy->alignment.quality, 0.75);
  expectEnergies(scene, *energy, 2e-3);
}

TEST(MeasureEnergy, FallsBackToThePowerWhenTheTriggerIsNotConnected) {
  const Scene scene;
  PowerRecording recording = scene.record();
  for (PowerSample& sample : recording.samples) sample.flags = 0;
  const auto energy = scene.measure(recording);
  ASSERT_TRUE(energy) << energy.error().text();
  EXPECT_EQ(energy->alignment.method, AlignmentMethod::Correlation);
  EXPECT_EQ(energy->findings[0],
            "trigger: 0 edges were seen, of which 0 fit the 8 of the blocks; is the trigger input "
            "connected to the mark pin?");
  expectEnergies(scene, *energy, 2e-3);
}

TEST(MeasureEnergy, RefusesSamplesThatDoNotShowTheBlocks) {
  Scene scene;
  scene.trigger = TriggerKind::None;
  PowerRecording recording = scene.record();
  std::mt19937 random(3);
  std::normal_distribution<float> normal(0.2F, 0.05F);
  for (PowerSample& sample : recording.samples) sample.value = normal(random);
  const auto energy = scene.measure(recording);
  ASSERT_FALSE(energy);
  EXPECT_EQ(energy.error().text().find(
                "correlation: the samples do not show when the core slept and worked"),
            0U)
      << energy.error().text();
}

TEST(MeasureEnergy, TellsMissingSamplesOverloadsAndBlocksOfFewSamples) {
  Scene scene;
  scene.hz = 5000;
  PowerRecording recording = scene.record();
  recording.missing = 20;
  recording.samples[600].flags |= PowerSample::kOverload;
  const auto energy = scene.measure(recording);
  ASSERT_TRUE(energy) << energy.error().text();
  EXPECT_EQ(energy->overloads, 1U);
  const auto& findings = energy->findings;
  ASSERT_EQ(findings.size(), 3U);
  EXPECT_EQ(findings[0].find("20 samples are missing ("), 0U) << findings[0];
  EXPECT_EQ(findings[1],
            "overload: 1 samples are beyond the meter's range, so energies are too low");
  EXPECT_EQ(findings[2], "2 of 4 blocks have fewer than 20 samples");
}

TEST(MeasureEnergy, TurnsCurrentsIntoPowersByTheVoltage) {
  const Scene scene;
  PowerRecording recording = scene.record();
  recording.facts.quantity = PowerQuantity::Amperes;
  for (PowerSample& sample : recording.samples) sample.value /= 3.3F;
  const auto energy = scene.measure(recording);
  ASSERT_TRUE(energy);
  expectEnergies(scene, *energy, 1e-3);
}

}  // namespace
}  // namespace mcuprof
