// Every driver against its virtual meter on a pseudo-terminal.
#include <gtest/gtest.h>
#include <poll.h>

#include <atomic>
#include <chrono>
#include <cmath>
#include <thread>

#include "device-agent/host/power/energy.hpp"
#include "device-agent/host/power/recorder.hpp"
#include "device-agent/virtual-board/meter_port.hpp"

namespace mcuprof {
namespace {

using vboard::Activity;
using vboard::MeterFaults;
using vboard::MeterPort;
using Clock = std::chrono::steady_clock;
using std::chrono::milliseconds;

constexpr double kLowAmperes = 0.008;
constexpr double kHighAmperes = 0.027;
constexpr double kHalfPeriod = 0.005;

/// A virtual meter on a thread of its own, which is fed a square wave: 5 ms at 8 mA, 5 ms at 27 mA
/// with the mark pin high.
class Rig {
 public:
  enum class Pace : std::uint8_t { AsFastAsRead, Real };

  Rig(const std::string& kind, const MeterFaults& faults, Pace pace = Pace::AsFastAsRead)
      : m_pace(pace) {
    auto meter = kind == "ppk2" ? vboard::makePpk2(3.3, faults) : vboard::makeLpm01a(3.3, faults);
    auto port = MeterPort::open(std::move(meter), "");
    EXPECT_TRUE(port) << port.error().text();
    m_port = *std::move(port);
    m_thread = std::thread([this] { serve(); });
  }
  ~Rig() {
    m_stop = true;
    m_thread.join();
  }
  Rig(const Rig&) = delete;
  Rig& operator=(const Rig&) = delete;

  const std::string& path() const { return m_port->path(); }

 private:
  void feed(double seconds) {
    while (seconds > 0) {
      const double part = std::min(seconds, kHalfPeriod - m_inHalf);
      m_port->meter().feed(Activity{part, m_high ? kHighAmperes : kLowAmperes,
                                    m_high ? std::uint8_t{vboard::kMarkPin} : std::uint8_t{0}});
      seconds -= part;
      m_inHalf += part;
      if (m_inHalf >= kHalfPeriod - 1e-12) {
        m_inHalf = 0;
        m_high = !m_high;
      }
    }
  }

  /// Until the host has read something, if it has to.
  void wait(int most) {
    pollfd one{m_port->descriptor(),
               static_cast<short>(m_port->hasOutput() ? POLLIN | POLLOUT : POLLIN), 0};
    ::poll(&one, 1, most);
  }

  /// Measures the time that is due, a little at a time, so that what is sent is served between;
  /// true when more is due.
  bool feedWhatIsDue(Clock::time_point start) {
    const double due = std::chrono::duration<double>(Clock::now() - start).count() - m_fed;
    const double part = std::min(due, kHalfPeriod);
    feed(part);
    m_fed += part;
    return part < due;
  }

  void serve() {
    const auto start = Clock::now();
    while (!m_stop) {
      m_port->service();
      if (m_pace == Pace::Real) {
        wait(feedWhatIsDue(start) ? 0 : 2);
      } else if (!m_port->isCongested()) {
        feed(0.001);
        // Nothing is sent: nobody measures.
        if (!m_port->hasOutput()) wait(1);
      } else {
        wait(1);
      }
    }
  }

