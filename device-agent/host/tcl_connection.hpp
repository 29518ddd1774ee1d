#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "analyzer/base/result.hpp"

namespace mcuprof {

/// One connection to OpenOCD's Tcl port on this machine: messages that end with the byte 0x1a, in
/// both directions.
class TclConnection {
 public:
  static Result<TclConnection> open(std::uint16_t port);

  TclConnection(TclConnection&& other) noexcept;
  TclConnection& operator=(TclConnection&&) = delete;
  ~TclConnection();

  /// Readable when there is something to receive(); -1 once the other side closed.
  int file() const { return m_file; }
  /// Sends `message` and the end byte. OpenOCD reads at once, so this does not wait.
  Result<void> send(std::string_view message);
  /// Takes in what has arrived, without waiting. An error when the connection is gone.
  Result<void> receive();
  /// The next complete message that was received, without its end byte.
  std::optional<std::string> next();

 private:
  explicit TclConnection(int file) : m_file(file) {}

  int m_file = -1;
  std::string m_received;
};

}  // namespace mcuprof
