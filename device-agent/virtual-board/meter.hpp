#pragma once

#include <cstddef>
#include <cstdint>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "analyzer/base/result.hpp"
#include "device-agent/virtual-board/activity.hpp"

namespace mcuprof::vboard {

/// What is to go wrong with a meter, by request.
struct MeterFaults {
  double missing = 0;                ///< share of samples that get lost
  std::optional<double> overloadAt;  ///< s of samples after which the current is too much
  std::optional<double> unplugAt;    ///< s of samples after which the meter is gone
  double driftPpm = 0;               ///< by which its clock is fast
  bool silent = false;               ///< it answers nothing
};

/// Cuts the board's activity into samples of equal length.
class SampleClock {
 public:
  /// `hz` by the meter's own clock, which is fast by `driftPpm`.
  SampleClock(double hz, double driftPpm) : m_period(1 / (hz * (1 + driftPpm * 1e-6))) {}

  struct Sample {
    double amperes = 0;     ///< mean over the sample
    std::uint8_t pins = 0;  ///< at its beginning
    unsigned falls = 0;     ///< how often the mark pin fell within it
  };

  /// Calls `take(Sample)` for each sample that `activity` completes.
  template <typename Take>
  void add(const Activity& activity, Take&& take) {
    if ((m_pins & kMarkPin) != 0 && (activity.pins & kMarkPin) == 0) ++m_sample.falls;
    m_pins = activity.pins;
    double left = activity.seconds;
    while (m_filled + left >= m_period) {
      const double part = m_period - m_filled;
      m_sample.amperes = (m_charge + part * activity.amperes) / m_period;
      take(m_sample);
      left -= part;
      m_filled = m_charge = 0;
      m_sample = {0, activity.pins, 0};
    }
    m_filled += left;
    m_charge += left * activity.amperes;
  }

 private:
  double m_period;
  double m_filled = 0;
  double m_charge = 0;
  std::uint8_t m_pins = 0;
  Sample m_sample;
};

/// A power meter on a wire: takes bytes from its host, gives bytes back, and measures what it is
/// fed. Its time is the board's.
class Meter {
 public:
  explicit Meter(const MeterFaults& faults) : m_faults(faults) {}
  virtual ~Meter() = default;

  virtual void receive(std::span<const std::byte> bytes) = 0;
  virtual void feed(const Activity& activity) = 0;
  /// The host has closed the port.
  virtual void closed() = 0;

  std::vector<std::byte>& output() { return m_output; }
  /// Pulled out of its port.
  bool isGone() const { return m_gone; }

 protected:
  void put(std::string_view text);
  void put(std::span<const std::uint8_t> bytes);
  /// Whether the next sample gets lost; the same ones in every run.
  bool loses();
  /// Whether fault times have come, `seconds` after the start.
  bool overloaded(double seconds) const {
    return m_faults.overloadAt && seconds >= *m_faults.overloadAt;
  }
  void look(double seconds) {
    if (m_faults.unplugAt && seconds >= *m_faults.unplugAt) m_gone = true;
  }

  MeterFaults m_faults;
  std::vector<std::byte> m_output;
  bool m_gone = false;

 private:
  std::uint32_t m_noise = 0x9e3779b9;  ///< xorshift32
};

/// An X-NUCLEO-LPM01A that supplies the board: its text commands and both its formats.
std::unique_ptr<Meter> makeLpm01a(double volts, const MeterFaults& faults);
/// A Power Profiler Kit II with calibration constants of its own.
std::unique_ptr<Meter> makePpk2(double volts, const MeterFaults& faults);
/// Writes samples to a CSV file from the beginning on: time, current, trigger.
Result<std::unique_ptr<Meter>> makeCsvMeter(const std::string& path, double hz,
                                            const MeterFaults& faults);

/// Adds the part behind "meter-" of a `--fault` option: missing=RATE, overload@S, unplug@S,
/// drift=PPM, silent. False when it is none of these.
bool addMeterFault(MeterFaults& faults, std::string_view text);

}  // namespace mcuprof::vboard
