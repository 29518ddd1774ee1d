#pragma once

#include <array>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "analyzer/analysis/calibration.hpp"
#include "analyzer/analysis/kernel_costs.hpp"
#include "analyzer/analysis/kernels.hpp"
#include "analyzer/analysis/machine.hpp"
#include "analyzer/analysis/placement.hpp"
#include "analyzer/analysis/traffic.hpp"
#include "analyzer/base/estimate.hpp"
#include "analyzer/base/indexed.hpp"
#include "analyzer/target/cost_tables.hpp"

namespace mcuprof {

/// The parts that the cycles of one operator are the sum of; docs/cost-model.md explains each.
enum class CycleTerm : std::uint8_t {
  Instructions,  ///< executed instructions at the core's price
  Branches,      ///< refill after taken branches
  FlashStalls,   ///< wait states of code and weights
  RamStalls,     ///< wait states of RAM
  CardTransfer,  ///< card: blocks and commands
  OperatorFee,   ///< the runtime's own work per operator
  Unmodelled,    ///< correction fitted on published measurements
};
inline constexpr std::size_t kCycleTermCount = 7;
using CycleTerms = std::array<double, kCycleTermCount>;
std::string_view nameOf(CycleTerm term);

/// What most of the time goes to.
enum class Bound : std::uint8_t { Unknown, Compute, Flash, Ram, Card, Fee };
std::string_view nameOf(Bound bound);

struct OpCycles {
  bool known = false;
  std::string_view unknownReason;  ///< of an op that is not known
  bool outsideFit = false;         ///< the shape lies outside those the kernel table was fitted on
  bool coarse = false;             ///< from a rate, not from a kernel table
  CycleTerms terms{};
  double spillWriteCycles = 0;  ///< part of the card's term
  double spillReadCycles = 0;   ///< part of the card's term
  Estimate cycles;              ///< sum of terms
  Estimate instructions;
  Bound bound = Bound::Unknown;
  std::string_view kernel;   ///< "conv_s8"
  std::string_view variant;  ///< "1x1_fast"
};

/// Cycles of one inference. The total is the sum of the operators whose cost is known: a lower
/// bound when any is not.
struct CycleEstimate {
  Table<OpId, OpCycles> ops;
  Estimate total;
  Estimate milliseconds;
  CycleTerms termTotals{};
  double spillWriteCycles = 0;
  double spillReadCycles = 0;
  double modelledMacShare = 0;  ///< of the MACs that are known, 0 to 1; 1 for a model without MACs
  std::size_t unknownOps = 0;
  MachineState state;
};

/// Cycles of each operator that runs. Operators of subgraphs that are called run once. A
/// calibration corrects the terms and puts its bands in the place of the core's.
CycleEstimate estimateCycles(const Graph& graph, const KernelPlan& kernels,
                             const KernelCosts& kernelCosts, const Schedule& schedule,
                             const MemoryPlan& memory, const Traffic& traffic, const Board& board,
                             const Core& core, const Runtime& runtime, const CostTables& costs,
                             const MachineState& state,
                             const std::optional<Calibration>& calibration = {});

/// One line of an explanation: a term, what it is made of, and where its numbers come from.
struct TermExplanation {
  CycleTerm term{};
  double cycles = 0;
  std::string text;
  Basis basis = Basis::Fitted;
};

}  // namespace mcuprof
