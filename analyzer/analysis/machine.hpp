#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "analyzer/base/basis.hpp"
#include "analyzer/target/opt_level.hpp"
#include "analyzer/target/target.hpp"

namespace mcuprof {

/// What the user says about the machine instead of what the board file says.
struct MachineOptions {
  std::optional<std::int64_t> clockHz;
  std::optional<int> flashWaitStates;
  std::optional<bool> cache;        ///< L1 caches, or the chip's flash cache
  std::optional<bool> accelerator;  ///< ART and its like, prefetch included
  std::optional<std::int64_t> sdClockHz;
  std::optional<double> supplyVolts;
  std::optional<OptLevel> opt;  ///< nothing: as the runtime file says
};

/// The state in which the model runs: the same code on the same board took 1465 ms with one
/// start-up code and 486 ms with another, so each figure of time names the state it holds for.
struct MachineState {
  Sourced<std::int64_t> clockHz;
  /// Extra cycles of the core for one access to the flash behind `weights` and code, at clockHz;
  /// nothing where no source tells, then stalls are left out and the interval is wider.
  std::optional<Sourced<int>> flashStallCycles;
  bool hasCache = false;  ///< the board has one in front of flash
  bool cache = false;     ///< and it is on
  bool hasAccelerator = false;
  bool accelerator = false;
  std::optional<Sourced<std::int64_t>> sdClockHz;
  std::optional<Sourced<double>> supplyVolts;
  OptLevel opt = OptLevel::O2;

  /// "216 MHz, 7 wait states, cache on, accelerator off, -O2"
  std::string text() const;
};

/// The board's rated state with the user's overrides. Wait states follow the clock by the board's
/// latency table unless given; the kernels were compiled at `opt` unless the options say otherwise.
MachineState machineState(const Board& board, const MachineOptions& options,
                          OptLevel opt = OptLevel::O2);

/// What one access pays to a memory in a machine state, and how often.
struct MemoryTiming {
  double stallCycles = 0;           ///< extra cycles for one unit
  std::int64_t unitBytes = 4;       ///< bytes that one access of the memory yields
  bool dataCached = false;          ///< a cache or line buffer for data is on
  bool codeCached = false;          ///< the same for instructions
  std::int64_t dataCacheBytes = 0;  ///< its capacity; 0 where nobody states it
  bool known = true;                ///< false: the board file has no wait states for it
  Basis basis = Basis::Datasheet;

  /// Stall cycles of reading `unique` bytes of constants, `touched` bytes with re-reads, by `loads`
  /// load instructions: see docs/cost-model.md.
  double readStalls(double unique, double touched, double loads) const;
  /// Stall cycles of fetching `instructions` of 2 or 4 bytes each from it.
  double fetchStalls(double instructions, double averageBytes) const;
};

MemoryTiming timingOf(const Memory& memory, const MachineState& state);

}  // namespace mcuprof
