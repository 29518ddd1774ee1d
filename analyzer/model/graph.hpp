#pragma once

#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <vector>

#include "analyzer/base/indexed.hpp"
#include "analyzer/base/quantity.hpp"
#include "analyzer/base/result.hpp"
#include "analyzer/model/model.hpp"

namespace mcuprof {

/// A tensor in the analysis. Ids run over all subgraphs, in file order.
struct GraphTensor {
  std::string name;
  ElementType type = ElementType::Float32;
  Shape shape;
  Bytes bytes;              ///< dense size; 0 for types without one (string, resource, variant)
  bool isConstant = false;  ///< has data in the file
  bool isVariable = false;  ///< state that lives from one inference to the next
  bool isSparse = false;    ///< stored bytes are not the dense bytes
  /// The file leaves an extent open (-1 in its signature); shape has 1 there.
  bool isOpen = false;
  Bytes storedBytes;         ///< bytes of its buffer in the file; 0 when not constant
  std::uint32_t buffer = 0;  ///< tensors with the same buffer share the bytes
  std::span<const std::byte> data;
  std::size_t scaleCount = 0;
  std::size_t zeroPointCount = 0;
  SubgraphId subgraph;
  std::int32_t indexInSubgraph = 0;
  OpId producer;              ///< invalid for inputs, constants and variables
  std::vector<OpId> readers;  ///< each op once, in order
};

/// What an operator's input is to it, for the parts of the working set.
enum class InputRole : std::uint8_t {
  Activation,  ///< computed at run time
  Weights,     ///< constant: filter, matrix, table
  Bias,        ///< constant: added per output
  Parameter,   ///< constant that shapes the operation: axis, new shape, paddings
  State,       ///< variable tensor
};

struct GraphInput {
  TensorId tensor;  ///< invalid where an optional input is left out
  InputRole role = InputRole::Activation;
};

/// An operator in the analysis. Ids run over all subgraphs, in file order, which is the order in
/// which a subgraph runs.
struct GraphOp {
  OpKind kind{};
  std::string customName;  ///< of CUSTOM; "BUILTIN_4711" for a number that the schema does not have
  std::string name;        ///< name of the first output tensor; what people call the layer
  std::vector<GraphInput> inputs;  ///< one an input of the file, in its order
  std::vector<TensorId> outputs;
  std::vector<TensorId> intermediates;
  Attributes attributes;
  SubgraphId subgraph;
  std::int32_t indexInSubgraph = 0;
  /// Multiply-accumulates of one execution. Nothing when unknown: custom operators, numbers the
  /// schema does not have, operators of StableHLO that compute, RFFT2D. 0 for operators that only
  /// move, compare or work element by element (ADD, MUL, pooling, MEAN, SOFTMAX), and for IF, WHILE
  /// and CALL, whose subgraphs have operators of their own.
  ///
  /// - CONV_2D, CONV_3D: output elements times filter elements of one output channel, padding
  /// included.
  /// - DEPTHWISE_CONV_2D: output elements times filter height times filter width.
  /// - TRANSPOSE_CONV, CONV_3D_TRANSPOSE: input elements times filter elements of one input
  /// channel.
  /// - FULLY_CONNECTED: input rows times elements of the weights; BATCH_MATMUL: output elements
  /// times the
  ///   extent that is summed over.
  /// - SVDF, RNN, LSTM and their sequence forms: every weight once a batch entry and step; the
  /// gates'
  ///   element-wise products, biases and layer normalisation are not counted.
  /// - LOCAL_RESPONSE_NORMALIZATION and all others: 0.
  std::optional<Macs> macs;
};

struct GraphSubgraph {
  std::string name;
  OpId firstOp;  ///< ops are [firstOp, firstOp + opCount)
  std::size_t opCount = 0;
  TensorId firstTensor;
  std::size_t tensorCount = 0;
  std::vector<TensorId> inputs;
  std::vector<TensorId> outputs;
};

/// A model that has been proved consistent: every index is in range, every tensor has at most one
/// producer that runs before its readers, shapes of known operators agree with their options, and
/// every size fits 63 bits, and all tensors together take at most 1 TiB. Subgraph 0 is the one that
/// is invoked.
struct Graph {
  Table<OpId, GraphOp> ops;
  Table<TensorId, GraphTensor> tensors;
  Table<SubgraphId, GraphSubgraph> subgraphs;
  std::vector<Metadata> metadata;
  std::vector<std::span<const std::byte>> buffers;
  std::vector<std::shared_ptr<const void>> storage;  ///< keeps the constant data alive
  Bytes fileBytes;

  const GraphTensor& tensor(TensorId id) const { return tensors[id]; }
  /// "CONV_2D", or the custom operator's own name.
  std::string_view kindName(const GraphOp& op) const {
    return op.customName.empty() ? nameOf(op.kind) : std::string_view(op.customName);
  }
};

/// Proves the model consistent; checkModel() is part of it. The error names the subgraph, operator
/// and tensor. Subgraphs that call each other in a circle, more than 100 deep or so often that an
/// inference runs more than ten million operators are refused (the body of a WHILE counts once).
///
/// Where a tensor of an operator is open, extents that do not agree are let pass: the file only has
/// place-holders there. Tensors that nobody writes are let pass, too; accelerators use some as
/// scratch.
Result<Graph> buildGraph(const Model& model);

}  // namespace mcuprof
