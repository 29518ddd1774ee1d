#pragma once

#include <cstddef>
#include <cstdint>
#include <deque>
#include <optional>
#include <span>
#include <string>
#include <vector>

#include "device-agent/virtual-board/virtual_board.hpp"

namespace mcuprof::vboard {

/// The direction of the data of a command, as the server's protocol encodes it.
enum class Direction : std::uint8_t { Write = 0, Read = 1, ReadTrace = 3 };

/// A debug probe of the make ST-LINK/V3 and the board it is wired to: decodes command blocks and
/// acts on the board. It accepts any bytes.
class Probe {
 public:
  Probe(std::string serial, std::unique_ptr<VirtualBoard> board);

  const std::string& serial() const { return m_serial; }
  VirtualBoard& board() { return *m_board; }
  const VirtualBoard& board() const { return *m_board; }

  static constexpr std::size_t kCommandBytes = 16;
  static constexpr std::uint16_t kVendor = 0x0483;
  static constexpr std::uint16_t kProduct = 0x374e;

  /// Carries out one command. `command` has kCommandBytes; `data` is what follows a write. The
  /// reply has `replyBytes`, zeros where the command has nothing to say.
  std::vector<std::byte> execute(std::span<const std::byte> command, Direction direction,
                                 std::span<const std::byte> data, std::size_t replyBytes);

  /// Lets the core run; false when it had nothing to do.
  bool run(std::uint64_t cycles);

  std::uint64_t commands() const { return m_commands; }

 private:
  void debugCommand(std::span<const std::byte> command, std::span<const std::byte> data,
                    std::span<std::byte> reply);
  void memoryCommand(std::uint8_t code, std::span<const std::byte> command,
                     std::span<const std::byte> data, std::span<std::byte> reply);
  std::uint8_t readDap(std::uint16_t port, std::uint16_t reg, std::uint32_t& value);
  std::uint8_t writeDap(std::uint16_t port, std::uint16_t reg, std::uint32_t value);
  std::uint8_t accessDataRegister(std::uint32_t& value, bool write);
  void miscBatch(std::span<const std::byte> command, std::span<const std::byte> data);
  void collectTrace();

  std::string m_serial;
  std::unique_ptr<VirtualBoard> m_board;
  std::uint64_t m_commands = 0;
  std::uint8_t m_mode = 1;
  std::uint8_t m_lastStatus = 0x80;
  std::uint32_t m_lastFaultAddress = 0;
  std::uint32_t m_dpControl = 0;
  std::uint32_t m_dpSelect = 0;
  std::uint32_t m_csw = 0x23000052;
  std::uint32_t m_tar = 0;
  std::vector<std::byte> m_miscReply;
  std::optional<std::uint32_t> m_traceHz;  ///< while trace is received
  std::deque<std::uint8_t> m_trace;
  std::uint32_t m_noise = 0x9e3779b9;  ///< xorshift32, for losses that are the same in every run
};

}  // namespace mcuprof::vboard
