#include "device-agent/host/power/serial_port.hpp"

#include <fcntl.h>
#include <poll.h>
#include <sys/file.h>
#include <sys/ioctl.h>
#include <termios.h>
#include <unistd.h>

#include <array>
#include <cerrno>
#include <cstring>
#include <string_view>
#include <utility>

namespace mcuprof {
namespace {

using Clock = std::chrono::steady_clock;
using std::chrono::milliseconds;

speed_t speedOf(std::uint32_t baud) {
  if (baud >= 3'500'000) return B3500000;  // the nearest to 3686400 that termios knows
  if (baud >= 921'600) return B921600;
  return B115200;
}

int remaining(Clock::time_point deadline) {
  const auto left = std::chrono::duration_cast<milliseconds>(deadline - Clock::now());
  return static_cast<int>(std::max<std::int64_t>(left.count(), 0));
}

}  // namespace

Result<SerialPort> SerialPort::open(const std::string& path, std::uint32_t baud) {
  const int file = ::open(path.c_str(), O_RDWR | O_NOCTTY | O_NONBLOCK | O_CLOEXEC);
  if (file < 0) {
    return Error{path, errno == ENOENT ? "there is no such port; is the meter connected?"
                                       : std::string("cannot be opened: ") + std::strerror(errno)};
  }
  SerialPort port(file, path);
  termios settings{};
  if (::tcgetattr(file, &settings) != 0) return Error{path, "is no serial port"};
  if (::flock(file, LOCK_EX | LOCK_NB) != 0) return Error{path, "is in use by another program"};
  ::ioctl(file, TIOCEXCL);
  ::cfmakeraw(&settings);
  settings.c_cflag |= CLOCAL | CREAD;
  settings.c_cflag &= ~static_cast<tcflag_t>(CRTSCTS | CSTOPB);
  ::cfsetspeed(&settings, speedOf(baud));
  if (::tcsetattr(file, TCSANOW, &settings) != 0) {
    return Error{path, std::string("cannot be set up: ") + std::strerror(errno)};
  }
  return port;
}

SerialPort::SerialPort(SerialPort&& other) noexcept
    : m_file(std::exchange(other.m_file, -1)), m_path(std::move(other.m_path)) {}

SerialPort::~SerialPort() {
  if (m_file >= 0) ::close(m_file);
}

Error SerialPort::gone() const {
  return {m_path, "the meter is gone: was it unplugged?"};
}

Result<std::size_t> SerialPort::read(std::span<std::byte> out, milliseconds wait) {
  const auto deadline = Clock::now() + wait;
  for (;;) {
    const ssize_t count = ::read(m_file, out.data(), out.size());
    if (count > 0) return static_cast<std::size_t>(count);
    if (count == 0 || (errno != EAGAIN && errno != EINTR)) return gone();
    pollfd one{m_file, POLLIN, 0};
    const int left = remaining(deadline);
    if (left == 0) return std::size_t{0};
    if (::poll(&one, 1, left) > 0 && (one.revents & POLLIN) == 0) return gone();
  }
}

Result<void> SerialPort::write(std::span<const std::byte> bytes) {
  const auto deadline = Clock::now() + milliseconds(1000);
  while (!bytes.empty()) {
    const ssize_t count = ::write(m_file, bytes.data(), bytes.size());
    if (count > 0) {
      bytes = bytes.subspan(static_cast<std::size_t>(count));
      continue;
    }
    if (count < 0 && errno != EAGAIN && errno != EINTR) return gone();
    pollfd one{m_file, POLLOUT, 0};
    const int left = remaining(deadline);
    if (left == 0) return Error{m_path, "takes no bytes"};
    ::poll(&one, 1, left);
    if ((one.revents & (POLLERR | POLLHUP | POLLNVAL)) != 0) return gone();
  }
  return {};
}

Result<void> SerialPort::write(std::string_view text) {
  return write(std::as_bytes(std::span(text.data(), text.size())));
}

Result<void> SerialPort::drain(milliseconds silence, milliseconds atMost) {
  const auto deadline = Clock::now() + atMost;
  std::array<std::byte, 4096> dropped{};
  while (Clock::now() < deadline) {
    const auto count = read(dropped, silence);
    if (!count) return count.error();
    if (*count == 0) return {};
  }
  return {};
}

}  // namespace mcuprof
