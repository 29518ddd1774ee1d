#include "device-agent/host/tcl_connection.hpp"

#include <arpa/inet.h>
#include <fcntl.h>
#include <fmt/format.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <sys/socket.h>
#include <unistd.h>

#include <array>
#include <cerrno>
#include <cstring>
#include <utility>

namespace mcuprof {
namespace {

constexpr char kEnd = '\x1a';
/// OpenOCD's answers are a few KiB; what never ends is not from OpenOCD.
constexpr std::size_t kLongest = 64 * 1024 * 1024;

Error broken(std::string_view what) {
  return {"openocd", fmt::format("the Tcl connection broke: {}", what)};
}

}  // namespace

Result<TclConnection> TclConnection::open(std::uint16_t port) {
  const int file = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
  if (file < 0) return broken(std::strerror(errno));
  sockaddr_in address{};
  address.sin_family = AF_INET;
  address.sin_port = htons(port);
  address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
  if (connect(file, reinterpret_cast<const sockaddr*>(&address), sizeof address) != 0) {
    const int reason = errno;
    close(file);
    return Error{"openocd",
                 fmt::format("cannot connect to Tcl port {}: {}", port, std::strerror(reason))};
  }
  const int yes = 1;
  setsockopt(file, IPPROTO_TCP, TCP_NODELAY, &yes, sizeof yes);
  fcntl(file, F_SETFL, O_NONBLOCK);
  return TclConnection(file);
}

TclConnection::TclConnection(TclConnection&& other) noexcept
    : m_file(std::exchange(other.m_file, -1)), m_received(std::move(other.m_received)) {}

TclConnection::~TclConnection() {
  if (m_file >= 0) close(m_file);
}

Result<void> TclConnection::send(std::string_view message) {
  std::string bytes(message);
  bytes += kEnd;
  std::string_view rest = bytes;
  while (!rest.empty()) {
    const ssize_t sent = ::send(m_file, rest.data(), rest.size(), MSG_NOSIGNAL);
    if (sent > 0) {
      rest.remove_prefix(static_cast<std::size_t>(sent));
    } else if (errno != EINTR) {
      return broken(std::strerror(errno));
    }
  }
  return {};
}

Result<void> TclConnection::receive() {
  std::array<char, 16384> bytes{};
  for (;;) {
    const ssize_t got = recv(m_file, bytes.data(), bytes.size(), 0);
    if (got > 0) {
      m_received.append(bytes.data(), static_cast<std::size_t>(got));
      if (m_received.size() > kLongest) return broken("a message without end");
      continue;
    }
    if (got < 0 && errno == EINTR) continue;
    if (got < 0 && (errno == EAGAIN || errno == EWOULDBLOCK)) return {};
    const int reason = got == 0 ? ECONNRESET : errno;
    close(std::exchange(m_file, -1));
    return broken(std::strerror(reason));
  }
}

std::optional<std::string> TclConnection::next() {
  const std::size_t end = m_received.find(kEnd);
  if (end == std::string::npos) return std::nullopt;
  std::string message = m_received.substr(0, end);
  m_received.erase(0, end + 1);
  return message;
}

}  // namespace mcuprof
