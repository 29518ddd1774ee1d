#pragma once

#include <sys/types.h>

#include <chrono>
#include <optional>
#include <string>
#include <vector>

#include "analyzer/base/result.hpp"

namespace mcuprof {

using Clock = std::chrono::steady_clock;
using Milliseconds = std::chrono::milliseconds;

/// A child process that is always got rid of.
///
/// It leads a process group of its own, so that Ctrl-C on the terminal reaches us and not it, and
/// the kernel kills it when we die in whatever way. Its standard input is a pipe that closes with
/// the object; standard output and standard error arrive together as lines.
class Process {
 public:
  /// Starts `words[0]`, looked up in PATH, with the rest as arguments. The error says why it could
  /// not be started (not found, not executable).
  static Result<Process> start(std::vector<std::string> words);

  Process(Process&& other) noexcept;
  Process& operator=(Process&&) = delete;
  /// Ends the process as end() does, with kGrace.
  ~Process();

  static constexpr Milliseconds kGrace{2000};

  pid_t id() const { return m_id; }
  /// Readable when there is output or the process closed it; -1 once it did.
  int outputFile() const { return m_output; }
  /// Takes what output there is, without waiting; the complete lines, control characters as they
  /// are. Also appended to log().
  std::vector<std::string> readLines();
  /// Everything that was read so far, at most the last 64 KiB.
  const std::string& log() const { return m_log; }

  /// Whether it still runs.
  bool running();
  /// Status as the shell shows it: what it exited with, or 128 + the signal that ended it. Nothing
  /// while it runs.
  std::optional<int> status() const { return m_status; }

  /// SIGTERM to its group; SIGKILL when it is still there after `grace` (OpenOCD ignores SIGTERM
  /// while it waits for a probe). Returns when the process is gone, also when it was before.
  void end(Milliseconds grace = kGrace);

 private:
  Process() = default;
  void closeFiles();

  pid_t m_id = -1;
  int m_input = -1;
  int m_output = -1;
  std::optional<int> m_status;
  std::string m_partial;
  std::string m_log;
};

/// The program `name`: next to our own program, or in `folder` relative to it, else `name` itself
/// for PATH to find.
std::string programBeside(const std::string& folder, const std::string& name);

/// Milliseconds until `deadline` for poll(), at least 0.
int pollTime(Clock::time_point deadline);

}  // namespace mcuprof
