#pragma once

#include <optional>

#include "analyzer/model/graph.hpp"
#include "analyzer/target/kernel_shape.hpp"
#include "analyzer/target/kernel_trips.hpp"

namespace mcuprof {

/// Shapes of operators as the kernel tables name them (docs/kernel-tables.md). Columns that a
/// kernel does not have are 1, paddings and the two free numbers 0.
KernelRow unitRow();
KernelRow windowRow(const KernelShape& shape);
KernelRow vectorRow(std::int64_t length);

/// Rows of `ic`; nothing where the kernel is not of int8.
std::optional<KernelRow> softmaxRow(const KernelShape& shape);

/// Paddings before and behind, from the constant second input. Nothing for other types than int8,
/// more than four axes, and paddings of the batch, which no table counts.
std::optional<KernelRow> padRow(const Graph& graph, const GraphOp& op, const KernelShape& shape);

}  // namespace mcuprof
