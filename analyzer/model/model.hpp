#pragma once

#include <cstddef>
#include <cstdint>
#include <memory>
#include <span>
#include <string>
#include <vector>

#include "analyzer/base/result.hpp"
#include "analyzer/model/op.hpp"
#include "analyzer/model/tensor.hpp"

namespace mcuprof {

struct Subgraph {
  std::string name;
  std::vector<Tensor> tensors;
  std::vector<std::int32_t> inputs;
  std::vector<std::int32_t> outputs;
  std::vector<Operator> operators;
};

struct Metadata {
  std::string name;
  std::uint32_t buffer = 0;
};

/// A named way to call a subgraph.
struct Signature {
  struct Argument {
    std::string name;
    std::uint32_t tensor = 0;
  };
  std::string key;
  std::uint32_t subgraph = 0;
  std::vector<Argument> inputs;
  std::vector<Argument> outputs;
};

/// What a .tflite file says, checked for indices and sizes but not yet for meaning (see Graph).
///
/// Buffers are views into `storage`, which keeps the mapped file (or the bytes an editor made)
/// alive; weights are never copied.
struct Model {
  std::string source;  ///< where it came from, for errors: the path, "standard input"; may be empty
  std::uint32_t version = 3;
  std::string description;
  std::vector<Subgraph> subgraphs;
  std::vector<std::span<const std::byte>> buffers;
  std::vector<Metadata> metadata;
  std::vector<Signature> signatures;
  std::vector<std::shared_ptr<const void>> storage;
  /// Size of the whole file; it lies in flash as it is when the runtime interprets it in place.
  std::uint64_t fileBytes = 0;
};

/// Checks that every index in the model points at something and that constants have the bytes their
/// shape and type ask for. What a reader returns has passed; what an editor made has to.
Result<void> checkModel(const Model& model);

}  // namespace mcuprof
