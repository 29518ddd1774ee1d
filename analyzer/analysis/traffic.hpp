#pragma once

#include <cstdint>
#include <optional>
#include <span>
#include <string_view>
#include <vector>

#include "analyzer/analysis/kernel_costs.hpp"
#include "analyzer/analysis/placement.hpp"
#include "analyzer/base/basis.hpp"
#include "analyzer/base/indexed.hpp"
#include "analyzer/base/quantity.hpp"

namespace mcuprof {

enum class Purpose : std::uint8_t { Input, Weights, Bias, Output, Scratch, SpillWrite, SpillRead };
inline constexpr std::size_t kPurposeCount = 7;
/// "input", "weights", "bias", "output", "scratch", "spill write", "spill read".
std::string_view nameOf(Purpose purpose);

/// Bytes that leave or enter one memory for one purpose of one operator. docs/data-movement.md
/// defines each row.
struct Transfer {
  OpId op;
  RegionId region;
  Purpose purpose{};
  Bytes read;  ///< unique bytes: each address once
  Bytes written;
  /// What the kernel really touches, re-reads included, where the kernel's loop nest is known or
  /// was counted.
  std::optional<Bytes> readTouched;
  std::optional<Bytes> writtenTouched;
  Basis touchedBasis = Basis::Counted;
};

/// Sums of a selection of rows.
struct TrafficSum {
  Bytes read;
  Bytes written;
  Bytes total() const { return read + written; }
};

/// The ledger of all bytes moved in one inference. Rows are sorted by step, region, purpose, one
/// row for each such triple; every total is the sum of its rows.
struct Traffic {
  std::vector<Transfer> rows;
  /// [first, end) of each op's rows; empty for ops that never run.
  struct Range {
    std::size_t first = 0;
    std::size_t end = 0;
  };
  Table<OpId, Range> rowsOf;
  /// The paper's worst case per op: three reads and one write per MAC, at the operands' sizes;
  /// nothing for ops without known MACs.
  Table<OpId, std::optional<TrafficSum>> worstCase;

  std::span<const Transfer> rowsOfOp(OpId op) const {
    return std::span(rows).subspan(rowsOf[op].first, rowsOf[op].end - rowsOf[op].first);
  }
};

TrafficSum sumOf(std::span<const Transfer> rows);
/// One sum for each region of the board.
Table<RegionId, TrafficSum> sumByRegion(std::span<const Transfer> rows, const Board& board);
/// One sum for each purpose, in the order of the enumeration.
std::vector<TrafficSum> sumByPurpose(std::span<const Transfer> rows);

Traffic countTraffic(const Graph& graph, const KernelPlan& kernels, const KernelCosts& kernelCosts,
                     const Schedule& schedule, const ArenaPlan& arena, const MemoryPlan& memory,
                     const Board& board, const Runtime& runtime);

}  // namespace mcuprof
