#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "analyzer/analysis/schedule.hpp"
#include "analyzer/base/indexed.hpp"
#include "analyzer/base/quantity.hpp"
#include "analyzer/base/result.hpp"
#include "analyzer/model/graph.hpp"
#include "analyzer/model/model.hpp"
#include "device-agent/firmware/kernels/kernels.h"
#include "device-agent/firmware/program.h"

namespace mcuprof {

/// What became of an operator.
struct LoweredLayer {
  OpId op;
  mcuprof_kind kind = MCUPROF_KIND_NOT_SUPPORTED;
  std::string reason;  ///< why the agent cannot run it; empty when it can
  Bytes scratch;
};

/// A model as the device agent executes it.
struct LoweredProgram {
  std::vector<std::byte> bytes;      ///< passes mcuprof_program_check for `library`
  Bytes arenaBytes;                  ///< what the program needs
  std::vector<LoweredLayer> layers;  ///< by layer number: the operators of subgraph 0, in order
  Table<TensorId, std::optional<Bytes>> offsets;  ///< of tensors in the arena
};

/// Translates subgraph 0 for the agent: quantisation, tables and the arena are settled here, so
/// that the agent only computes.
///
/// `graph` is buildGraph(model). Tensors and scratch are placed by placeGreedily() with lifetimes
/// from `schedule`, at multiples of 16; state keeps its place for good. Operators that the agent
/// lacks become layers of kind MCUPROF_KIND_NOT_SUPPORTED with the reason. The error is about
/// models that no program can hold: more than 65,534 tensors, 2 GiB of constants or arena, string
/// tensors at run time.
Result<LoweredProgram> lowerModel(const Model& model, const Graph& graph, const Schedule& schedule,
                                  mcuprof_library library,
                                  const std::array<std::uint8_t, 16>& modelHash = {});

}  // namespace mcuprof
