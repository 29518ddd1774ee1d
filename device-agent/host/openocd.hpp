#pragma once

#include <cstddef>
#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <vector>

#include "analyzer/base/result.hpp"
#include "device-agent/host/process.hpp"
#include "device-agent/host/tcl_connection.hpp"

namespace mcuprof {

/// What to start OpenOCD with.
struct OpenocdOptions {
  std::string program = "openocd";
  std::vector<std::string> commands;  ///< Tcl, in order, before the target is touched

  /// Adds a configuration file, as -f does.
  void addFile(const std::string& file);
};

/// An OpenOCD of our own: started, driven over its Tcl port, and always ended.
///
/// Nothing here waits without limit: a step that takes longer than it was given ends with an error
/// and the process is killed, for a waiting OpenOCD may hang for good. Errors carry what OpenOCD
/// itself said. After an Interrupt every call fails with "interrupted".
class Openocd {
 public:
  static constexpr Milliseconds kStartTime{10'000};
  static constexpr Milliseconds kConnectTime{20'000};
  static constexpr Milliseconds kCallTime{5'000};

  /// Starts the process and connects to it; the probe is not touched yet.
  static Result<std::unique_ptr<Openocd>> start(const OpenocdOptions& options);

  /// Connects to probe and target ("init").
  Result<void> connect();

  /// Runs a Tcl command. Returns its result without the newline at its end.
  Result<std::string> call(const std::string& command, Milliseconds timeout = kCallTime);

  /// `count` words of 32 bits from `address` on, which is a multiple of 4. The target may run.
  Result<std::vector<std::uint32_t>> readWords(std::uint32_t address, std::size_t count);
  Result<void> writeWords(std::uint32_t address, std::span<const std::uint32_t> words);

  /// From here on, what the probe captures is kept for takeTrace(). Call it before the target
  /// resumes: earlier bytes are lost.
  Result<void> subscribeTrace();
  /// Raw trace bytes since the last call.
  std::vector<std::byte> takeTrace();

  /// Lets OpenOCD work (it polls the trace) until `done` or for `time`; an error when it is gone.
  Result<void> wait(Milliseconds time, const std::function<bool()>& done = {});

  /// Lines that OpenOCD wrote from position `from` on.
  std::vector<std::string> linesSince(std::size_t from) const;
  std::size_t lineCount() const { return m_lines.size(); }
  pid_t processId() const { return m_process.id(); }

  /// Has it do `last` ("halt"), whether that works or not, asks it to shut down, then ends it.
  void stop(const std::string& last = {});

 private:
  explicit Openocd(Process process) : m_process(std::move(process)) {}

  Result<void> pump(Clock::time_point deadline);
  Error gone();
  /// "what: the error lines since `from`".
  Error failed(const std::string& what, std::size_t from) const;

  Process m_process;
  std::vector<std::string> m_lines;
  std::optional<TclConnection> m_commands;
  std::optional<std::string> m_answer;  ///< that came and nobody took yet
  std::uint16_t m_port = 0;
  std::vector<std::byte> m_trace;
};

/// Trace bytes of one Tcl notification, "type target_trace data 0a1b..."; nothing when it is
/// another kind of message or its digits are wrong.
std::optional<std::vector<std::byte>> traceOf(std::string_view notice);

/// The words in OpenOCD's answer to read_memory, as "0x1 0xff"; nothing when it is no such list.
std::optional<std::vector<std::uint32_t>> wordsOf(std::string_view answer);

/// `text` as one word of a Tcl command, whatever it contains.
std::string tclWord(std::string_view text);

}  // namespace mcuprof
