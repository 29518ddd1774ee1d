#include "analyzer/model/tflite_options_writer.hpp"

#include <cstdint>
#include <variant>
#include <vector>

namespace mcuprof {
namespace {

namespace fb = flatbuffers;
using Kind = tflite::BuiltinOptions;

template <typename Table>
WrittenOptions options(Kind kind, fb::Offset<Table> offset) {
  return {kind, offset.Union()};
}

tflite::Padding toSchema(Padding padding) {
  return static_cast<tflite::Padding>(padding);
}
tflite::TensorType toSchema(ElementType type) {
  return static_cast<tflite::TensorType>(type);
}
tflite::ActivationFunctionType toSchema(Activation activation) {
  return static_cast<tflite::ActivationFunctionType>(activation);
}

/// Writes the options of one operator. Which table a family of attributes goes into depends on the
/// operator's kind; a kind that has no such table gets none.
struct OptionsWriter {
  fb::FlatBufferBuilder& out;
  const Operator& op;
  const Subgraph& subgraph;

  /// Type of the first of an operator's tensors, for options that repeat it.
  tflite::TensorType typeOf(const std::vector<std::int32_t>& tensors) const {
    const bool there = !tensors.empty() && tensors[0] >= 0;
    return toSchema(there ? subgraph.tensors[static_cast<std::size_t>(tensors[0])].type
                          : ElementType::Float32);
  }

