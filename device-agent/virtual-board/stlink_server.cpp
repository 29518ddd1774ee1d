#include "device-agent/virtual-board/stlink_server.hpp"

#include <algorithm>
#include <array>
#include <cerrno>
#include <cstring>
#include <utility>

#include <arpa/inet.h>
#include <fcntl.h>
#include <fmt/format.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <poll.h>
#include <sys/socket.h>
#include <unistd.h>

namespace mcuprof::vboard {
namespace {

/// Core cycles between two looks at the sockets: below a millisecond at emulator speed, so that a
/// debugger that polls does not wait.
constexpr std::uint64_t kSliceCycles = 50'000;
constexpr std::size_t kMostClients = 32;

Error systemError(std::string_view what) {
  return {std::string(what), std::strerror(errno)};
}

/// Reads what there is; whether that was the end.
bool ended(int descriptor) {
  std::array<char, 256> ignored;
  const ssize_t count = ::read(descriptor, ignored.data(), ignored.size());
  return count == 0 || (count < 0 && errno != EAGAIN && errno != EINTR);
}

}  // namespace

StlinkServer::StlinkServer(std::vector<std::unique_ptr<Probe>> probes)
    : m_probes(std::move(probes)) {}

StlinkServer::~StlinkServer() {
  for (const auto& client : m_clients) ::close(client->descriptor);
  if (m_listener >= 0) ::close(m_listener);
}

Result<std::uint16_t> StlinkServer::listen(std::uint16_t port) {
  m_listener = ::socket(AF_INET, SOCK_STREAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0);
  if (m_listener < 0) return systemError("socket");
  const int on = 1;
  ::setsockopt(m_listener, SOL_SOCKET, SO_REUSEADDR, &on, sizeof on);
  sockaddr_in address{};
  address.sin_family = AF_INET;
  address.sin_port = htons(port);
  address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
  const std::string where = fmt::format("127.0.0.1:{}", port);
  if (::bind(m_listener, reinterpret_cast<sockaddr*>(&address), sizeof address) != 0) {
    return systemError(where);
  }
  socklen_t size = sizeof address;
  if (::listen(m_listener, 8) != 0 ||
      ::getsockname(m_listener, reinterpret_cast<sockaddr*>(&address), &size) != 0) {
    return systemError(where);
  }
  return ntohs(address.sin_port);
}

void StlinkServer::accept() {
  for (;;) {
    const int descriptor = ::accept4(m_listener, nullptr, nullptr, SOCK_NONBLOCK | SOCK_CLOEXEC);
    if (descriptor < 0) return;
    if (m_clients.size() >= kMostClients) {
      ::close(descriptor);
      continue;
    }
    const int on = 1;
    ::setsockopt(descriptor, IPPROTO_TCP, TCP_NODELAY, &on, sizeof on);
    m_clients.push_back(
        std::make_unique<Client>(Client{descriptor, StlinkProtocol(m_probes), {}, false}));
  }
}

void StlinkServer::receive(Client& client) {
  std::array<std::byte, StlinkProtocol::kLargestPacket> buffer;
  const ssize_t count = ::recv(client.descriptor, buffer.data(), buffer.size(), 0);
  if (count == 0 || (count < 0 && errno != EAGAIN && errno != EINTR)) {
    client.closing = true;
    return;
  }
  if (count < 0) return;
  const auto bytes = std::span(buffer).first(static_cast<std::size_t>(count));
  if (client.protocol.receive(bytes, client.toSend) == Reaction::Close) client.closing = true;
  send(client);
}

void StlinkServer::send(Client& client) {
  while (!client.toSend.empty()) {
    const ssize_t count =
        ::send(client.descriptor, client.toSend.data(), client.toSend.size(), MSG_NOSIGNAL);
    if (count < 0) {
      if (errno != EAGAIN && errno != EINTR) client.closing = true;
      return;
    }
    client.toSend.erase(client.toSend.begin(), client.toSend.begin() + count);
  }
}

bool StlinkServer::runBoards() {
  bool busy = false;
  // A board's time is its meter's: it stands still while the meter's host is behind.
  if (!meterWaits()) {
    for (const auto& probe : m_probes) busy = probe->run(kSliceCycles) || busy;
  }
  if (m_meter) m_meter->service();
  return busy;
}

Result<void> StlinkServer::serve(int signalDescriptor, int inputDescriptor) {
  constexpr int kIdleMilliseconds = 1000;
  constexpr int kMeterMilliseconds = 20;
  bool busy = false;
  for (;;) {
    std::vector<pollfd> waits;
    waits.push_back({m_listener, POLLIN, 0});
    waits.push_back({signalDescriptor, POLLIN, 0});
    waits.push_back({inputDescriptor, POLLIN, 0});
    for (const auto& client : m_clients) {
      const bool backlog = !client->toSend.empty();
      waits.push_back(
          {client->descriptor, static_cast<short>(backlog ? POLLIN | POLLOUT : POLLIN), 0});
    }
    const std::size_t clients = waits.size();
    int idle = kIdleMilliseconds;
    if (m_meter) {
      // Nobody is told when a terminal is opened.
      if (m_meter->descriptor() < 0) idle = kMeterMilliseconds;
      waits.push_back({m_meter->descriptor(),
                       static_cast<short>(m_meter->hasOutput() ? POLLIN | POLLOUT : POLLIN), 0});
    }
    const int ready = ::poll(waits.data(), waits.size(), busy ? 0 : idle);
    if (ready < 0 && errno != EINTR) return systemError("poll");
    if (ready > 0) {
      if (waits[1].revents != 0) return {};
      if (waits[2].revents != 0 && ended(inputDescriptor)) return {};
      for (std::size_t i = 3; i < clients; ++i) {
        Client& client = *m_clients[i - 3];
        if ((waits[i].revents & POLLOUT) != 0) send(client);
        if ((waits[i].revents & (POLLIN | POLLHUP | POLLERR)) != 0) receive(client);
      }
      std::erase_if(m_clients, [](const auto& client) {
        if (client->closing) ::close(client->descriptor);
        return client->closing;
      });
      if (waits[0].revents != 0) accept();
    }
    busy = runBoards();
  }
}

}  // namespace mcuprof::vboard
