#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <variant>
#include <vector>

namespace mcuprof {

/// Every builtin operator, with the numbers of the schema's BuiltinOperator.
enum class OpKind : std::int32_t {
#define MCUPROF_OP(name, schemaName, code) name = (code),
#include "analyzer/model/op_kinds.def"
#undef MCUPROF_OP
};

/// The schema's name, "CONV_2D"; "CUSTOM" for a custom operator, "UNKNOWN" for a number that the
/// schema does not have.
std::string_view nameOf(OpKind kind);

/// Whether the schema this tool was built with knows the number.
bool isKnown(OpKind kind);

enum class Padding : std::uint8_t { Same = 0, Valid = 1 };
enum class Activation : std::uint8_t {
  None = 0,
  Relu = 1,
  ReluN1To1 = 2,
  Relu6 = 3,
  Tanh = 4,
  SignBit = 5
};

std::string_view nameOf(Padding padding);
std::string_view nameOf(Activation activation);

/// Attributes: what of an operator's options decides shapes, multiply-accumulates, memory or
/// values. One struct a family; operators without such options have NoAttributes.

struct NoAttributes {
  friend bool operator==(const NoAttributes&, const NoAttributes&) = default;
};

/// CONV_2D, DEPTHWISE_CONV_2D (with depthMultiplier) and TRANSPOSE_CONV. Strides and dilations are
/// >= 1.
struct ConvAttributes {
  Padding padding = Padding::Same;
  std::int32_t strideH = 1;
  std::int32_t strideW = 1;
  std::int32_t dilationH = 1;
  std::int32_t dilationW = 1;
  std::int32_t depthMultiplier = 0;  ///< 0 where the operator has none
  Activation activation = Activation::None;
  friend bool operator==(const ConvAttributes&, const ConvAttributes&) = default;
};

/// CONV_3D and CONV_3D_TRANSPOSE.
struct Conv3dAttributes {
  Padding padding = Padding::Same;
  std::int32_t strideD = 1;
  std::int32_t strideH = 1;
  std::int32_t strideW = 1;
  std::int32_t dilationD = 1;
  std::int32_t dilationH = 1;
  std::int32_t dilationW = 1;
  Activation activation = Activation::None;
  friend bool operator==(const Conv3dAttributes&, const Conv3dAttributes&) = default;
};

/// AVERAGE_POOL_2D, MAX_POOL_2D, L2_POOL_2D. Strides and filters are >= 1.
struct PoolAttributes {
  Padding padding = Padding::Same;
  std::int32_t strideH = 1;
  std::int32_t strideW = 1;
  std::int32_t filterH = 1;
  std::int32_t filterW = 1;
  Activation activation = Activation::None;
  friend bool operator==(const PoolAttributes&, const PoolAttributes&) = default;
};

struct FullyConnectedAttributes {
  Activation activation = Activation::None;
  bool keepNumDims = false;
  bool shuffledWeights = false;
  bool asymmetricQuantizeInputs = false;
  friend bool operator==(const FullyConnectedAttributes&,
                         const FullyConnectedAttributes&) = default;
};

/// ADD, SUB, MUL, DIV.
struct ArithmeticAttributes {
  Activation activation = Activation::None;
  bool potScaleInt16 = true;
  friend bool operator==(const ArithmeticAttributes&, const ArithmeticAttributes&) = default;
};

struct SoftmaxAttributes {
  float beta = 1.0F;
  friend bool operator==(const SoftmaxAttributes&, const SoftmaxAttributes&) = default;
};

/// CONCATENATION, PACK, UNPACK, GATHER, SPLIT, SPLIT_V, ONE_HOT: what joins or parts along an axis.
struct AxisAttributes {
  std::int32_t axis = 0;
  std::int32_t count =
      0;  ///< values_count, num, num_splits or batch_dims; 0 where the operator has none
  Activation activation = Activation::None;
  friend bool operator==(const AxisAttributes&, const AxisAttributes&) = default;
};

/// RESHAPE (new_shape) and SQUEEZE (squeeze_dims).
struct DimensionsAttributes {
  std::vector<std::int32_t> dimensions;
  friend bool operator==(const DimensionsAttributes&, const DimensionsAttributes&) = default;
};

/// MEAN, SUM, REDUCE_*.
struct ReduceAttributes {
  bool keepDims = false;
  friend bool operator==(const ReduceAttributes&, const ReduceAttributes&) = default;
};

struct StridedSliceAttributes {
  std::int32_t beginMask = 0;
  std::int32_t endMask = 0;
  std::int32_t ellipsisMask = 0;
  std::int32_t newAxisMask = 0;
  std::int32_t shrinkAxisMask = 0;
  bool offset = false;
  friend bool operator==(const StridedSliceAttributes&, const StridedSliceAttributes&) = default;
};

/// SVDF (rank), RNN, LSTM and their sequence forms.
struct RecurrentAttributes {
  Activation activation = Activation::None;
  std::int32_t rank = 0;
  float cellClip = 0.0F;
  float projectionClip = 0.0F;
  bool timeMajor = false;
  bool asymmetricQuantizeInputs = false;
  friend bool operator==(const RecurrentAttributes&, const RecurrentAttributes&) = default;
};

struct LeakyReluAttributes {
  float alpha = 0.0F;
  friend bool operator==(const LeakyReluAttributes&, const LeakyReluAttributes&) = default;
};

/// RESIZE_BILINEAR and RESIZE_NEAREST_NEIGHBOR.
struct ResizeAttributes {
  bool alignCorners = false;
  bool halfPixelCenters = false;
  friend bool operator==(const ResizeAttributes&, const ResizeAttributes&) = default;
};

/// DEPTH_TO_SPACE and SPACE_TO_DEPTH.
struct BlockAttributes {
  std::int32_t blockSize = 1;
  friend bool operator==(const BlockAttributes&, const BlockAttributes&) = default;
};

struct BatchMatMulAttributes {
  bool adjointX = false;
  bool adjointY = false;
  bool asymmetricQuantizeInputs = false;
  friend bool operator==(const BatchMatMulAttributes&, const BatchMatMulAttributes&) = default;
};

/// MIRROR_PAD: 0 reflect, 1 symmetric.
struct MirrorPadAttributes {
  std::int32_t mode = 0;
  friend bool operator==(const MirrorPadAttributes&, const MirrorPadAttributes&) = default;
};

/// CUMSUM.
struct CumsumAttributes {
  bool exclusive = false;
  bool reverse = false;
  friend bool operator==(const CumsumAttributes&, const CumsumAttributes&) = default;
};

/// IF (then, else), WHILE (condition, body), CALL_ONCE (first only), CALL: subgraphs that are run.
struct ControlAttributes {
  std::int32_t first = -1;
  std::int32_t second = -1;
  friend bool operator==(const ControlAttributes&, const ControlAttributes&) = default;
};

/// VAR_HANDLE.
struct VariableAttributes {
  std::string container;
  std::string sharedName;
  friend bool operator==(const VariableAttributes&, const VariableAttributes&) = default;
};

using Attributes =
    std::variant<NoAttributes, ConvAttributes, Conv3dAttributes, PoolAttributes,
                 FullyConnectedAttributes, ArithmeticAttributes, SoftmaxAttributes, AxisAttributes,
                 DimensionsAttributes, ReduceAttributes, StridedSliceAttributes,
                 RecurrentAttributes, LeakyReluAttributes, ResizeAttributes, BlockAttributes,
                 BatchMatMulAttributes, MirrorPadAttributes, CumsumAttributes, ControlAttributes,
                 VariableAttributes>;

/// One operator of a subgraph as the file describes it. Tensor indices count within the subgraph;
/// -1 stands for an optional input that is left out.
struct Operator {
  OpKind kind{};
  std::string customName;  ///< for CUSTOM only
  std::int32_t version = 1;
  std::vector<std::int32_t> inputs;
  std::vector<std::int32_t> outputs;
  std::vector<std::int32_t> intermediates;
  Attributes attributes;
  /// Custom operators only; a copy, since these are small.
  std::vector<std::uint8_t> customOptions;
};

}  // namespace mcuprof
