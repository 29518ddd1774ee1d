#pragma once

#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <vector>

#include "analyzer/analysis/kernels.hpp"
#include "analyzer/analysis/schedule.hpp"
#include "analyzer/base/basis.hpp"
#include "analyzer/base/indexed.hpp"
#include "analyzer/base/quantity.hpp"

namespace mcuprof {

/// A buffer in the head of the arena: a tensor, or a scratch request of an operator.
struct PlannedBuffer {
  TensorId tensor;  ///< invalid for scratch
  OpId op;          ///< the operator that asked; invalid for tensors
  Bytes size;       ///< rounded up to the runtime's buffer alignment
  Lifetime life;
  Bytes offset;          ///< from the start of the arena
  bool offline = false;  ///< the offset comes from the model's OfflineMemoryAllocation metadata
};

/// A request in the tail, which grows down from the end of the arena.
struct TailAllocation {
  enum class Phase : std::uint8_t {
    Create,
    Start,
    Parse,
    Init,
    Prepare,
    Handles,
    Variables,
    Interface
  };
  Phase phase{};
  OpId op;          ///< where one asked
  TensorId tensor;  ///< where it is a variable or an interface tensor
  Bytes size;
  Bytes alignment;
  Bytes end;  ///< bytes from the end of the arena to the start of this allocation, padding included
};

/// The runtime's arena, for a base and a size that are multiples of the buffer alignment.
struct ArenaPlan {
  std::vector<PlannedBuffer> buffers;  ///< tensors by id, then scratch in request order
  std::vector<TailAllocation> tail;
  Bytes head;       ///< planned buffers
  Bytes tailBytes;  ///< persistent allocations
  Bytes used;       ///< head + tail, what the runtime reports as arena_used_bytes
  Bytes smallest;   ///< smallest multiple of the alignment with which allocation succeeds
  Basis basis = Basis::Counted;
  /// Why the figures are lower bounds, one line each; empty when exact.
  std::vector<std::string> lowerBoundReasons;
  /// Why the runtime refuses to allocate the model at all, one line each; the figures then say what
  /// it would need if it did not.
  std::vector<std::string> refusals;
  Table<OpId, Bytes> live;  ///< bytes of planned buffers that are alive while the op runs; 0 for
                            ///< ops that never run
  /// First step at which the most bytes are alive, as an op; invalid for a model without operators.
  OpId peakOp;
};

/// Bytes and lifetime of something to place, before it has an offset.
struct BufferRequest {
  Bytes size;
  Lifetime life;
  std::optional<Bytes> fixedOffset;
};

/// TensorFlow Lite Micro's greedy planner: see greedy_planner.cpp. Returns one offset a request;
/// sizes are multiples of the alignment.
std::vector<Bytes> placeGreedily(std::span<const BufferRequest> requests);

/// Bytes of a tensor in the arena, where elements of less than a byte take one; nothing for types
/// that the runtime cannot allocate.
std::optional<Bytes> arenaBytes(const GraphTensor& tensor);

/// The arena as `runtime` lays it out on a 32-bit device.
ArenaPlan planArena(const Graph& graph, const KernelPlan& kernels, const Schedule& schedule,
                    const Runtime& runtime);

}  // namespace mcuprof
