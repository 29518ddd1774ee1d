#include "device-agent/virtual-board/stlink_protocol.hpp"

#include <algorithm>

#include "device-agent/virtual-board/bytes.hpp"

namespace mcuprof::vboard {
namespace {

constexpr std::uint32_t kStatusOk = 1;
constexpr std::uint32_t kStatusBadParameter = 0x1002;
constexpr std::uint32_t kApiVersion = 3;
constexpr std::size_t kNoRequest = ~std::size_t{0};

// First byte of a request.
constexpr std::uint8_t kRefresh = 0;
constexpr std::uint8_t kCountDevices = 1;
constexpr std::uint8_t kDeviceInfo = 2;
constexpr std::uint8_t kOpen = 3;
constexpr std::uint8_t kClose = 4;
constexpr std::uint8_t kCommand = 5;
constexpr std::uint8_t kServerVersion = 6;

std::uint8_t byteAt(std::span<const std::byte> bytes, std::size_t at) {
  return std::to_integer<std::uint8_t>(bytes[at]);
}

void append32(std::vector<std::byte>& out, std::uint32_t value) {
  for (unsigned i = 0; i < 4; ++i) out.push_back(static_cast<std::byte>(value >> 8 * i));
}

}  // namespace

std::size_t StlinkProtocol::requestBytes() const {
  if (m_pending.empty()) return 0;
  switch (byteAt(m_pending, 0)) {
    case kRefresh:
      return 2;
    case kCountDevices:
      return 1;
    case kDeviceInfo:
    case kOpen:
    case kClose:
      return 8;
    case kServerVersion:
      return 4;
    case kCommand: {
      if (m_pending.size() < kHeaderBytes) return 0;
      const std::uint32_t count = read32(m_pending, 28);
      if (count > kLargestPacket - kHeaderBytes) return kNoRequest;
      return byteAt(m_pending, 24) == static_cast<std::uint8_t>(Direction::Write)
                 ? kHeaderBytes + count
                 : kHeaderBytes;
    }
    default:
      return kNoRequest;
  }
}

Reaction StlinkProtocol::receive(std::span<const std::byte> bytes, std::vector<std::byte>& reply) {
  if (m_silent) return Reaction::Silent;
  m_pending.insert(m_pending.end(), bytes.begin(), bytes.end());
  for (;;) {
    const std::size_t size = requestBytes();
    if (size == kNoRequest) return Reaction::Close;
    if (size == 0 || m_pending.size() < size) return Reaction::Reply;
    const Reaction reaction = answer(std::span(m_pending).first(size), reply);
    m_pending.erase(m_pending.begin(), m_pending.begin() + static_cast<std::ptrdiff_t>(size));
    if (reaction == Reaction::Silent) m_silent = true;
    if (reaction != Reaction::Reply) return reaction;
  }
}

Reaction StlinkProtocol::answer(std::span<const std::byte> request, std::vector<std::byte>& reply) {
  switch (byteAt(request, 0)) {
    case kServerVersion:
      for (const std::uint32_t part : {kApiVersion, 2u, 1u, 1u}) append32(reply, part);
      break;
    case kRefresh:
      append32(reply, kStatusOk);
      break;
    case kCountDevices:
      append32(reply, static_cast<std::uint32_t>(m_probes.size()));
      break;
    case kDeviceInfo: {
      const std::size_t index = byteAt(request, 1);
      const bool known = index < m_probes.size();
      append32(reply, known ? kStatusOk : kStatusBadParameter);
      append32(reply, static_cast<std::uint32_t>(index));
      for (std::size_t i = 0; i < 32; ++i) {
        const bool inside = known && i < m_probes[index]->serial().size();
        reply.push_back(inside ? static_cast<std::byte>(m_probes[index]->serial()[i])
                               : std::byte{0});
      }
      reply.push_back(static_cast<std::byte>(Probe::kVendor & 0xff));
      reply.push_back(static_cast<std::byte>(Probe::kVendor >> 8));
      reply.push_back(static_cast<std::byte>(Probe::kProduct & 0xff));
      reply.push_back(static_cast<std::byte>(Probe::kProduct >> 8));
      reply.push_back(std::byte{0});  // not in use
      break;
    }
    case kOpen: {
      const std::uint32_t device = read32(request, 4);
      const bool known = device < m_probes.size();
      append32(reply, known ? kStatusOk : kStatusBadParameter);
      append32(reply, known ? device + 1 : 0);
      break;
    }
    case kClose:
      append32(reply, kStatusOk);
      break;
    case kCommand:
      return answerCommand(request, reply);
    default:
      return Reaction::Close;
  }
  return Reaction::Reply;
}

Reaction StlinkProtocol::answerCommand(std::span<const std::byte> request,
                                       std::vector<std::byte>& reply) {
  // The connection's number is a device's plus one; OpenOCD sends its lowest byte only.
  const std::size_t connection = byteAt(request, 4);
  const auto direction = static_cast<Direction>(byteAt(request, 24));
  const bool write = direction == Direction::Write;
  const std::size_t count = read32(request, 28);
  if (connection == 0 || connection > m_probes.size()) {
    append32(reply, kStatusBadParameter);
    if (!write) reply.insert(reply.end(), count, std::byte{0});
    return Reaction::Reply;
  }
  Probe& probe = *m_probes[connection - 1];
  const Faults& faults = probe.board().faults();
  if (faults.stopAnsweringAt && probe.commands() >= *faults.stopAnsweringAt) {
    return Reaction::Silent;
  }
  if (faults.dropAt && probe.commands() >= *faults.dropAt) return Reaction::Close;
  const auto answered =
      probe.execute(request.subspan(8, Probe::kCommandBytes), direction,
                    write ? request.subspan(kHeaderBytes) : request.first(0), write ? 0 : count);
  append32(reply, kStatusOk);
  reply.insert(reply.end(), answered.begin(), answered.end());
  return Reaction::Reply;
}

}  // namespace mcuprof::vboard
