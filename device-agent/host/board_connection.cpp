#include "device-agent/host/board_connection.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <charconv>
#include <string_view>

#include "device-agent/host/interrupt.hpp"

namespace mcuprof {
namespace {

/// Below this no chip of ours runs (datasheets: 1.7 V and more).
constexpr double kLeastVolts = 1.5;
constexpr Milliseconds kResetTime{10'000};

/// What follows `lead` in the last line that has it.
std::string lastAfter(const std::vector<std::string>& lines, std::string_view lead) {
  for (auto line = lines.rbegin(); line != lines.rend(); ++line) {
    const std::size_t at = line->find(lead);
    if (at != std::string::npos) return line->substr(at + lead.size());
  }
  return {};
}

std::optional<double> numberOf(const std::string& text) {
  double value = 0;
  const auto [end, code] = std::from_chars(text.data(), text.data() + text.size(), value);
  return code == std::errc() && end != text.data() ? std::optional(value) : std::nullopt;
}

Result<OpenocdOptions> openocdOptions(const Board& board, const ConnectionOptions& options,
                                      std::uint16_t virtualPort) {
  OpenocdOptions out;
  out.program = options.openocd;
  if (!options.configuration.empty()) {
    out.addFile(options.configuration);
  } else if (options.probe.empty() && !board.debug.openocdConfig.empty()) {
    out.addFile(board.debug.openocdConfig);
  } else if (!board.debug.openocdTarget.empty()) {
    const std::string probe = options.probe.empty() ? "stlink" : options.probe;
    out.addFile("interface/" + probe + ".cfg");
    out.commands.push_back(probe == "stlink" ? "transport select hla_swd" : "transport select swd");
    out.addFile(board.debug.openocdTarget);
    if (probe == "stlink") out.commands.push_back("reset_config srst_only");
  } else {
    return Error{board.name,
                 "the board file names no OpenOCD configuration; give --openocd-config FILE"};
  }
  if (virtualPort != 0) {
    // The name of the command depends on the transport: hla_swd for the boards' own files.
    out.commands.push_back(fmt::format("hla_stlink_backend tcp {}", virtualPort));
  }
  if (!options.serial.empty()) {
    out.commands.push_back("adapter serial " + tclWord(options.serial));
  }
  if (options.speedKhz > 0) {
    out.commands.push_back(fmt::format("adapter speed {}", options.speedKhz));
  }
  return out;
}

/// What OpenOCD 0.12 says when it finds no ST-LINK, J-Link or CMSIS-DAP probe.
bool saysNoProbe(const std::string& said) {
  constexpr std::string_view kTexts[] = {"open failed", "No J-Link device found",
                                         "unable to find a matching CMSIS-DAP device"};
  return std::ranges::any_of(
      kTexts, [&](std::string_view text) { return said.find(text) != std::string::npos; });
}

Error noProbe(const Board& board, const ConnectionOptions& options, const std::string& said) {
  const std::string which =
      options.serial.empty() ? "" : fmt::format(" with serial number {}", options.serial);
  return {
      board.name,
      fmt::format("no debug probe{} found ({}): connect the board by its debug USB port, or add "
                  "--virtual to run on the virtual board",
                  which, said)};
}

}  // namespace

Result<BoardConnection> BoardConnection::open(const Board& board,
                                              const ConnectionOptions& options) {
  BoardConnection connection;
  connection.m_chip = findChipFacts(board.name);
  if (connection.m_chip == nullptr) {
    return Error{board.name,
                 "the device agent does not run on this board; it does on nucleo-f767zi, "
                 "nucleo-f746zg, nucleo-f429zi, nucleo-f207zg and nucleo-f091rc"};
  }
  std::uint16_t port = 0;
  if (options.isVirtual) {
    auto started = VirtualBoard::start(board.name, options.virtualOptions);
    if (!started) return started.error();
    connection.m_virtual.emplace(std::move(*started));
    port = connection.m_virtual->port();
  }
  if (options.beforeConnecting) {
    options.beforeConnecting(connection.m_virtual ? connection.m_virtual->meterPath() : "");
  }
  auto wanted = openocdOptions(board, options, port);
  if (!wanted) return wanted.error();
  auto openocd = Openocd::start(*wanted);
  if (!openocd) return openocd.error();
  connection.m_openocd = std::move(*openocd);

  const auto connected = connection.m_openocd->connect();
  const auto lines = connection.m_openocd->linesSince(0);
  connection.m_volts = numberOf(lastAfter(lines, "Target voltage: "));
  if (const std::string probe = lastAfter(lines, "Info : STLINK "); !probe.empty()) {
    connection.m_probe = "STLINK " + probe;
  }
  if (connection.m_volts && *connection.m_volts < kLeastVolts) {
    return Error{board.name, fmt::format("the target has no power: the probe measures {:.1f} V; "
                                         "check the board's supply and its power jumpers",
                                         *connection.m_volts)};
  }
  if (!connected) {
    if (Interrupt::happened()) return connected.error();
    const std::string said = connected.error().text();
    if (connection.m_probe.empty() && saysNoProbe(said)) return noProbe(board, options, said);
    return connected.error();
  }
  auto idcode = connection.m_openocd->readWords(connection.m_chip->idcodeAddress, 1);
  if (!idcode) return idcode.error();
  const auto device = static_cast<std::uint16_t>(idcode->front() & 0xfff);
  if (device != connection.m_chip->device) {
    const std::string_view name = chipName(device);
    return Error{board.name,
                 fmt::format("wrong chip: found {}device id {:#x}, wanted {} (device id {:#x}); "
                             "nothing was written",
                             name.empty() ? "" : std::string(name) + ", ", device,
                             chipName(connection.m_chip->device), connection.m_chip->device)};
  }
  return connection;
}

Result<void> BoardConnection::resetAndHalt() {
  auto done = m_openocd->call("reset halt", kResetTime);
  if (!done) return done.error();
  return {};
}

Result<bool> BoardConnection::startTrace(std::uint32_t coreHz, std::uint32_t baud,
                                         std::string& why) {
  if (m_chip->tpiu.empty()) {
    why = "the core has no trace port";
    return false;
  }
  if (auto done = m_openocd->subscribeTrace(); !done) return done.error();
  const std::string configure =
      fmt::format("{} configure -protocol uart -output - -formatter 0 -traceclk {} -pin-freq {}",
                  m_chip->tpiu, coreHz, baud);
  for (const std::string& command :
       {configure, std::string(m_chip->tpiu) + " enable", std::string("itm port 0 on")}) {
    auto done = m_openocd->call(command);
    if (done) continue;
    if (Interrupt::happened() || m_openocd->processId() < 0) return done.error();
    why = done.error().text();
    return false;
  }
  return true;
}

Result<void> BoardConnection::resume() {
  auto done = m_openocd->call("resume");
  if (!done) return done.error();
  return {};
}

void BoardConnection::close(bool halted) {
  if (m_openocd) m_openocd->stop(halted ? "halt" : "resume");
  m_openocd.reset();
  m_virtual.reset();
}

}  // namespace mcuprof