  WrittenOptions operator()(const NoAttributes&) const {
    switch (op.kind) {
      case OpKind::Shape:
        return options(Kind::ShapeOptions, tflite::CreateShapeOptions(out, typeOf(op.outputs)));
      case OpKind::ArgMax:
        return options(Kind::ArgMaxOptions, tflite::CreateArgMaxOptions(out, typeOf(op.outputs)));
      case OpKind::ArgMin:
        return options(Kind::ArgMinOptions, tflite::CreateArgMinOptions(out, typeOf(op.outputs)));
      case OpKind::Cast:
        return options(Kind::CastOptions,
                       tflite::CreateCastOptions(out, typeOf(op.inputs), typeOf(op.outputs)));
      default:
        return {};
    }
  }
  WrittenOptions operator()(const ConvAttributes& a) const {
    const auto padding = toSchema(a.padding);
    const auto activation = toSchema(a.activation);
    switch (op.kind) {
      case OpKind::Conv2d:
        return options(Kind::Conv2DOptions,
                       tflite::CreateConv2DOptions(out, padding, a.strideW, a.strideH, activation,
                                                   a.dilationW, a.dilationH));
      case OpKind::DepthwiseConv2d:
        return options(Kind::DepthwiseConv2DOptions,
                       tflite::CreateDepthwiseConv2DOptions(out, padding, a.strideW, a.strideH,
                                                            a.depthMultiplier, activation,
                                                            a.dilationW, a.dilationH));
      case OpKind::TransposeConv:
        return options(
            Kind::TransposeConvOptions,
            tflite::CreateTransposeConvOptions(out, padding, a.strideW, a.strideH, activation));
      default:
        return {};
    }
  }
  WrittenOptions operator()(const Conv3dAttributes& a) const {
    return options(
        Kind::Conv3DOptions,
        tflite::CreateConv3DOptions(out, toSchema(a.padding), a.strideD, a.strideW, a.strideH,
                                    toSchema(a.activation), a.dilationD, a.dilationW, a.dilationH));
  }
  WrittenOptions operator()(const PoolAttributes& a) const {
    return options(Kind::Pool2DOptions,
                   tflite::CreatePool2DOptions(out, toSchema(a.padding), a.strideW, a.strideH,
                                               a.filterW, a.filterH, toSchema(a.activation)));
  }
  WrittenOptions operator()(const FullyConnectedAttributes& a) const {
    using Format = tflite::FullyConnectedOptionsWeightsFormat;
    return options(Kind::FullyConnectedOptions,
                   tflite::CreateFullyConnectedOptions(
                       out, toSchema(a.activation),
                       a.shuffledWeights ? Format::SHUFFLED4x16INT8 : Format::DEFAULT,
                       a.keepNumDims, a.asymmetricQuantizeInputs));
  }
  WrittenOptions operator()(const ArithmeticAttributes& a) const {
    const auto activation = toSchema(a.activation);
    switch (op.kind) {
      case OpKind::Add:
        return options(Kind::AddOptions,
                       tflite::CreateAddOptions(out, activation, a.potScaleInt16));
      case OpKind::Sub:
        return options(Kind::SubOptions,
                       tflite::CreateSubOptions(out, activation, a.potScaleInt16));
      case OpKind::Mul:
        return options(Kind::MulOptions, tflite::CreateMulOptions(out, activation));
      case OpKind::Div:
        return options(Kind::DivOptions, tflite::CreateDivOptions(out, activation));
      default:
        return {};
    }
  }
  WrittenOptions operator()(const SoftmaxAttributes& a) const {
    return options(Kind::SoftmaxOptions, tflite::CreateSoftmaxOptions(out, a.beta));
  }
  WrittenOptions operator()(const AxisAttributes& a) const {
    switch (op.kind) {
      case OpKind::Concatenation:
        return options(Kind::ConcatenationOptions,
                       tflite::CreateConcatenationOptions(out, a.axis, toSchema(a.activation)));
      case OpKind::Pack:
        return options(Kind::PackOptions, tflite::CreatePackOptions(out, a.count, a.axis));
      case OpKind::Unpack:
        return options(Kind::UnpackOptions, tflite::CreateUnpackOptions(out, a.count, a.axis));
      case OpKind::Gather:
        return options(Kind::GatherOptions, tflite::CreateGatherOptions(out, a.axis, a.count));
      case OpKind::Split:
        return options(Kind::SplitOptions, tflite::CreateSplitOptions(out, a.count));
      case OpKind::SplitV:
        return options(Kind::SplitVOptions, tflite::CreateSplitVOptions(out, a.count));
      case OpKind::OneHot:
        return options(Kind::OneHotOptions, tflite::CreateOneHotOptions(out, a.axis));
      default:
        return {};
    }
  }
  WrittenOptions operator()(const DimensionsAttributes& a) const {
    // The converter leaves the options out where the shape is an input of its own.
    if (a.dimensions.empty()) return {};
    const auto dimensions = out.CreateVector(a.dimensions);
    if (op.kind == OpKind::Squeeze)
      return options(Kind::SqueezeOptions, tflite::CreateSqueezeOptions(out, dimensions));
    return options(Kind::ReshapeOptions, tflite::CreateReshapeOptions(out, dimensions));
  }
  WrittenOptions operator()(const ReduceAttributes& a) const {
    return options(Kind::ReducerOptions, tflite::CreateReducerOptions(out, a.keepDims));
  }
  WrittenOptions operator()(const StridedSliceAttributes& a) const {
    return options(Kind::StridedSliceOptions,
                   tflite::CreateStridedSliceOptions(out, a.beginMask, a.endMask, a.ellipsisMask,
                                                     a.newAxisMask, a.shrinkAxisMask, a.offset));
  }
  WrittenOptions operator()(const RecurrentAttributes& a) const {
    const auto activation = toSchema(a.activation);
    const bool asymmetric = a.asymmetricQuantizeInputs;
    switch (op.kind) {
      case OpKind::Svdf:
        return options(Kind::SVDFOptions,
                       tflite::CreateSVDFOptions(out, a.rank, activation, asymmetric));
      case OpKind::Rnn:
        return options(Kind::RNNOptions, tflite::CreateRNNOptions(out, activation, asymmetric));
      case OpKind::UnidirectionalSequenceRnn:
        return options(Kind::SequenceRNNOptions,
                       tflite::CreateSequenceRNNOptions(out, a.timeMajor, activation, asymmetric));
      case OpKind::BidirectionalSequenceRnn:
        return options(Kind::BidirectionalSequenceRNNOptions,
                       tflite::CreateBidirectionalSequenceRNNOptions(out, a.timeMajor, activation,
                                                                     false, asymmetric));
      case OpKind::Lstm:
        return options(Kind::LSTMOptions,
                       tflite::CreateLSTMOptions(out, activation, a.cellClip, a.projectionClip,
                                                 tflite::LSTMKernelType::FULL, asymmetric));
      case OpKind::UnidirectionalSequenceLstm:
        return options(Kind::UnidirectionalSequenceLSTMOptions,
                       tflite::CreateUnidirectionalSequenceLSTMOptions(
                           out, activation, a.cellClip, a.projectionClip, a.timeMajor, asymmetric));
      case OpKind::BidirectionalSequenceLstm:
        return options(
            Kind::BidirectionalSequenceLSTMOptions,
            tflite::CreateBidirectionalSequenceLSTMOptions(
                out, activation, a.cellClip, a.projectionClip, false, a.timeMajor, asymmetric));
      default:
        return {};
    }
  }
  WrittenOptions operator()(const LeakyReluAttributes& a) const {
    return options(Kind::LeakyReluOptions, tflite::CreateLeakyReluOptions(out, a.alpha));
  }
  WrittenOptions operator()(const ResizeAttributes& a) const {
    if (op.kind == OpKind::ResizeBilinear) {
      return options(Kind::ResizeBilinearOptions,
                     tflite::CreateResizeBilinearOptions(out, a.alignCorners, a.halfPixelCenters));
    }
    return options(
        Kind::ResizeNearestNeighborOptions,
        tflite::CreateResizeNearestNeighborOptions(out, a.alignCorners, a.halfPixelCenters));
  }
  WrittenOptions operator()(const BlockAttributes& a) const {
    if (op.kind == OpKind::DepthToSpace) {
      return options(Kind::DepthToSpaceOptions,
                     tflite::CreateDepthToSpaceOptions(out, a.blockSize));
    }
    return options(Kind::SpaceToDepthOptions, tflite::CreateSpaceToDepthOptions(out, a.blockSize));
  }
  WrittenOptions operator()(const BatchMatMulAttributes& a) const {
    return options(
        Kind::BatchMatMulOptions,
        tflite::CreateBatchMatMulOptions(out, a.adjointX, a.adjointY, a.asymmetricQuantizeInputs));
  }
  WrittenOptions operator()(const MirrorPadAttributes& a) const {
    return options(Kind::MirrorPadOptions,
                   tflite::CreateMirrorPadOptions(out, static_cast<tflite::MirrorPadMode>(a.mode)));
  }
  WrittenOptions operator()(const CumsumAttributes& a) const {
    return options(Kind::CumsumOptions, tflite::CreateCumsumOptions(out, a.exclusive, a.reverse));
  }
  WrittenOptions operator()(const ControlAttributes& a) const {
    switch (op.kind) {
      case OpKind::If:
        return options(Kind::IfOptions, tflite::CreateIfOptions(out, a.first, a.second));
      case OpKind::While:
        return options(Kind::WhileOptions, tflite::CreateWhileOptions(out, a.first, a.second));
      case OpKind::CallOnce:
        return options(Kind::CallOnceOptions, tflite::CreateCallOnceOptions(out, a.first));
      case OpKind::Call:
        return options(Kind::CallOptions,
                       tflite::CreateCallOptions(out, static_cast<std::uint32_t>(a.first)));
      default:
        return {};
    }
  }
  WrittenOptions operator()(const VariableAttributes& a) const {
    const auto container = out.CreateString(a.container);
    const auto sharedName = out.CreateString(a.sharedName);
    return options(Kind::VarHandleOptions,
                   tflite::CreateVarHandleOptions(out, container, sharedName));
  }
};

}  // namespace

WrittenOptions writeOptions(fb::FlatBufferBuilder& out, const Operator& op,
                            const Subgraph& subgraph) {
  return std::visit(OptionsWriter{out, op, subgraph}, op.attributes);
}

}  // namespace mcuprof
