#pragma once

#include <cstdint>
#include <utility>
#include <vector>

#include "analyzer/target/target.hpp"
#include "device-agent/virtual-board/ticks.hpp"

namespace mcuprof::vboard {

/// Pins that a power meter sees.
enum MeterPin : std::uint8_t {
  kMarkPin = 1,
  kLayerPin = 2,
};

/// A time in which the board drew the same current and showed the same pins.
struct Activity {
  double seconds = 0;
  double amperes = 0;
  std::uint8_t pins = 0;
};

/// What the core draws, from the currents in the board's file: the run current of the nearest clock
/// with caches on, in proportion to the clock, and the current in sleep. Where the file has none
/// for sleep it is 30 % of the run current (assumed; 27 % on the STM32F7).
class PowerModel {
 public:
  explicit PowerModel(const Board& board);
  /// False for a board without a run current.
  bool known() const { return m_runAmperes > 0; }
  double amperes(std::uint64_t coreHz, bool asleep) const;
  double volts() const { return m_volts; }

 private:
  double m_runAmperes = 0;
  double m_sleepAmperes = 0;
  double m_clockHz = 1;
  double m_volts = 3.3;
};

/// Follows the board: note() ends a stretch of time, then whatever changed may change.
class ActivityLog {
 public:
  explicit ActivityLog(const Board& board) : m_model(board) {}

  const PowerModel& model() const { return m_model; }
  /// Until `now` the core ran at `coreHz`, or slept.
  void note(Ticks now, std::uint64_t coreHz, bool asleep);
  void setPins(std::uint8_t pins) { m_pins = pins; }
  /// What has happened since the last call.
  std::vector<Activity> take() { return std::exchange(m_log, {}); }

 private:
  PowerModel m_model;
  Ticks m_last = 0;
  std::uint8_t m_pins = 0;
  std::vector<Activity> m_log;
};

}  // namespace mcuprof::vboard
