#pragma once

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <span>
#include <string>

#include "analyzer/base/result.hpp"

namespace mcuprof {

/// A serial port or a pseudo-terminal, raw: 8 bits, no parity, no flow control, no other reader.
class SerialPort {
 public:
  /// Errors say what is at `path` instead: nothing, no serial port, no permission, in use.
  /// `baud` is one of 115200, 921600, 3686400 (as near as the system has it); a USB port ignores
  /// it.
  static Result<SerialPort> open(const std::string& path, std::uint32_t baud);

  SerialPort(SerialPort&& other) noexcept;
  SerialPort& operator=(SerialPort&&) = delete;
  ~SerialPort();

  const std::string& path() const { return m_path; }

  /// Bytes that were read, at least one unless `wait` passed without any. An error when the port is
  /// gone.
  Result<std::size_t> read(std::span<std::byte> out, std::chrono::milliseconds wait);
  /// Writes all of it; an error when it takes longer than a second.
  Result<void> write(std::span<const std::byte> bytes);
  Result<void> write(std::string_view text);
  /// Drops what comes until nothing came for `silence`, at most `atMost`.
  Result<void> drain(std::chrono::milliseconds silence, std::chrono::milliseconds atMost);

 private:
  SerialPort(int file, std::string path) : m_file(file), m_path(std::move(path)) {}
  Error gone() const;

  int m_file = -1;
  std::string m_path;
};

}  // namespace mcuprof