  Pace m_pace;
  std::unique_ptr<MeterPort> m_port;
  std::thread m_thread;
  std::atomic<bool> m_stop = false;
  bool m_high = false;
  double m_inHalf = 0;
  double m_fed = 0;  ///< s
};

MeterSettings settingsFor(const std::string& kind, const Rig& rig, double hz) {
  MeterSettings settings;
  settings.kind = kind;
  settings.port = rig.path();
  settings.sampleHz = kind == "ppk2" ? 0 : hz;
  return settings;
}

/// What is known of `count` samples without keeping them.
struct Tally {
  std::size_t samples = 0;
  std::size_t outOfStep = 0;  ///< samples whose time is not the next
  std::size_t rises = 0;
  std::size_t events = 0;
  double sum = 0;
  std::uint64_t missing = 0;
  std::optional<Error> error;
};

Tally readSamples(PowerMeter& meter, std::size_t count) {
  Tally out;
  const double hz = meter.facts().sampleHz;
  std::array<PowerSample, 4096> piece;
  bool high = false;
  if (auto done = meter.start(); !done) {
    out.error = done.error();
    return out;
  }
  while (out.samples < count) {
    const auto got = meter.read(piece, milliseconds(100));
    if (!got) {
      out.error = got.error();
      break;
    }
    for (std::size_t i = 0; i < *got; ++i) {
      const PowerSample& sample = piece[i];
      if (std::llround(sample.time * hz) != static_cast<long long>(out.samples)) ++out.outOfStep;
      const bool now = (sample.flags & PowerSample::kTrigger) != 0;
      if (now && !high) ++out.rises;
      high = now;
      if ((sample.flags & PowerSample::kEvent) != 0) ++out.events;
      out.sum += sample.value;
      ++out.samples;
    }
  }
  (void)meter.stop();
  out.missing = meter.missing();
  return out;
}

void expectNoLoss(const std::string& kind, Rig::Pace pace, double seconds) {
  const Rig rig(kind, {}, pace);
  auto meter = openMeter(settingsFor(kind, rig, 100'000));
  ASSERT_TRUE(meter) << meter.error().text();
  ASSERT_EQ((*meter)->facts().sampleHz, 100'000);
  const auto count = static_cast<std::size_t>(seconds * 100'000);
  const Tally tally = readSamples(**meter, count);
  ASSERT_FALSE(tally.error) << tally.error->text();
  EXPECT_GE(tally.samples, count);
  EXPECT_EQ(tally.missing, 0U);
  EXPECT_EQ(tally.outOfStep, 0U);
  EXPECT_TRUE((*meter)->findings().empty());
  // Half of the time at each level.
  const double mean = tally.sum / static_cast<double>(tally.samples);
  EXPECT_NEAR(mean, (kLowAmperes + kHighAmperes) / 2, 0.002 * mean + 0.01 / seconds / 100);
  if (kind == "ppk2") {
    EXPECT_NEAR(static_cast<double>(tally.rises), static_cast<double>(tally.samples) / 1000, 2);
  }
}

/// Mostly waiting, and for both at once.
TEST(BothMeters, LoseNothingInAMinuteAtTheirOwnPace) {
  std::thread other([] { expectNoLoss("lpm01a", Rig::Pace::Real, 60); });
  expectNoLoss("ppk2", Rig::Pace::Real, 60);
  other.join();
}

class EveryMeter : public testing::TestWithParam<const char*> {
 protected:
  static bool isPpk2() { return std::string(GetParam()) == "ppk2"; }
};

TEST_P(EveryMeter, LosesNothingInAMinuteOfSamplesAtItsHighestRate) {
  expectNoLoss(GetParam(), Rig::Pace::AsFastAsRead, 60);
}

TEST_P(EveryMeter, GivesTheSameCurrentsAtEachLevel) {
  const Rig rig(GetParam(), {});
  auto meter = openMeter(settingsFor(GetParam(), rig, 5000));
  ASSERT_TRUE(meter) << meter.error().text();
  PowerRecorder recorder(*std::move(meter));
  ASSERT_TRUE(recorder.start());
  std::this_thread::sleep_for(milliseconds(200));
  recorder.stop();
  const PowerRecording recording = recorder.take();
  ASSERT_FALSE(recording.error) << recording.error->text();
  ASSERT_GT(recording.samples.size(), 1000U);
  const double volts = recording.facts.quantity == PowerQuantity::Watts ? 3.3 : 1;
  std::size_t low = 0;
  std::size_t high = 0;
  for (const PowerSample& sample : recording.samples) {
    if (std::abs(sample.value / volts - kLowAmperes) < 0.02 * kLowAmperes) ++low;
    if (std::abs(sample.value / volts - kHighAmperes) < 0.02 * kHighAmperes) ++high;
  }
  const auto all = static_cast<double>(recording.samples.size());
  EXPECT_GT(static_cast<double>(low), 0.4 * all);
  EXPECT_GT(static_cast<double>(high), 0.4 * all);
  EXPECT_GT(static_cast<double>(low + high), 0.9 * all);
}

TEST_P(EveryMeter, TellsSamplesThatAreMissing) {
  MeterFaults faults;
  faults.missing = 0.01;
  const Rig rig(GetParam(), faults);
  auto meter = openMeter(settingsFor(GetParam(), rig, 100'000));
  ASSERT_TRUE(meter) << meter.error().text();
  const Tally tally = readSamples(**meter, 100'000);
  ASSERT_FALSE(tally.error) << tally.error->text();
  EXPECT_NEAR(static_cast<double>(tally.missing), 1010, 250);
}

TEST_P(EveryMeter, TellsWhenItIsUnplugged) {
  MeterFaults faults;
  faults.unplugAt = 0.5;
  const Rig rig(GetParam(), faults);
  auto meter = openMeter(settingsFor(GetParam(), rig, 100'000));
  ASSERT_TRUE(meter) << meter.error().text();
  const Tally tally = readSamples(**meter, 1'000'000);
  ASSERT_TRUE(tally.error);
  EXPECT_EQ(tally.error->text(), rig.path() + ": the meter is gone: was it unplugged?");
}

TEST_P(EveryMeter, OfAnotherKindIsRefused) {
  const Rig rig(isPpk2() ? "lpm01a" : "ppk2", {});
  const auto meter = openMeter(settingsFor(GetParam(), rig, 1000));
  ASSERT_FALSE(meter);
  if (isPpk2()) {
    EXPECT_EQ(meter.error().what, "no Power Profiler Kit II answers; is it the kit's first port?");
  } else {
    EXPECT_EQ(meter.error().what, "no X-NUCLEO-LPM01A answers");
  }
}

TEST_P(EveryMeter, ThatDoesNotAnswerIsRefused) {
  MeterFaults faults;
  faults.silent = true;
  const Rig rig(GetParam(), faults);
  EXPECT_FALSE(openMeter(settingsFor(GetParam(), rig, 1000)));
}

TEST_P(EveryMeter, IsRefusedWhereItsPortIsNone) {
  MeterSettings settings;
  settings.kind = GetParam();
  settings.port = "/dev/null";
  EXPECT_EQ(openMeter(settings).error().text(), "/dev/null: is no serial port");
  settings.port = "/dev/no-such-port";
  EXPECT_EQ(openMeter(settings).error().text(),
            "/dev/no-such-port: there is no such port; is the meter connected?");
}

TEST_P(EveryMeter, IsRefusedWhileAnotherProgramHasIt) {
  const Rig rig(GetParam(), {});
  const auto first = openMeter(settingsFor(GetParam(), rig, 1000));
  ASSERT_TRUE(first);
  const auto second = openMeter(settingsFor(GetParam(), rig, 1000));
  ASSERT_FALSE(second);
}

TEST_P(EveryMeter, CanBeOpenedAgainAfterAProgramThatDied) {
  const Rig rig(GetParam(), {});
  {
    auto first = openMeter(settingsFor(GetParam(), rig, 100'000));
    ASSERT_TRUE(first);
    ASSERT_TRUE((*first)->start());
    std::array<PowerSample, 64> samples;
    ASSERT_TRUE((*first)->read(samples, milliseconds(500)));
  }
  auto again = openMeter(settingsFor(GetParam(), rig, 100'000));
  ASSERT_TRUE(again) << again.error().text();
  const Tally tally = readSamples(**again, 20'000);
  EXPECT_FALSE(tally.error);
  EXPECT_EQ(tally.missing, 0U);
}

INSTANTIATE_TEST_SUITE_P(, EveryMeter, testing::Values("ppk2", "lpm01a"),
                         [](const auto& meter) { return std::string(meter.param); });

TEST(Lpm01aMeter, ReportsFallingEdgesAsEventsInText) {
  const Rig rig("lpm01a", {});
  auto meter = openMeter(settingsFor("lpm01a", rig, 5000));
  ASSERT_TRUE(meter) << meter.error().text();
  EXPECT_EQ((*meter)->facts().trigger, TriggerKind::Events);
  const Tally tally = readSamples(**meter, 5000);
  EXPECT_EQ(tally.outOfStep, 0U);
  EXPECT_NEAR(static_cast<double>(tally.events), static_cast<double>(tally.samples) / 50, 1);
}

TEST(Lpm01aMeter, ReportsOvercurrentAndStops) {
  for (const double hz : {5000.0, 100'000.0}) {
    MeterFaults faults;
    faults.overloadAt = 0.2;
    const Rig rig("lpm01a", faults);
    auto meter = openMeter(settingsFor("lpm01a", rig, hz));
    ASSERT_TRUE(meter) << meter.error().text();
    const Tally tally = readSamples(**meter, 1'000'000);
    ASSERT_TRUE(tally.error);
    EXPECT_EQ(tally.error->what,
              "overcurrent: the meter stopped (Overcurrent >59mA, dynamic acquisition stopped)");
    EXPECT_NEAR(static_cast<double>(tally.samples), 0.3 * hz, 0.01 * hz);
  }
}

TEST(Ppk2Meter, MarksSamplesBeyondItsRange) {
  MeterFaults faults;
  faults.overloadAt = 0.1;
  const Rig rig("ppk2", faults);
  auto meter = openMeter(settingsFor("ppk2", rig, 0));
  ASSERT_TRUE(meter) << meter.error().text();
  ASSERT_TRUE((*meter)->start());
  std::array<PowerSample, 4096> piece;
  std::size_t samples = 0;
  std::size_t overloads = 0;
  while (samples < 20'000) {
    const auto got = (*meter)->read(piece, milliseconds(100));
    ASSERT_TRUE(got);
    for (std::size_t i = 0; i < *got && samples < 20'000; ++i, ++samples) {
      if ((piece[i].flags & PowerSample::kOverload) != 0) ++overloads;
    }
  }
  EXPECT_EQ(overloads, 10'000U);
}

TEST(MeterNames, SayWhichMeterAndWhere) {
  const auto meter = readMeterName("ppk2:/dev/ttyACM0");
  ASSERT_TRUE(meter);
  EXPECT_EQ(meter->kind, "ppk2");
  EXPECT_EQ(meter->port, "/dev/ttyACM0");
  EXPECT_EQ(readMeterName("joule:x").error().text(),
            "--power: \"joule\" is no power meter; there are lpm01a:PORT, ppk2:PORT and csv:FILE");
  EXPECT_EQ(readMeterName("ppk2").error().text(), "--power: ppk2 wants a port behind a colon");
  EXPECT_EQ(readMeterName("csv:", true).error().text(), "--power: csv wants a file behind a colon");
  EXPECT_TRUE(readMeterName("lpm01a", true));
}

TEST(MeterSettingsTest, OutOfRangeAreRefused) {
  MeterSettings settings;
  settings.kind = "lpm01a";
  settings.port = "/dev/null";
  settings.sampleHz = 3000;
  EXPECT_EQ(openMeter(settings).error().text(),
            "lpm01a: no rate of 3000 samples a second; it has 1, 2, 5, 10, ... 100000");
  settings.sampleHz = 1000;
  settings.sourceVolts = 5;
  EXPECT_EQ(openMeter(settings).error().text(), "lpm01a: 5 V are not within its 1.8 to 3.3 V");
  settings.kind = "ppk2";
  settings.sourceVolts = 0.5;
  EXPECT_EQ(openMeter(settings).error().text(), "ppk2: 0.5 V are not within 0.8 to 5 V");
}

}  // namespace
}  // namespace mcuprof
