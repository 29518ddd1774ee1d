#include "analyzer/model/tflite_writer.hpp"

#include <algorithm>
#include <cassert>
#include <map>
#include <string>
#include <tuple>

#include "analyzer/model/tflite_options_writer.hpp"
#include "tflite_generated.h"

namespace mcuprof {
namespace {

namespace fb = flatbuffers;

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
    return tflite::CreateTensor(m_out, shape, static_cast<tflite::TensorType>(tensor.type),
                                tensor.buffer, m_out.CreateString(tensor.name), quantization,
                                tensor.isVariable, sparsity, signature);
  }

  fb::Offset<tflite::Operator> writeOperator(const Operator& op, const Subgraph& subgraph) {
    const std::uint32_t code = codeOf(op);
    const auto inputs = m_out.CreateVector(op.inputs);
    const auto outputs = m_out.CreateVector(op.outputs);
    const auto intermediates = op.intermediates.empty() ? 0 : m_out.CreateVector(op.intermediates);
    const auto custom = op.customOptions.empty() ? 0 : m_out.CreateVector(op.customOptions);
    const WrittenOptions written = writeOptions(m_out, op, subgraph);
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
