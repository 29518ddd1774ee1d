#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "analyzer/base/result.hpp"
#include "device-agent/host/process.hpp"

namespace mcuprof {

/// A virtual board of our own: mcuprof-vboard on a free port of this machine. It ends with the
/// object.
class VirtualBoard {
 public:
  /// `options` are further arguments of mcuprof-vboard, such as {"--fault", "swo-loss=0.1"}.
  static Result<VirtualBoard> start(const std::string& board,
                                    const std::vector<std::string>& options = {});

  std::uint16_t port() const { return m_port; }
  /// Terminal or file of its power meter; empty where it has none.
  const std::string& meterPath() const { return m_meterPath; }
  Process& process() { return m_process; }

 private:
  VirtualBoard(Process process, std::uint16_t port, std::string meterPath)
      : m_process(std::move(process)), m_port(port), m_meterPath(std::move(meterPath)) {}

  Process m_process;
  std::uint16_t m_port;
  std::string m_meterPath;
};

}  // namespace mcuprof
