#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "analyzer/base/basis.hpp"
#include "analyzer/base/expression.hpp"
#include "analyzer/base/quantity.hpp"
#include "analyzer/model/op.hpp"
#include "analyzer/target/opt_level.hpp"

namespace mcuprof {

/// A structure that a runtime allocates: its size and alignment on the device.
struct StructLayout {
  Bytes size;
  Bytes alignment = Bytes(1);
};

/// One way a runtime executes an operator. The first rule of an operator whose condition is not 0
/// is taken. Expressions are over kernelVariables() (target/kernel_shape.hpp).
struct KernelRule {
  std::string variant;             ///< "conv_1x1", "depthwise_3x3"; unique within the operator
  std::optional<Expression> when;  ///< none: always
  std::vector<Expression> init;    ///< bytes kept from initialisation on, after OperatorRules::init
  std::vector<Expression> scratch;     ///< bytes, one a request, in the order the kernel asks
  std::vector<Expression> persistent;  ///< bytes, in the order the kernel asks at preparation
  std::string refused;                 ///< not empty: the runtime refuses such an operator, and why
  std::string unknown;                 ///< not empty: what of its memory is not known
  Basis basis =
      Basis::Assumed;  ///< Counted: seen by running the runtime; Datasheet: read in its source
  std::string source;
};

/// What a runtime keeps for an operator. An operator without kernels asks for nothing else.
struct OperatorRules {
  OpKind kind{};
  std::string customName;             ///< for CUSTOM
  std::optional<StructLayout> parse;  ///< its options, unpacked
  std::optional<Bytes> init;          ///< its data, at the persistent alignment
  /// Bytes of tensor descriptors that preparation borrows; none: each input and output once.
  std::optional<Expression> borrowed;
  std::vector<KernelRule> kernels;
  Basis basis = Basis::Assumed;  ///< of the structures
  std::string source;
};

/// How a runtime lays out its memory (targets/runtimes/).
struct Runtime {
  std::string name;  ///< "tflm-cmsis-nn", as in the file name
  /// Every file it was read from: its own, then those that it extends.
  std::vector<std::string> files;
  std::string title;
  std::string version;
  std::string libraryVersion;  ///< of the kernel library; empty: as it was counted
  std::string library;         ///< kernel library: "cmsis-nn", "reference"
  /// Where `library` is not alone: the operators whose kernels it has, and the library that has
  /// those of all others. Else empty.
  std::vector<OpKind> libraryOperators;
  std::string otherLibrary;
  OptLevel opt = OptLevel::O2;  ///< at which the library was compiled
  std::string source;

  Bytes bufferAlignment = Bytes(1);      ///< of planned buffers
  Bytes persistentAlignment = Bytes(1);  ///< of what kernels keep

  // Structures of the framework itself, in the order in which they are taken from the tail.
  std::vector<StructLayout> create;  ///< when the interpreter is made
  std::vector<StructLayout> start;   ///< when allocation starts
  StructLayout subgraphAllocations;  ///< one a subgraph
  StructLayout evalTensor;           ///< one a tensor
  StructLayout node;                 ///< one an operator
  StructLayout tensor;               ///< one an input or output of the model
  StructLayout affineQuantization;   ///< one of those where it is quantised
  StructLayout scratchHandle;        ///< one a scratch request
  StructLayout resourceVariables;    ///< once, where the model has resource variables
  StructLayout resourceVariable;     ///< one a resource variable
  Bytes pointer;
  // Temporaries of the planner, which decide the smallest arena that works.
  Bytes scratchRequest;
  std::int64_t scratchRequestsPerOp = 0;  ///< room kept for one operator, and its limit
  Bytes subgraphOffset;
  Bytes allocationInfo;
  Bytes plannerPerBuffer;

  /// RAM outside the arena: interpreter, resolver, C library. Stack the kernels need.
  Sourced<std::int64_t> staticBytes;
  Sourced<std::int64_t> stackBytes;
  /// Flash besides the model: code of runtime and kernels.
  std::optional<Sourced<std::int64_t>> codeBytes;

  /// Cycles the interpreter spends on each operator besides its kernel.
  std::optional<Sourced<std::int64_t>> operatorFeeCycles;

  std::vector<OperatorRules> operators;  ///< sorted by kind, then custom name

  /// Whose kernel runs an operator.
  const std::string& libraryOf(OpKind kind) const;

  /// nullptr: the runtime does not know the operator.
  const OperatorRules* find(OpKind kind, std::string_view customName) const;
};

}  // namespace mcuprof
