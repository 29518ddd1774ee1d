#include "tests/model/tiny_file.hpp"

#include <utility>

namespace mcuprof::test {

std::vector<std::byte> tinyFile(const TinyFile& c) {
  namespace t = tflite;
  flatbuffers::FlatBufferBuilder b;
  const auto tensor = [&](const std::vector<std::int32_t>& shape, t::TensorType type,
                          std::uint32_t buffer, const char* name, std::uint32_t external = 0) {
    const std::vector<float> scale = {0.5F};
    const std::vector<std::int64_t> zero = {-1};
    const auto quantization =
        t::CreateQuantizationParametersDirect(b, nullptr, nullptr, &scale, &zero);
    const auto shapeVector = b.CreateVector(shape);
    const auto nameString = b.CreateString(name);
    t::TensorBuilder builder(b);
    builder.add_shape(shapeVector);
    builder.add_type(type);
    builder.add_buffer(buffer);
    builder.add_name(nameString);
    builder.add_quantization(quantization);
    builder.add_external_buffer(external);
    return builder.Finish();
  };
  const std::vector<flatbuffers::Offset<t::Tensor>> tensors = {
      tensor(c.inputShape, c.inputType, 0, "input"),
      tensor({4, 3, 3, 1}, t::TensorType::INT8, c.weightsBuffer, "filter", c.externalBuffer),
      tensor({4}, t::TensorType::INT32, 2, "bias"),
      tensor({1, 4, 4, 4}, t::TensorType::INT8, 0, "output"),
  };
  const auto options =
      t::CreateConv2DOptions(b, static_cast<t::Padding>(c.padding), c.stride, c.stride,
                             static_cast<t::ActivationFunctionType>(c.activation));
  const auto op = t::CreateOperatorDirect(
      b, c.operatorCode, &c.operatorInputs, &c.operatorOutputs,
      c.options ? t::BuiltinOptions::Conv2DOptions : t::BuiltinOptions::NONE,
      c.options ? options.Union() : flatbuffers::Offset<void>());
  const std::vector<flatbuffers::Offset<t::Operator>> operators = {op};
  const std::vector<std::int32_t> outputs = {3};
  const auto subgraph =
      t::CreateSubGraphDirect(b, &tensors, &c.subgraphInputs, &outputs, &operators, "main");
  const std::vector<flatbuffers::Offset<t::SubGraph>> subgraphs(c.repeatSubgraph, subgraph);

  const std::vector<std::uint8_t> weights(c.weightsBytes, 7);
  const std::vector<std::uint8_t> biases(16, 0);
  const std::vector<flatbuffers::Offset<t::Buffer>> buffers = {
      t::CreateBufferDirect(b),
      c.weightsOffset == 0 ? t::CreateBufferDirect(b, &weights)
                           : t::CreateBufferDirect(b, nullptr, c.weightsOffset, c.weightsSize),
      t::CreateBufferDirect(b, &biases),
  };
  const std::vector<flatbuffers::Offset<t::OperatorCode>> codes = {t::CreateOperatorCodeDirect(
      b, c.oldCode, c.customCode, 1, static_cast<t::BuiltinOperator>(c.newCode))};
  const std::vector<flatbuffers::Offset<t::Metadata>> metadata = {
      t::CreateMetadataDirect(b, "min_runtime_version", c.metadataBuffer)};
  const std::vector<flatbuffers::Offset<t::TensorMap>> arguments = {
      t::CreateTensorMapDirect(b, "image", c.signatureTensor)};
  const std::vector<flatbuffers::Offset<t::SignatureDef>> signatures = {
      t::CreateSignatureDefDirect(b, &arguments, nullptr, "serving_default", c.signatureSubgraph)};
  const auto model = t::CreateModelDirect(b, c.version, &codes, &subgraphs, "tiny", &buffers,
                                          nullptr, &metadata, &signatures);
  b.Finish(model, c.identifier);
  const auto* bytes = reinterpret_cast<const std::byte*>(b.GetBufferPointer());
  return {bytes, bytes + b.GetSize()};
}

std::shared_ptr<const MappedFile> asFile(std::vector<std::byte> bytes, std::string name) {
  return MappedFile::fromMemory(std::move(name), std::move(bytes));
}

}  // namespace mcuprof::test
