#include "analyzer/analysis/machine.hpp"

#include <fmt/format.h>

#include <algorithm>

namespace mcuprof {

namespace {

/// Accelerators and prefetch buffers stand apart from caches, since start-up code switches them
/// apart.
bool isAccelerator(const MemoryFront& front) {
  return front.name == "art" || front.name == "prefetch";
}

/// Wait states by the board's table for a clock; the table's last row where the clock is above it.
std::optional<Sourced<int>> waitStatesAt(const Board& board, std::int64_t clockHz) {
  if (!board.flashTiming || board.flashTiming->steps.empty()) return std::nullopt;
  const FlashTiming& timing = *board.flashTiming;
  const std::int64_t busHz = clockHz / timing.clockDivider;
  int waitStates = timing.steps.back().waitStates;
  for (const FlashLatency& step : timing.steps) {
    if (busHz <= step.maxHz) {
      waitStates = step.waitStates;
      break;
    }
  }
  // One access takes (wait states + 1) bus cycles; what it costs the core beyond one cycle of its
  // own.
  const int stall = (waitStates + 1) * timing.clockDivider - 1;
  return Sourced<int>{stall, timing.basis, timing.source};
}

}  // namespace

std::string MachineState::text() const {
  std::string text = fmt::format("{:g} MHz", static_cast<double>(clockHz.value) / 1e6);
  if (flashStallCycles) text += fmt::format(", {} flash wait states", flashStallCycles->value);
  if (hasCache) text += cache ? ", cache on" : ", cache off";
  if (hasAccelerator) text += accelerator ? ", accelerator on" : ", accelerator off";
  return text + fmt::format(", {}", nameOf(opt));
}

MachineState machineState(const Board& board, const MachineOptions& options, OptLevel opt) {
  MachineState state;
  state.opt = options.opt.value_or(opt);
  state.clockHz = board.clockHz;
  if (options.clockHz) state.clockHz = {*options.clockHz, Basis::Assumed, "given by the user"};
  for (const Memory& memory : board.memories) {
    if (!memory.front || !memory.aliasOf.empty()) continue;
    (isAccelerator(*memory.front) ? state.hasAccelerator : state.hasCache) = true;
  }
  state.cache = state.hasCache && options.cache.value_or(true);
  state.accelerator = state.hasAccelerator && options.accelerator.value_or(true);

  if (options.flashWaitStates) {
    state.flashStallCycles = {*options.flashWaitStates, Basis::Assumed, "given by the user"};
  } else {
    state.flashStallCycles = waitStatesAt(board, state.clockHz.value);
    for (const Memory& memory : board.memories) {
      if (!state.flashStallCycles && memory.use.weights && memory.waitStates) {
        state.flashStallCycles = memory.waitStates;
      }
    }
  }
  if (board.sd) {
    state.sdClockHz = board.sd->spiClockHz;
    if (options.sdClockHz)
      state.sdClockHz = {*options.sdClockHz, Basis::Assumed, "given by the user"};
  }
  state.supplyVolts = board.power.supplyVolts;
  if (options.supplyVolts)
    state.supplyVolts = {*options.supplyVolts, Basis::Assumed, "given by the user"};
  return state;
}

double MemoryTiming::readStalls(double unique, double touched, double loads) const {
  const double unit = static_cast<double>(unitBytes);
  if (dataCached) {
    const bool holdsAll = unique <= static_cast<double>(dataCacheBytes);
    return stallCycles * (holdsAll ? unique : std::max(unique, touched)) / unit;
  }
  // Without a cache nothing keeps the unit between two loads.
  return stallCycles * std::max(loads, std::max(unique, touched) / unit);
}

double MemoryTiming::fetchStalls(double instructions, double averageBytes) const {
  if (codeCached) return 0;
  return stallCycles * instructions * averageBytes / static_cast<double>(unitBytes);
}

MemoryTiming timingOf(const Memory& memory, const MachineState& state) {
  MemoryTiming timing;
  // Flash whose width nobody states: 128 bits, the middle of those that are known (64 to 256).
  const std::int64_t unstatedWidth = memory.kind == MemoryKind::Flash ? 16 : 4;
  timing.unitBytes = memory.widthBits ? std::max(1, memory.widthBits->value / 8) : unstatedWidth;
  timing.basis = memory.basis;
  if (memory.kind == MemoryKind::Flash && state.flashStallCycles) {
    timing.stallCycles = state.flashStallCycles->value;
    timing.basis = state.flashStallCycles->basis;
  } else if (memory.waitStates) {
    timing.stallCycles = memory.waitStates->value;
    timing.basis = memory.waitStates->basis;
  } else {
    // Tightly coupled memory and plain SRAM answer within the cycle unless the board file says
    // otherwise.
    timing.known = memory.kind == MemoryKind::Tcm || memory.kind == MemoryKind::Sram;
  }
  if (memory.front) {
    const MemoryFront& front = *memory.front;
    const bool on = isAccelerator(front) ? state.accelerator : state.cache;
    if (on) {
      // A front without any stated capacity is there all the same: RA6M4's C-Cache, say.
      const bool unstated = !front.dataBytes && !front.instructionBytes && !front.unifiedBytes;
      timing.dataCached = unstated || front.dataBytes || front.unifiedBytes;
      timing.codeCached = unstated || front.instructionBytes || front.unifiedBytes;
      if (front.dataBytes) timing.dataCacheBytes = front.dataBytes->value;
      if (front.unifiedBytes) timing.dataCacheBytes = front.unifiedBytes->value;
    }
  }
  return timing;
}

}  // namespace mcuprof
