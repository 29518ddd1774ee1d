#pragma once

#include <cstdint>
#include <memory>
#include <vector>

#include "analyzer/base/result.hpp"
#include "device-agent/virtual-board/meter_port.hpp"
#include "device-agent/virtual-board/stlink_protocol.hpp"

namespace mcuprof::vboard {

/// Serves probes to clients on the loopback interface, and lets their boards run in between: one
/// thread, requests first.
class StlinkServer {
 public:
  explicit StlinkServer(std::vector<std::unique_ptr<Probe>> probes);
  ~StlinkServer();
  StlinkServer(const StlinkServer&) = delete;
  StlinkServer& operator=(const StlinkServer&) = delete;

  /// A meter on the first board, served in between.
  void attach(std::unique_ptr<MeterPort> meter) { m_meter = std::move(meter); }

  /// Listens on 127.0.0.1; port 0 takes a free one. The port taken.
  Result<std::uint16_t> listen(std::uint16_t port);

  /// Serves until `signalDescriptor` has something to read or `inputDescriptor` ends; what is
  /// written to the latter is ignored. -1 stands for none.
  Result<void> serve(int signalDescriptor, int inputDescriptor);

 private:
  struct Client {
    int descriptor = -1;
    StlinkProtocol protocol;
    std::vector<std::byte> toSend;
    bool closing = false;
  };

  void accept();
  void receive(Client& client);
  void send(Client& client);
  bool runBoards();
  bool meterWaits() const { return m_meter && m_meter->isCongested(); }

  std::vector<std::unique_ptr<Probe>> m_probes;
  std::vector<std::unique_ptr<Client>> m_clients;
  std::unique_ptr<MeterPort> m_meter;
  int m_listener = -1;
};

}  // namespace mcuprof::vboard
