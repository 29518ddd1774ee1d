#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "analyzer/base/basis.hpp"
#include "analyzer/base/expression.hpp"
#include "analyzer/base/quantity.hpp"
#include "analyzer/model/op.hpp"

namespace mcuprof {

/// A structure that a runtime allocates: its size and alignment on the device.
struct StructLayout {
  Bytes size;
  Bytes alignment;
};

/// One way a runtime executes an operator. The first rule of an operator whose condition is not 0 is
/// taken. Expressions are over the shape variables that analysis/kernels.hpp lists.
struct KernelRule {
  std::string variant;               ///< "conv_1x1", "depthwise_3x3"; unique within the operator
  std::optional<Expression> when;    ///< none: always
  std::vector<Expression> scratch;   ///< bytes, one a request, in the order the kernel asks
  std::vector<Expression> persistent;  ///< bytes, in the order the kernel asks at preparation
  Basis basis = Basis::Assumed;      ///< Counted: seen by running the runtime; Datasheet: read in its source
  std::string source;
};

struct OperatorRules {
  OpKind kind{};
  std::string customName;               ///< for CUSTOM
  std::vector<StructLayout> parse;      ///< option structures
  std::vector<Bytes> init;              ///< operator data, persistent alignment
  std::vector<KernelRule> kernels;
};

/// How a runtime lays out its memory (targets/runtimes/).
struct Runtime {
  std::string name;     ///< "tflm-cmsis-nn", as in the file name
  std::string title;
  std::string version;
  std::string library;  ///< kernel library: "cmsis-nn", "reference"
  std::string source;

  Bytes bufferAlignment;      ///< of planned buffers
  Bytes persistentAlignment;  ///< of what kernels keep

  /// Structures of the framework itself, in the order in which they are taken from the tail.
  std::vector<StructLayout> framework;
  StructLayout subgraphAllocations;
  StructLayout evalTensor;
  StructLayout node;
  StructLayout tensor;
  StructLayout affineQuantization;
  StructLayout scratchHandle;
  Bytes pointer;
  // Temporaries of the planner, which decide the smallest arena that works.
  Bytes scratchRequest;
  std::int64_t scratchRequestsPerOp = 12;
  Bytes allocationInfo;
  Bytes plannerPerBuffer;

  /// RAM outside the arena: interpreter, resolver, C library. Stack the kernels need.
  Sourced<std::int64_t> staticBytes;
  Sourced<std::int64_t> stackBytes;
  /// Flash besides the model: code of runtime and kernels.
  std::optional<Sourced<std::int64_t>> codeBytes;

  std::vector<OperatorRules> operators;

  const OperatorRules* find(OpKind kind, const std::string& customName) const;
};

}  // namespace mcuprof
