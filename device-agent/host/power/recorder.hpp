#pragma once

#include <atomic>
#include <memory>
#include <optional>
#include <string>
#include <thread>
#include <vector>

#include "device-agent/host/power/power_meter.hpp"

namespace mcuprof {

/// What a meter gave.
struct PowerRecording {
  MeterFacts facts;
  std::vector<PowerSample> samples;
  std::uint64_t missing = 0;
  std::vector<std::string> findings;
  std::optional<Error> error;  ///< that ended it early; the samples before hold
};

/// Reads a meter while something else is measured: a live meter in a thread of its own, since its
/// samples wait for nobody; a file once it is there.
class PowerRecorder {
 public:
  explicit PowerRecorder(std::unique_ptr<PowerMeter> meter) : m_meter(std::move(meter)) {}
  ~PowerRecorder();
  PowerRecorder(const PowerRecorder&) = delete;
  PowerRecorder& operator=(const PowerRecorder&) = delete;

  const PowerMeter& meter() const { return *m_meter; }

  Result<void> start();
  /// Whether a live meter gave an error meanwhile, so that there is nothing to wait for.
  bool hasFailed() const { return m_failed; }
  /// Ends the measurement. Of a live meter everything has been read when it returns.
  void stop();
  /// Waits for a file if it must; call it once, after stop().
  PowerRecording take();

  /// More than this is no measurement of a model: about ten minutes at the highest rate.
  static constexpr std::size_t kMostSamples = 60'000'000;

 private:
  void readAll();
  std::optional<Error> readToTheEnd();

  std::unique_ptr<PowerMeter> m_meter;
  std::thread m_thread;
  std::atomic<bool> m_stopping = false;
  std::atomic<bool> m_failed = false;
  bool m_started = false;
  PowerRecording m_recording;
};

}  // namespace mcuprof
