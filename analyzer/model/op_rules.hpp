#pragma once

#include <optional>

#include "analyzer/model/op_view.hpp"

namespace mcuprof {

/// What input number `index` of an operator is when it is constant: weights, bias or parameter.
InputRole roleOfConstant(OpKind kind, std::size_t index, std::size_t inputCount);

/// Whether an operator has the inputs and outputs its kind needs, with the ranks that give their
/// extents a meaning. After this, what `checkShape` and `countMacs` look at is there.
OpProblem checkForm(const OpView& view);

/// Whether the extents of an operator's tensors agree with each other, its options and its
/// constants. What is known at run time only, and operators without a rule, pass.
OpProblem checkShape(const OpView& view);

/// Multiply-accumulates of one execution of an operator that has the right form. The problem is a
/// count beyond 63 bits. See GraphOp::macs for the definition.
struct MacCount {
  std::optional<Macs> macs;
  bool overflow = false;
};
MacCount countMacs(const OpView& view);

}  // namespace mcuprof
