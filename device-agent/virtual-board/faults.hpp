#pragma once

#include <cstdint>
#include <optional>
#include <string_view>

#include "analyzer/base/result.hpp"
#include "device-agent/virtual-board/meter.hpp"

namespace mcuprof::vboard {

/// What is to go wrong, by request: docs/virtual-board.md lists the forms.
struct Faults {
  double swoLoss = 0;        ///< share of trace bytes that get lost on the wire
  bool swoOverflow = false;  ///< the probe keeps 4 KiB of trace and drops what comes then
  /// Commands of the debugger after which the probe answers no more, or the connection is dropped.
  std::optional<std::uint64_t> stopAnsweringAt;
  std::optional<std::uint64_t> dropAt;
  std::optional<std::uint32_t> flashErrorAt;  ///< address
  /// Core cycles after which the core stops fetching, or meets a bus fault.
  std::optional<std::uint64_t> hangAt;
  std::optional<std::uint64_t> faultAt;
  bool unpowered = false;  ///< the target's supply is missing
  MeterFaults meter;
};

/// Adds one `--fault` option to those given before.
Result<void> addFault(Faults& faults, std::string_view text);

}  // namespace mcuprof::vboard
