#pragma once

#include <string>

#include "device-agent/host/session.hpp"

namespace mcuprof::cli {

/// Shows how far a run is on standard error: a bar that stays on one line of a terminal, a line a
/// step elsewhere.
class ProgressDisplay {
 public:
  /// With MCUPROF_PROGRESS=json in the environment, for programs: an object a line with every
  /// change and every layer's result instead.
  ProgressDisplay();
  ~ProgressDisplay();
  ProgressDisplay(const ProgressDisplay&) = delete;
  ProgressDisplay& operator=(const ProgressDisplay&) = delete;

  void show(const RunProgress& progress);
  /// Takes the bar away, so that other text can be written.
  void clear();

 private:
  bool m_json;
  bool m_terminal;
  std::string m_step;
  int m_shown = -1;  ///< percent
};

}  // namespace mcuprof::cli
