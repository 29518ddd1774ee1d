#include "device-agent/virtual-board/activity.hpp"

#include <algorithm>
#include <cmath>

namespace mcuprof::vboard {
namespace {

constexpr double kAssumedSleepShare = 0.3;

}  // namespace

PowerModel::PowerModel(const Board& board) {
  if (board.power.supplyVolts) m_volts = board.power.supplyVolts->value;
  const auto rated = static_cast<double>(board.clockHz.value);
  double nearest = 0;
  for (const RunCurrent& run : board.power.run) {
    if (run.cachesOff || run.clockHz <= 0) continue;
    const double distance = std::abs(std::log(static_cast<double>(run.clockHz) / rated));
    if (m_runAmperes > 0 && distance >= nearest) continue;
    nearest = distance;
    m_runAmperes = run.milliamps.value / 1000;
    m_clockHz = static_cast<double>(run.clockHz);
  }
  m_sleepAmperes = kAssumedSleepShare * m_runAmperes;
  for (const SleepCurrent& sleep : board.power.sleep) {
    // "sleep at 216 MHz"; stop and standby are deeper than the agent goes.
    if (sleep.state.find("sleep") == std::string::npos ||
        sleep.state.find("stop") != std::string::npos) {
      continue;
    }
    m_sleepAmperes = sleep.milliamps.value / 1000;
    break;
  }
}

double PowerModel::amperes(std::uint64_t coreHz, bool asleep) const {
  return (asleep ? m_sleepAmperes : m_runAmperes) * static_cast<double>(coreHz) / m_clockHz;
}

void ActivityLog::note(Ticks now, std::uint64_t coreHz, bool asleep) {
  if (now <= m_last) return;
  const double cycles = static_cast<double>(now - m_last) / (1u << kTickBits);
  m_last = now;
  const double seconds = cycles / static_cast<double>(coreHz);
  const double amperes = m_model.amperes(coreHz, asleep);
  if (!m_log.empty() && m_log.back().amperes == amperes && m_log.back().pins == m_pins) {
    m_log.back().seconds += seconds;
  } else {
    m_log.push_back({seconds, amperes, m_pins});
  }
}

}  // namespace mcuprof::vboard
