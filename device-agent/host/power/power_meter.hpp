#pragma once

#include <chrono>
#include <cstdint>
#include <functional>
#include <memory>
#include <span>
#include <string>
#include <vector>

#include "analyzer/base/result.hpp"

namespace mcuprof {

/// What a sample's value is.
enum class PowerQuantity : std::uint8_t { Amperes, Watts };

/// One sample of a power meter.
struct PowerSample {
  double time =
      0;  ///< s since the meter started, by its own clock; the sample lasts until the next
  float value = 0;  ///< A or W, as MeterFacts says
  std::uint8_t flags = 0;

  static constexpr std::uint8_t kTrigger = 1;   ///< the trigger input was high
  static constexpr std::uint8_t kEvent = 2;     ///< the trigger fell within this sample
  static constexpr std::uint8_t kOverload = 4;  ///< beyond the meter's range: the value is too low
  static constexpr std::uint8_t kGap = 8;       ///< samples are missing ahead of this one
};

/// How a meter tells of the trigger input.
enum class TriggerKind : std::uint8_t {
  None,
  Level,   ///< kTrigger in each sample
  Events,  ///< kEvent where it fell
};

/// What is known of a meter once it is open.
struct MeterFacts {
  std::string kind;    ///< "lpm01a", "ppk2", "csv"
  std::string detail;  ///< version, calibration, file
  PowerQuantity quantity = PowerQuantity::Amperes;
  TriggerKind trigger = TriggerKind::None;
  double sampleHz = 0;       ///< 0: not known before the samples are there
  double settleSeconds = 0;  ///< after a step of the current, until samples show it
  /// Supply voltage where the meter itself gives it; 0: it does not.
  double supplyVolts = 0;
};

/// How a meter is to be used.
struct MeterSettings {
  std::string kind;        ///< "lpm01a", "ppk2", "csv"
  std::string port;        ///< device or file
  double sampleHz = 0;     ///< 0: the meter's own choice
  double sourceVolts = 0;  ///< the meter supplies the board with that; 0: only where it has to
  /// For a meter that only measures current, where it needs the voltage to do so.
  double nominalVolts = 3.3;
  std::chrono::seconds fileWait{600};  ///< until a csv file is there
  std::function<bool()> cancelled;     ///< ends that wait; may be empty
};

/// One power meter: opened, started, read until it has ended, stopped.
class PowerMeter {
 public:
  virtual ~PowerMeter() = default;

  virtual const MeterFacts& facts() const = 0;
  /// Whether samples come while it measures. A file is there only afterwards.
  virtual bool isLive() const = 0;

  virtual Result<void> start() = 0;
  /// Fills `out` from its beginning with the next samples and returns how many. 0: none came within
  /// `wait`, or, after stop(), there are no more. An error ends the measurement; what was read
  /// before holds.
  virtual Result<std::size_t> read(std::span<PowerSample> out, std::chrono::milliseconds wait) = 0;
  /// Ends the measurement; read() then gives what is left.
  virtual Result<void> stop() = 0;
  /// Samples that are known to be missing so far.
  virtual std::uint64_t missing() const = 0;
  /// What is to be known about the samples so far, for people.
  virtual std::vector<std::string> findings() const { return {}; }
};

/// Opens the meter and makes sure that it is one: the error says what answered in its place. A
/// meter that supplies the board does so from here on.
Result<std::unique_ptr<PowerMeter>> openMeter(const MeterSettings& settings);

/// "ppk2:/dev/ttyACM0", "csv:trace.csv" as kind and port. Errors: no such kind, no port. With
/// `mayLackPort` the port may be absent.
Result<MeterSettings> readMeterName(const std::string& text, bool mayLackPort = false);

// One driver a file.
Result<std::unique_ptr<PowerMeter>> openLpm01a(const MeterSettings& settings);
Result<std::unique_ptr<PowerMeter>> openPpk2(const MeterSettings& settings);
Result<std::unique_ptr<PowerMeter>> openCsvMeter(const MeterSettings& settings);

}  // namespace mcuprof
