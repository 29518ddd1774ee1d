#pragma once

#include <optional>
#include <string>
#include <vector>

#include "analyzer/model/graph.hpp"

namespace mcuprof {

/// What is wrong with an operator, in plain words; nothing when all is well.
using OpProblem = std::optional<std::string>;

/// An operator together with its tensors, for the rules that hold for one kind of operator.
struct OpView {
  const Graph& graph;
  const GraphOp& op;
  /// Where set, rules write here the extents that outputs must have, one entry an output, instead
  /// of comparing them with what the graph says.
  std::vector<std::optional<std::vector<std::int64_t>>>* wanted = nullptr;

  std::size_t inputCount() const { return op.inputs.size(); }
  std::size_t outputCount() const { return op.outputs.size(); }
  bool has(std::size_t input) const {
    return input < op.inputs.size() && op.inputs[input].tensor.valid();
  }
  const GraphTensor& input(std::size_t i) const { return graph.tensors[op.inputs[i].tensor]; }
  const GraphTensor& output(std::size_t i = 0) const { return graph.tensors[op.outputs[i]]; }
  const Shape& in(std::size_t i) const { return input(i).shape; }
  const Shape& out(std::size_t i = 0) const { return output(i).shape; }

  /// The values of a constant int32 or int64 input that is short enough to be about dimensions;
  /// nothing when they are computed at run time.
  std::optional<std::vector<std::int64_t>> constant(std::size_t i) const;

  /// The operator's attributes, or their defaults where it was made without.
  template <typename A>
  const A& attributes() const {
    static const A kDefaults;
    const A* given = std::get_if<A>(&op.attributes);
    return given == nullptr ? kDefaults : *given;
  }
};

/// The number of elements of a shape in a graph, which has been proved to fit.
std::int64_t elementsOf(const Shape& shape);

}  // namespace mcuprof
