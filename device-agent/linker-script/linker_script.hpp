#pragma once

#include <string>

#include "analyzer/base/quantity.hpp"
#include "analyzer/base/result.hpp"
#include "analyzer/target/target.hpp"

namespace mcuprof {

/// What the agent needs of a board's RAM besides its data; powers of the core's alignment,
/// multiples of 16.
struct AgentStacks {
  Bytes kernels{0};   ///< thread mode: command loop and kernels
  Bytes handlers{0};  ///< exceptions
};

/// The linker script of the agent for a board: flash and RAM from the board's file, and the board's
/// facts that the firmware needs (clock, wait states, what is free) as absolute symbols, so that
/// they are written down once.
///
/// The agent takes the RAM region that holds activations and starts at 0x2000_0000, where debuggers
/// and caches make no trouble. The kernels' stack is lowest in it: what runs over it leaves RAM and
/// faults. Every other region that holds activations is free for the host, in rising order.
///
/// Refused, with the board's name: a board without such a RAM, without a flash that holds weights
/// and its wait states, or with more than four free regions.
Result<std::string> renderLinkerScript(const Board& board, const AgentStacks& stacks);

}  // namespace mcuprof
