#pragma once

#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "analyzer/base/result.hpp"
#include "analyzer/target/target.hpp"
#include "device-agent/host/chip.hpp"
#include "device-agent/host/openocd.hpp"
#include "device-agent/host/virtual_board.hpp"

namespace mcuprof {

/// How to reach a board.
struct ConnectionOptions {
  bool isVirtual = false;
  std::vector<std::string> virtualOptions;  ///< more arguments of mcuprof-vboard
  std::string openocd = "openocd";          ///< the program
  std::string configuration;  ///< in place of the board file's; a file that OpenOCD finds
  std::string probe;          ///< "stlink" (default), "jlink", "cmsis-dap": with the target's file
  std::string serial;         ///< of the probe, where several are connected
  std::int64_t speedKhz = 0;  ///< of the debug wire; 0: as the configuration says
  /// Called before the board is touched, when a virtual one has started: with the path of its power
  /// meter, else with an empty one. A meter may have to supply the board first.
  std::function<void(const std::string&)> beforeConnecting;
};

/// A board behind OpenOCD: connected, its chip identified.
class BoardConnection {
 public:
  /// Starts the virtual board if asked for, OpenOCD, connects and looks at the chip. Writes
  /// nothing. Errors say what is missing and what helps: no OpenOCD, no probe, no power, another
  /// chip than the board's.
  static Result<BoardConnection> open(const Board& board, const ConnectionOptions& options);

  Openocd& openocd() { return *m_openocd; }
  const ChipFacts& chip() const { return *m_chip; }
  /// "STLINK V3J9M3B4S1 (API v3) VID:PID 0483:374E"; empty when OpenOCD did not say.
  const std::string& probe() const { return m_probe; }
  std::optional<double> targetVolts() const { return m_volts; }

  /// Resets the core and stops it at its first instruction.
  Result<void> resetAndHalt();
  /// Starts to receive SWO: stimulus port 0 at `baud`, the core being at `coreHz` when it sends.
  /// False where the board or the probe has none; `why` then says so.
  Result<bool> startTrace(std::uint32_t coreHz, std::uint32_t baud, std::string& why);
  Result<void> resume();

  /// Ends OpenOCD and the virtual board. Leaves the core running or halted.
  void close(bool halted);

 private:
  BoardConnection() = default;

  std::optional<VirtualBoard> m_virtual;  // goes after OpenOCD, which is connected to it
  std::unique_ptr<Openocd> m_openocd;
  const ChipFacts* m_chip = nullptr;
  std::string m_probe;
  std::optional<double> m_volts;
};

}  // namespace mcuprof
