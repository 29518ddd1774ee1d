#pragma once

#include <memory>
#include <optional>
#include <string>

#include "analyzer/cli/options.hpp"
#include "analyzer/target/target.hpp"
#include "db/energy.hpp"
#include "device-agent/host/power/power_meter.hpp"
#include "device-agent/host/power/recorder.hpp"
#include "device-agent/host/session.hpp"

namespace mcuprof::cli {

/// The power meter of a run. Nothing of it ends the run: what fails is told by finish().
class PowerStage {
 public:
  /// Errors are of the options only.
  static Result<PowerStage> make(const RunOptions& options, const Board& board);

  /// Has the meter opened ahead of the board, which it may supply; the virtual board brings its
  /// own.
  void addTo(ConnectionOptions& connection);
  void addTo(RunPlan& plan);

  /// What was measured, once the board has been left. Waits for a csv file.
  db::RunEnergy finish(const RunMeasurement& measured, const Board& board);

 private:
  struct State {
    MeterSettings settings;
    std::unique_ptr<PowerRecorder> recorder;
    std::optional<Error> error;  ///< why there is no recorder
  };

  /// That whole inferences are to take together.
  double windowSeconds() const;

  PowerStage() : m_state(std::make_unique<State>()) {}

  std::unique_ptr<State> m_state;  ///< stays where it is: callbacks know it
  std::string m_virtualMeter;      ///< of mcuprof-vboard; empty: none
  bool m_mlperf = false;
};

}  // namespace mcuprof::cli
