#include "device-agent/virtual-board/meter_port.hpp"

#include <fcntl.h>
#include <poll.h>
#include <stdlib.h>
#include <termios.h>
#include <unistd.h>

#include <array>
#include <cerrno>
#include <charconv>
#include <cstring>
#include <utility>

#include <fmt/format.h>

namespace mcuprof::vboard {
namespace {

constexpr double kCsvHz = 10'000;

}  // namespace

Result<std::unique_ptr<MeterPort>> MeterPort::open(const std::string& name, VirtualBoard& board,
                                                   const MeterFaults& faults) {
  const auto colon = name.find(':');
  const std::string kind = name.substr(0, colon);
  std::string path = colon == std::string::npos ? "" : name.substr(colon + 1);
  const double volts = PowerModel(board.board()).volts();
  if (!PowerModel(board.board()).known()) {
    return Error{board.board().name, "has no run current in its file, so no meter can be fed"};
  }
  std::unique_ptr<Meter> meter;
  if (kind == "lpm01a") {
    meter = makeLpm01a(volts, faults);
  } else if (kind == "ppk2") {
    meter = makePpk2(volts, faults);
  } else if (kind == "csv" && !path.empty()) {
    double hz = kCsvHz;
    if (const auto at = path.rfind('@'); at != std::string::npos) {
      const char* const end = path.data() + path.size();
      const auto [last, code] = std::from_chars(path.data() + at + 1, end, hz);
      if (code != std::errc() || last != end || !(hz >= 1 && hz <= 1e6)) {
        return Error{"--meter", fmt::format("\"{}\" is no rate", path.substr(at + 1))};
      }
      path.resize(at);
    }
    auto made = makeCsvMeter(path, hz, faults);
    if (!made) return made.error();
    meter = *std::move(made);
  } else {
    return Error{"--meter", fmt::format("\"{}\" is none of lpm01a[:LINK], ppk2[:LINK] and "
                                        "csv:FILE[@HZ]",
                                        name)};
  }
  auto port = std::unique_ptr<MeterPort>(new MeterPort(std::move(meter)));
  port->m_kind = kind;
  port->m_path = path;
  if (kind != "csv") {
    if (auto done = port->makeTerminal(path); !done) return done.error();
  }
  port->m_board = &board;
  board.logActivity();
  return port;
}

Result<std::unique_ptr<MeterPort>> MeterPort::open(std::unique_ptr<Meter> meter,
                                                   const std::string& link) {
  auto port = std::unique_ptr<MeterPort>(new MeterPort(std::move(meter)));
  if (auto done = port->makeTerminal(link); !done) return done.error();
  return port;
}

MeterPort::~MeterPort() {
  unplug();
}

void MeterPort::unplug() {
  if (!m_link.empty()) ::unlink(m_link.c_str());
  m_link.clear();
  if (m_master >= 0) ::close(m_master);
  m_master = -1;
  m_connected = false;
  m_meter->output().clear();
  m_sent = 0;
}

Result<void> MeterPort::makeTerminal(const std::string& link) {
  m_master = ::posix_openpt(O_RDWR | O_NOCTTY | O_NONBLOCK | O_CLOEXEC);
  std::array<char, 128> name{};
  if (m_master < 0 || ::grantpt(m_master) != 0 || ::unlockpt(m_master) != 0 ||
      ::ptsname_r(m_master, name.data(), name.size()) != 0) {
    return Error{"pseudo-terminal", std::strerror(errno)};
  }
  termios settings{};
  ::tcgetattr(m_master, &settings);
  ::cfmakeraw(&settings);
  ::tcsetattr(m_master, TCSANOW, &settings);
  // Once opened and closed, the terminal tells whether somebody has it open.
  const int once = ::open(name.data(), O_RDWR | O_NOCTTY | O_CLOEXEC);
  if (once >= 0) ::close(once);
  m_path = name.data();
  if (link.empty()) return {};
  if (::symlink(name.data(), link.c_str()) != 0) {
    return Error{link, fmt::format("cannot be made: {}", std::strerror(errno))};
  }
  m_link = m_path = link;
  return {};
}

void MeterPort::service() {
  if (m_board != nullptr) {
    for (const Activity& activity : m_board->takeActivity()) m_meter->feed(activity);
  }
  if (m_master < 0) return;
  if (m_meter->isGone()) return unplug();
  pollfd one{m_master, POLLIN | POLLOUT, 0};
  if (::poll(&one, 1, 0) < 0) return;
  const bool connected = (one.revents & POLLHUP) == 0;
  if (m_connected && !connected) {
    m_meter->closed();
    m_sent = 0;
  }
  m_connected = connected;
  if (!connected) {
    m_meter->output().clear();
    m_sent = 0;
    return;
  }
  if ((one.revents & POLLIN) != 0) {
    std::array<std::byte, 512> bytes{};
    const ssize_t count = ::read(m_master, bytes.data(), bytes.size());
    if (count > 0) m_meter->receive(std::span(bytes).first(static_cast<std::size_t>(count)));
  }
  std::vector<std::byte>& output = m_meter->output();
  while (m_sent < output.size()) {
    const ssize_t count = ::write(m_master, output.data() + m_sent, output.size() - m_sent);
    if (count <= 0) break;
    m_sent += static_cast<std::size_t>(count);
  }
  // A terminal takes little at a time: what was sent goes when it is most of what there is.
  if (2 * m_sent < output.size()) return;
  output.erase(output.begin(), output.begin() + static_cast<std::ptrdiff_t>(m_sent));
  m_sent = 0;
}

}  // namespace mcuprof::vboard
