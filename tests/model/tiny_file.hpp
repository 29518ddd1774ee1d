#pragma once

#include <cstddef>
#include <cstdint>
#include <functional>
#include <memory>
#include <string>
#include <vector>

#include "analyzer/base/mapped_file.hpp"
#include "tflite_generated.h"

namespace mcuprof::test {

/// What tinyFile() writes; a test changes one thing of it. The parts are flatc's own builders, so
/// that the reader is held against the format and not against our writer.
struct TinyFile {
  std::uint32_t version = 3;
  const char* identifier = "TFL3";
  tflite::TensorType inputType = tflite::TensorType::INT8;
  std::vector<std::int32_t> inputShape = {1, 8, 8, 1};
  std::uint32_t weightsBuffer = 1;
  std::size_t weightsBytes = 36;
  std::uint64_t weightsOffset = 0;  ///< when not 0, the weights lie there and not in the FlatBuffer
  std::uint64_t weightsSize = 0;
  std::uint32_t externalBuffer = 0;
  std::uint32_t operatorCode = 0;
  std::int8_t oldCode = 3;  ///< CONV_2D
  std::int32_t newCode = 3;
  const char* customCode = nullptr;
  std::vector<std::int32_t> operatorInputs = {0, 1, 2};
  std::vector<std::int32_t> operatorOutputs = {3};
  bool options = true;
  std::int32_t stride = 2;
  std::int8_t padding = 0;
  std::int8_t activation = 3;
  std::vector<std::int32_t> subgraphInputs = {0};
  std::uint32_t metadataBuffer = 0;
  std::uint32_t signatureSubgraph = 0;
  std::uint32_t signatureTensor = 0;
  std::size_t repeatSubgraph = 1;  ///< refers to the one subgraph so often
};

/// A model of one operator: input 1x8x8x1 int8, CONV_2D with 4 filters of 3x3, output 1x4x4x4.
std::vector<std::byte> tinyFile(const TinyFile& content = {});

/// The bytes as a file named "tiny.tflite".
std::shared_ptr<const MappedFile> asFile(std::vector<std::byte> bytes,
                                         std::string name = "tiny.tflite");

}  // namespace mcuprof::test
