// Any bytes as the stream of a client of mcuprof-vboard: requests, command blocks, memory of the
// board. The core runs in between.

#include <cstddef>
#include <cstdint>
#include <memory>
#include <span>
#include <vector>

#include "device-agent/virtual-board/stlink_protocol.hpp"

namespace {

using namespace mcuprof;
using namespace mcuprof::vboard;

std::vector<std::unique_ptr<Probe>> makeProbes() {
  std::vector<std::unique_ptr<Probe>> probes;
  const auto catalogue = Catalogue::find("");
  for (const char* name : {"nucleo-f767zi", "nucleo-f091rc"}) {
    auto board = VirtualBoard::make(*catalogue, name, TimingMode::Access, {});
    probes.push_back(std::make_unique<Probe>(name, *std::move(board)));
  }
  return probes;
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  static const std::vector<std::unique_ptr<Probe>> probes = makeProbes();
  StlinkProtocol protocol(probes);
  std::vector<std::byte> reply;
  // In two pieces, so that requests are cut too.
  const auto bytes = std::as_bytes(std::span(data, size));
  if (protocol.receive(bytes.first(size / 3), reply) == Reaction::Reply) {
    protocol.receive(bytes.subspan(size / 3), reply);
  }
  for (const auto& probe : probes) probe->run(200);
  return 0;
}
