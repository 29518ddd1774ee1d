#pragma once

#include <cstdint>
#include <optional>
#include <string_view>
#include <vector>

#include "analyzer/analysis/placement.hpp"
#include "analyzer/base/basis.hpp"
#include "analyzer/base/indexed.hpp"
#include "analyzer/base/quantity.hpp"

namespace mcuprof {

enum class Purpose : std::uint8_t { Input, Weights, Bias, Output, Scratch, SpillWrite, SpillRead };
std::string_view nameOf(Purpose purpose);

/// Bytes that one operator moves between the core and one memory for one purpose.
struct Transfer {
  OpId op;
  RegionId region;
  Purpose purpose{};
  Bytes read;     ///< unique bytes: each address once
  Bytes written;
  /// What the kernel really touches, re-reads included, where the kernel's loop nest is known.
  std::optional<Bytes> readTouched;
  std::optional<Bytes> writtenTouched;
  Basis touchedBasis = Basis::Counted;
};

/// The ledger of all bytes moved in one inference. Rows are sorted by step, region, purpose; every total is the sum of its
/// rows.
struct Traffic {
  std::vector<Transfer> rows;
  /// The paper's worst case per op: three reads and one write per MAC, at the operands' sizes; nothing
  /// for ops without known MACs.
  Table<OpId, std::optional<Bytes>> worstCase;
};

/// Sums of a selection of rows.
struct TrafficSum {
  Bytes read;
  Bytes written;
  Bytes total() const { return read + written; }
};

Traffic countTraffic(const Graph& graph, const KernelPlan& kernels, const Schedule& schedule,
                     const WorkingSets& workingSets, const MemoryPlan& memory, const Board& board);

}  // namespace mcuprof
