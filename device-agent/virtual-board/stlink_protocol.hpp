#pragma once

#include <cstddef>
#include <cstdint>
#include <memory>
#include <span>
#include <vector>

#include "device-agent/virtual-board/probe.hpp"

namespace mcuprof::vboard {

/// What the server does after a request.
enum class Reaction : std::uint8_t {
  Reply,   ///< send what is in the reply
  Silent,  ///< a fault: do not answer, now or later
  Close,   ///< the client does not speak the protocol, or a fault: drop the connection
};

/// One client's side of the ST-LINK TCP protocol: cuts the byte stream into requests and answers
/// them. Any bytes are accepted; those that are no request end the connection.
class StlinkProtocol {
 public:
  explicit StlinkProtocol(std::span<const std::unique_ptr<Probe>> probes) : m_probes(probes) {}

  /// Takes bytes as they arrive and appends replies. Bytes of an unfinished request are kept.
  Reaction receive(std::span<const std::byte> bytes, std::vector<std::byte>& reply);

  static constexpr std::size_t kHeaderBytes = 32;
  static constexpr std::size_t kLargestPacket = 10240;

 private:
  std::size_t requestBytes() const;  ///< 0: not known yet; more than the largest: no request
  Reaction answer(std::span<const std::byte> request, std::vector<std::byte>& reply);
  Reaction answerCommand(std::span<const std::byte> request, std::vector<std::byte>& reply);

  std::span<const std::unique_ptr<Probe>> m_probes;
  std::vector<std::byte> m_pending;
  bool m_silent = false;
};

}  // namespace mcuprof::vboard
