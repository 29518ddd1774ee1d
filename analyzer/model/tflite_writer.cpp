#include "analyzer/model/tflite_writer.hpp"

#include <algorithm>
#include <cassert>
#include <map>
#include <string>
#include <tuple>
#include <type_traits>

#include "tflite_generated.h"

namespace mcuprof {
namespace {

namespace fb = flatbuffers;
using Kind = tflite::BuiltinOptions;

/// One operator's options: which table of the union, and where it was written.
struct Options {
  Kind kind = Kind::NONE;
  fb::Offset<void> offset;
};

template <typename Table>
Options options(Kind kind, fb::Offset<Table> offset) {
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

  /// Type of the operator's n-th tensor, for options that repeat it.
  tflite::TensorType typeOf(const std::vector<std::int32_t>& tensors) const {
    const bool there = !tensors.empty() && tensors[0] >= 0;
    return toSchema(there ? subgraph.tensors[static_cast<std::size_t>(tensors[0])].type
                          : ElementType::Float32);
  }

  Options operator()(const NoAttributes&) const {
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
  Options operator()(const ConvAttributes& a) const {
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
  Options operator()(const Conv3dAttributes& a) const {
    return options(
        Kind::Conv3DOptions,
        tflite::CreateConv3DOptions(out, toSchema(a.padding), a.strideD, a.strideW, a.strideH,
                                    toSchema(a.activation), a.dilationD, a.dilationW, a.dilationH));
  }
  Options operator()(const PoolAttributes& a) const {
    return options(Kind::Pool2DOptions,
                   tflite::CreatePool2DOptions(out, toSchema(a.padding), a.strideW, a.strideH,
                                               a.filterW, a.filterH, toSchema(a.activation)));
  }
  Options operator()(const FullyConnectedAttributes& a) const {
    using Format = tflite::FullyConnectedOptionsWeightsFormat;
    return options(Kind::FullyConnectedOptions,
                   tflite::CreateFullyConnectedOptions(
                       out, toSchema(a.activation),
                       a.shuffledWeights ? Format::SHUFFLED4x16INT8 : Format::DEFAULT,
                       a.keepNumDims, a.asymmetricQuantizeInputs));
  }
  Options operator()(const ArithmeticAttributes& a) const {
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
  Options operator()(const SoftmaxAttributes& a) const {
    return options(Kind::SoftmaxOptions, tflite::CreateSoftmaxOptions(out, a.beta));
  }
  Options operator()(const AxisAttributes& a) const {
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
  Options operator()(const DimensionsAttributes& a) const {
    // The converter leaves the options out where the shape is an input of its own.
    if (a.dimensions.empty()) return {};
    const auto dimensions = out.CreateVector(a.dimensions);
    if (op.kind == OpKind::Squeeze)
      return options(Kind::SqueezeOptions, tflite::CreateSqueezeOptions(out, dimensions));
    return options(Kind::ReshapeOptions, tflite::CreateReshapeOptions(out, dimensions));
  }
  Options operator()(const ReduceAttributes& a) const {
    return options(Kind::ReducerOptions, tflite::CreateReducerOptions(out, a.keepDims));
  }
  Options operator()(const StridedSliceAttributes& a) const {
    return options(Kind::StridedSliceOptions,
                   tflite::CreateStridedSliceOptions(out, a.beginMask, a.endMask, a.ellipsisMask,
                                                     a.newAxisMask, a.shrinkAxisMask, a.offset));
  }
  Options operator()(const RecurrentAttributes& a) const {
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
  Options operator()(const LeakyReluAttributes& a) const {
    return options(Kind::LeakyReluOptions, tflite::CreateLeakyReluOptions(out, a.alpha));
  }
  Options operator()(const ResizeAttributes& a) const {
    if (op.kind == OpKind::ResizeBilinear) {
      return options(Kind::ResizeBilinearOptions,
                     tflite::CreateResizeBilinearOptions(out, a.alignCorners, a.halfPixelCenters));
    }
    return options(
        Kind::ResizeNearestNeighborOptions,
        tflite::CreateResizeNearestNeighborOptions(out, a.alignCorners, a.halfPixelCenters));
  }
  Options operator()(const BlockAttributes& a) const {
    if (op.kind == OpKind::DepthToSpace) {
      return options(Kind::DepthToSpaceOptions,
                     tflite::CreateDepthToSpaceOptions(out, a.blockSize));
    }
    return options(Kind::SpaceToDepthOptions, tflite::CreateSpaceToDepthOptions(out, a.blockSize));
  }
  Options operator()(const BatchMatMulAttributes& a) const {
    return options(
        Kind::BatchMatMulOptions,
        tflite::CreateBatchMatMulOptions(out, a.adjointX, a.adjointY, a.asymmetricQuantizeInputs));
  }
  Options operator()(const MirrorPadAttributes& a) const {
    return options(Kind::MirrorPadOptions,
                   tflite::CreateMirrorPadOptions(out, static_cast<tflite::MirrorPadMode>(a.mode)));
  }
  Options operator()(const CumsumAttributes& a) const {
    return options(Kind::CumsumOptions, tflite::CreateCumsumOptions(out, a.exclusive, a.reverse));
  }
  Options operator()(const ControlAttributes& a) const {
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
  Options operator()(const VariableAttributes& a) const {
    const auto container = out.CreateString(a.container);
    const auto sharedName = out.CreateString(a.sharedName);
    return options(Kind::VarHandleOptions,
                   tflite::CreateVarHandleOptions(out, container, sharedName));
  }
};

/// Writes one model. FlatBuffers are written from the leaves up, so every part is a function that
/// returns where it was put.
class Writer {
 public:
  std::vector<std::byte> write(const Model& model) {
    std::vector<fb::Offset<tflite::Buffer>> buffers;
    for (const auto& buffer : model.buffers) buffers.push_back(writeBuffer(buffer));
    std::vector<fb::Offset<tflite::SubGraph>> subgraphs;
    for (const Subgraph& subgraph : model.subgraphs) subgraphs.push_back(writeSubgraph(subgraph));
    std::vector<fb::Offset<tflite::Metadata>> metadata;
    for (const Metadata& entry : model.metadata) {
      metadata.push_back(
          tflite::CreateMetadata(m_out, m_out.CreateString(entry.name), entry.buffer));
    }
    std::vector<fb::Offset<tflite::SignatureDef>> signatures;
    for (const Signature& signature : model.signatures) {
      signatures.push_back(writeSignature(signature));
    }
    const auto codes = m_out.CreateVector(m_codes);
    const auto subgraphList = m_out.CreateVector(subgraphs);
    const auto description = m_out.CreateString(model.description);
    const auto bufferList = m_out.CreateVector(buffers);
    const auto metadataList = m_out.CreateVector(metadata);
    const auto signatureList = m_out.CreateVector(signatures);
    tflite::FinishModelBuffer(
        m_out, tflite::CreateModel(m_out, model.version, codes, subgraphList, description,
                                   bufferList, 0, metadataList, signatureList));
    const auto bytes = std::as_bytes(std::span(m_out.GetBufferPointer(), m_out.GetSize()));
    return {bytes.begin(), bytes.end()};
  }

 private:
  fb::Offset<tflite::Buffer> writeBuffer(std::span<const std::byte> data) {
    if (data.empty()) return tflite::CreateBuffer(m_out);
    m_out.ForceVectorAlignment(data.size(), 1, 16);
    return tflite::CreateBuffer(
        m_out, m_out.CreateVector(reinterpret_cast<const std::uint8_t*>(data.data()), data.size()));
  }

  fb::Offset<tflite::SubGraph> writeSubgraph(const Subgraph& subgraph) {
    std::vector<fb::Offset<tflite::Tensor>> tensors;
    for (const Tensor& tensor : subgraph.tensors) tensors.push_back(writeTensor(tensor));
    std::vector<fb::Offset<tflite::Operator>> operators;
    for (const Operator& op : subgraph.operators) operators.push_back(writeOperator(op, subgraph));
    const auto tensorList = m_out.CreateVector(tensors);
    const auto inputs = m_out.CreateVector(subgraph.inputs);
    const auto outputs = m_out.CreateVector(subgraph.outputs);
    const auto operatorList = m_out.CreateVector(operators);
    return tflite::CreateSubGraph(m_out, tensorList, inputs, outputs, operatorList,
                                  m_out.CreateString(subgraph.name));
  }

  fb::Offset<tflite::Tensor> writeTensor(const Tensor& tensor) {
    fb::Offset<tflite::QuantizationParameters> quantization;
    if (tensor.quantization) {
      const Quantization& q = *tensor.quantization;
      const auto scales = q.scales.empty() ? 0 : m_out.CreateVector(q.scales);
      const auto zeroPoints = q.zeroPoints.empty() ? 0 : m_out.CreateVector(q.zeroPoints);
      quantization = tflite::CreateQuantizationParameters(
          m_out, 0, 0, scales, zeroPoints, tflite::QuantizationDetails::NONE, 0, q.dimension);
    }
    fb::Offset<tflite::SparsityParameters> sparsity;
    if (tensor.sparsity) {
      const auto order = m_out.CreateVector(tensor.sparsity->traversalOrder);
      const auto blocks = m_out.CreateVector(tensor.sparsity->blockMap);
      std::vector<fb::Offset<tflite::DimensionMetadata>> dimensions;
      for (std::size_t i = 0; i < tensor.sparsity->dimensions; ++i) {
        dimensions.push_back(tflite::CreateDimensionMetadata(m_out));
      }
      sparsity =
          tflite::CreateSparsityParameters(m_out, order, blocks, m_out.CreateVector(dimensions));
    }
    const auto shape = m_out.CreateVector(tensor.shape);
    const auto signature =
        tensor.shapeSignature.empty() ? 0 : m_out.CreateVector(tensor.shapeSignature);
    return tflite::CreateTensor(m_out, shape, toSchema(tensor.type), tensor.buffer,
                                m_out.CreateString(tensor.name), quantization, tensor.isVariable,
                                sparsity, signature);
  }

  fb::Offset<tflite::Operator> writeOperator(const Operator& op, const Subgraph& subgraph) {
    const std::uint32_t code = codeOf(op);
    const auto inputs = m_out.CreateVector(op.inputs);
    const auto outputs = m_out.CreateVector(op.outputs);
    const auto intermediates = op.intermediates.empty() ? 0 : m_out.CreateVector(op.intermediates);
    const auto custom = op.customOptions.empty() ? 0 : m_out.CreateVector(op.customOptions);
    const Options written = std::visit(OptionsWriter{m_out, op, subgraph}, op.attributes);
    return tflite::CreateOperator(m_out, code, inputs, outputs, written.kind, written.offset,
                                  custom, tflite::CustomOptionsFormat::FLEXBUFFERS, 0,
                                  intermediates);
  }

  /// Operator codes are listed once, in order of first use.
  std::uint32_t codeOf(const Operator& op) {
    const auto number = static_cast<std::int32_t>(op.kind);
    const auto [place, isNew] =
        m_codeIndex.try_emplace(std::make_tuple(number, op.customName, op.version),
                                static_cast<std::uint32_t>(m_codes.size()));
    if (isNew) {
      const auto name = op.kind == OpKind::Custom ? m_out.CreateString(op.customName) : 0;
      // Numbers that do not fit the old field are marked there by 127.
      const auto old = static_cast<std::int8_t>(std::clamp(number, 0, 127));
      m_codes.push_back(tflite::CreateOperatorCode(m_out, old, name, op.version,
                                                   static_cast<tflite::BuiltinOperator>(number)));
    }
    return place->second;
  }

  fb::Offset<tflite::SignatureDef> writeSignature(const Signature& signature) {
    const auto writeArguments = [&](const std::vector<Signature::Argument>& arguments) {
      std::vector<fb::Offset<tflite::TensorMap>> written;
      for (const Signature::Argument& argument : arguments) {
        written.push_back(
            tflite::CreateTensorMap(m_out, m_out.CreateString(argument.name), argument.tensor));
      }
      return m_out.CreateVector(written);
    };
    const auto inputs = writeArguments(signature.inputs);
    const auto outputs = writeArguments(signature.outputs);
    return tflite::CreateSignatureDef(m_out, inputs, outputs, m_out.CreateString(signature.key),
                                      signature.subgraph);
  }

  fb::FlatBufferBuilder m_out;
  std::vector<fb::Offset<tflite::OperatorCode>> m_codes;
  std::map<std::tuple<std::int32_t, std::string, std::int32_t>, std::uint32_t> m_codeIndex;
};

}  // namespace

std::vector<std::byte> writeTflite(const Model& model) {
  return Writer().write(model);
}

}  // namespace mcuprof
