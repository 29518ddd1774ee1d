#pragma once

#include <optional>
#include <span>
#include <string>
#include <vector>

#include "analyzer/analysis/machine.hpp"
#include "analyzer/report/text.hpp"

namespace mcuprof {

/// What it costs to move 1 MiB between the core and one memory, in one direction: the paper's
/// figure 5, from the board's figures.
struct MemoryCost {
  std::string memory;
  MemoryKind kind = MemoryKind::Sram;
  bool write = false;
  std::optional<double> milliseconds;
  std::optional<double> millijoules;  ///< core and card; nothing without energy figures
  Basis basis = Basis::Assumed;       ///< the weakest of what went into it
  std::string how;                    ///< what it follows from, or why it is not known
};

/// Bytes that a MemoryCost is for.
inline constexpr Bytes kMemoryCostBytes{1 << 20};

/// One row a direction for each memory that holds anything, in the order of the board, reads first.
/// A word each cycle plus the wait states of the machine state, every byte once, so that a cache
/// saves nothing; a card by its SPI clock and block commands. Flash has no cost of writing: no
/// inference writes it.
std::vector<MemoryCost> memoryCosts(const Board& board, const MachineState& state);

/// The same memory and direction on two boards, by name; one side may not be there.
struct MemoryPair {
  std::optional<MemoryCost> fresh;
  std::optional<MemoryCost> base;

  const std::string& memory() const { return fresh ? fresh->memory : base->memory; }
  bool write() const { return fresh ? fresh->write : base->write; }
};

/// In the order of `fresh`; what only the base has comes last.
std::vector<MemoryPair> pairMemoryCosts(const std::vector<MemoryCost>& fresh,
                                        const std::vector<MemoryCost>& base);

/// One line a row.
std::string renderMemoryCosts(std::span<const MemoryCost> costs, const TextStyle& style);

}  // namespace mcuprof
