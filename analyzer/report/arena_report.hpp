#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "analyzer/analysis/arena.hpp"
#include "analyzer/report/report.hpp"

namespace mcuprof {

/// A planned buffer with its name.
struct ArenaBufferRow {
  bool scratch = false;
  std::int32_t subgraph = 0;
  std::int32_t index = 0;  ///< of the tensor in its subgraph; for scratch of the operator
  std::string name;        ///< the tensor's, or "scratch of layer 3 CONV_2D"
  Bytes size;
  Bytes offset;
  Lifetime life;
  bool offline = false;
};

/// What one phase of start-up takes from the tail.
struct TailRow {
  std::string phase;
  std::int64_t requests = 0;
  Bytes bytes;
};

/// A runtime's arena, ready to be shown.
struct ArenaReport {
  Provenance provenance;
  std::string coreName;
  std::string runtimeName;
  std::string runtimeVersion;
  ArenaSummary summary;   ///< region and missing only with a board
  std::string peakLayer;  ///< "layer 3 CONV_2D", empty for a model without operators
  std::int32_t peakStep = -1;
  Bytes peakLive;
  std::int32_t stepCount = 0;
  std::vector<ArenaBufferRow> buffers;  ///< by offset, then first step
  std::vector<TailRow> tail;  ///< in the order of the phases; padding last; sums to summary.tail
};

ArenaReport buildArenaReport(const Graph& graph, const Schedule& schedule, const ArenaPlan& arena,
                             const Core& core, const Runtime& runtime, Provenance provenance);

std::string_view nameOf(TailAllocation::Phase phase);

}  // namespace mcuprof
