#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "analyzer/model/model.hpp"

namespace mcuprof::test {

/// Makes a Model of one subgraph, operator by operator:
///
///     ModelSketch m;
///     const auto x = m.input({1, 8, 8, 3});
///     m.op(OpKind::Conv2d, {x, m.weights({4, 3, 3, 3})}, {{1, 8, 8, 4}}, ConvAttributes());
///
/// Tensors are int8 and named "t0", "t1" unless said otherwise. The model's source is "sketch".
struct ModelSketch {
  Model model;

  ModelSketch();
  Subgraph& main() { return model.subgraphs.back(); }

  std::int32_t tensor(Shape shape, ElementType type = ElementType::Int8);
  /// A tensor that is an input of the subgraph.
  std::int32_t input(Shape shape, ElementType type = ElementType::Int8);
  /// A constant of zeros.
  std::int32_t weights(Shape shape, ElementType type = ElementType::Int8);
  /// A constant int32 list of these values.
  std::int32_t list(std::vector<std::int32_t> values);
  std::int32_t list(Shape shape, std::vector<std::int32_t> values);
  std::int32_t variable(Shape shape, ElementType type = ElementType::Int8);

  /// Adds an operator and new tensors for its outputs; returns the first of them.
  std::int32_t op(OpKind kind, std::vector<std::int32_t> inputs, std::vector<Shape> outputs,
                  Attributes attributes = {});

  /// Begins another subgraph; what follows goes there.
  void nextSubgraph() { model.subgraphs.emplace_back(); }

 private:
  std::uint32_t own(std::vector<std::byte> bytes);
};

}  // namespace mcuprof::test
