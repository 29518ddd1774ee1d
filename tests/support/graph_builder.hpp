#pragma once

#include <cstddef>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "analyzer/model/graph.hpp"

namespace mcuprof::test {

/// Makes Graph values for tests without a model file:
///
///     GraphBuilder b;
///     const TensorId x = b.input({1, 8, 8, 3});
///     const TensorId y = b.op(OpKind::Conv2d, {x, b.constant({4, 3, 3, 3})}, {1, 8, 8, 4});
///     const Graph graph = b.output(y).build();
///
/// Tensors are int8 unless said otherwise, so that a shape reads as bytes. Names are "t0", "t1" by
/// id. An input's role follows from the tensor: variable is State; an int32 constant is Bias where
/// it is the third input of a convolution or a fully connected layer and else Parameter; other
/// constants are Weights. Nothing is proved about shapes: the graph is as consistent as the test
/// that builds it.
class GraphBuilder {
 public:
  GraphBuilder();

  TensorId input(Shape shape, ElementType type = ElementType::Int8);
  /// Zero-filled data, owned by the graph.
  TensorId constant(Shape shape, ElementType type = ElementType::Int8);
  /// State that lives from one inference to the next.
  TensorId variable(Shape shape, ElementType type = ElementType::Int8);

  /// Adds an operator with one output and returns the output. An invalid id among the inputs stands
  /// for an optional input that is left out.
  TensorId op(OpKind kind, std::vector<TensorId> inputs, Shape output, Attributes attributes = {},
              ElementType type = ElementType::Int8);
  /// Adds an operator with any number of outputs.
  std::vector<TensorId> opWithOutputs(OpKind kind, std::vector<TensorId> inputs,
                                      std::vector<Shape> outputs, Attributes attributes = {},
                                      ElementType type = ElementType::Int8);
  /// The operator that was added last.
  OpId lastOp() const;
  GraphBuilder& macs(std::int64_t count);      ///< of the last operator; 0 where not called
  GraphBuilder& unknownMacs();                 ///< of the last operator
  GraphBuilder& customName(std::string name);  ///< of the last operator

  /// Names an output of the current subgraph.
  GraphBuilder& output(TensorId tensor);
  /// Ends the current subgraph and begins the next; its tensors and operators follow.
  SubgraphId beginSubgraph(std::string name);
  GraphBuilder& metadata(std::string name, std::vector<std::byte> content);
  GraphBuilder& fileBytes(Bytes bytes);

  Graph build();

 private:
  TensorId add(Shape shape, ElementType type);
  std::span<const std::byte> own(std::size_t size);

  Graph m_graph;
  std::optional<Bytes> m_fileBytes;
};

}  // namespace mcuprof::test
