#pragma once

#include <chrono>
#include <cstddef>
#include <string>

namespace mcuprof::cli {

/// "checking 12 of 20" on one line of standard error: only on a terminal, and only once the work
/// has taken half a second. The line is gone when the object is.
class ProgressLine {
 public:
  ProgressLine(std::string what, std::size_t total);
  ~ProgressLine();
  ProgressLine(const ProgressLine&) = delete;
  ProgressLine& operator=(const ProgressLine&) = delete;

  /// One more is done.
  void step();

 private:
  std::string m_what;
  std::size_t m_total;
  std::size_t m_done = 0;
  bool m_terminal;
  bool m_shown = false;
  std::chrono::steady_clock::time_point m_next;
};

}  // namespace mcuprof::cli
