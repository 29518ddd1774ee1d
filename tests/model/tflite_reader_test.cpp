#include "analyzer/model/tflite_reader.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <filesystem>
#include <fstream>

#include "tests/model/tiny_file.hpp"
#include "tests/support/files.hpp"

namespace mcuprof {
namespace {

using test::asFile;
using test::tinyFile;
using test::TinyFile;

TEST(ReadTflite, TellsWhatTheFileSays) {
  const auto file = asFile(tinyFile());
  const auto model = readTflite(file);
  ASSERT_TRUE(model) << model.error().text();
  EXPECT_EQ(model->description, "tiny");
  EXPECT_EQ(model->fileBytes, file->bytes().size());
  EXPECT_EQ(model->source, "tiny.tflite");
  ASSERT_EQ(model->subgraphs.size(), 1U);
  const Subgraph& main = model->subgraphs[0];
  EXPECT_EQ(main.name, "main");
  EXPECT_THAT(main.inputs, testing::ElementsAre(0));
  EXPECT_THAT(main.outputs, testing::ElementsAre(3));
  ASSERT_EQ(main.tensors.size(), 4U);
  EXPECT_EQ(main.tensors[1].name, "filter");
  EXPECT_EQ(main.tensors[1].type, ElementType::Int8);
  EXPECT_THAT(main.tensors[1].shape, testing::ElementsAre(4, 3, 3, 1));
  EXPECT_EQ(main.tensors[1].quantization, (Quantization{{0.5F}, {-1}, 0}));
  ASSERT_EQ(main.operators.size(), 1U);
  EXPECT_EQ(main.operators[0].kind, OpKind::Conv2d);
  EXPECT_THAT(main.operators[0].inputs, testing::ElementsAre(0, 1, 2));
  ConvAttributes conv;
  conv.strideH = conv.strideW = 2;
  conv.activation = Activation::Relu6;
  EXPECT_EQ(main.operators[0].attributes, Attributes(conv));
  ASSERT_EQ(model->metadata.size(), 1U);
  EXPECT_EQ(model->metadata[0].name, "min_runtime_version");
  ASSERT_EQ(model->signatures.size(), 1U);
  EXPECT_EQ(model->signatures[0].key, "serving_default");
  EXPECT_EQ(model->signatures[0].inputs[0].name, "image");
}

TEST(ReadTflite, ViewsConstantsInsideTheFileAndKeepsItAlive) {
  auto file = asFile(tinyFile());
  const auto whole = file->bytes();
  const auto model = readTflite(std::move(file));
  ASSERT_TRUE(model);
  const auto weights = model->buffers[1];
  ASSERT_EQ(weights.size(), 36U);
  EXPECT_GE(weights.data(), whole.data());
  EXPECT_LE(weights.data() + weights.size(), whole.data() + whole.size());
  EXPECT_EQ(weights[35], std::byte{7})
      << "the bytes are still there although only the model is left";
}

TEST(ReadTflite, FindsConstantsBehindTheFlatBuffer) {
  TinyFile content;
  content.weightsOffset = 4096;
  content.weightsSize = 36;
  auto bytes = tinyFile(content);
  ASSERT_LT(bytes.size(), 4096U);
  bytes.resize(4096 + 36, std::byte{9});
  const auto model = readTflite(asFile(bytes));
  ASSERT_TRUE(model) << model.error().text();
  EXPECT_EQ(model->buffers[1].size(), 36U);
  EXPECT_EQ(model->buffers[1][0], std::byte{9});
}

TEST(ReadTflite, TakesTheOperatorFromTheOldOrTheNewField) {
  const auto kindOf = [](std::int8_t oldCode, std::int32_t newCode) {
    TinyFile content;
    content.oldCode = oldCode;
    content.newCode = newCode;
    const auto model = readTflite(asFile(tinyFile(content)));
    EXPECT_TRUE(model) << model.error().text();
    return model->subgraphs[0].operators[0].kind;
  };
  EXPECT_EQ(kindOf(3, 0), OpKind::Conv2d) << "a file from before the new field";
  EXPECT_EQ(kindOf(3, 3), OpKind::Conv2d);
  EXPECT_EQ(kindOf(127, 128), OpKind::Cumsum) << "beyond what the old field holds";
  EXPECT_EQ(static_cast<int>(kindOf(127, 4711)), 4711) << "unknown operators are kept";
}

TEST(ReadTflite, KeepsCustomOperatorsByName) {
  TinyFile content;
  content.oldCode = 32;
  content.newCode = 32;
  content.customCode = "ethos-u";
  const auto model = readTflite(asFile(tinyFile(content)));
  ASSERT_TRUE(model) << model.error().text();
  EXPECT_EQ(model->subgraphs[0].operators[0].customName, "ethos-u");
}

struct Refusal {
  const char* what;
  TinyFile content;
  const char* error;  ///< of the text after the file's name; "OFFSET" stands for a byte offset
};

void PrintTo(const Refusal& refusal, std::ostream* out) {
  *out << refusal.what;
}

class RefuseTflite : public testing::TestWithParam<Refusal> {};

TEST_P(RefuseTflite, WithOneClearLine) {
  const auto model = readTflite(asFile(tinyFile(GetParam().content)));
  ASSERT_FALSE(model);
  std::string text = model.error().text();
  if (const auto at = text.find(":0x"); at != std::string::npos) {
    text.replace(at, text.find(": ", at) - at, ":OFFSET");
  }
  EXPECT_EQ(text, std::string("tiny.tflite") + GetParam().error);
}

template <typename Change>
Refusal refusal(const char* what, const char* error, Change change) {
  Refusal result{what, {}, error};
  change(result.content);
  return result;
}

INSTANTIATE_TEST_SUITE_P(
    , RefuseTflite,
    testing::Values(
        refusal("Version", ": has schema version 2, wanted 3", [](auto& c) { c.version = 2; }),
        refusal("Identifier",
                ": is not a .tflite model: bytes 4 to 7 are \"TFL2\", wanted \"TFL3\"",
                [](auto& c) { c.identifier = "TFL2"; }),
        refusal("UnknownType",
                ": subgraph 0, tensor 0 \"input\" has element type 99, wanted 0 to 22",
                [](auto& c) { c.inputType = static_cast<tflite::TensorType>(99); }),
        refusal(
            "NegativeExtent",
            ": subgraph 0, tensor 0 \"input\" has an extent of -1, wanted 0 or more; convert the "
            "model with fixed input shapes",
            [](auto& c) {
              c.inputShape = {1, -1, 8, 1};
            }),
        refusal(
            "HugeShape",
            ": subgraph 0, tensor 0 \"input\" of 2147483647x2147483647x2147483647 int8 is larger "
            "than 2^63 bytes",
            [](auto& c) {
              c.inputShape = {2147483647, 2147483647, 2147483647};
            }),
        refusal("TooManyDimensions",
                ": subgraph 0, tensor 0 \"input\" has 65 dimensions, wanted at most 64",
                [](auto& c) { c.inputShape.assign(65, 1); }),
        refusal("Buffer",
                ": subgraph 0, tensor 1 \"filter\" refers to buffer 7, but the model has 3",
                [](auto& c) { c.weightsBuffer = 7; }),
        refusal(
            "BufferSize",
            ": subgraph 0, tensor 1 \"filter\" of 4x3x3x1 int8 needs 36 bytes, but its buffer 1 "
            "has 35",
            [](auto& c) { c.weightsBytes = 35; }),
        refusal("BufferBehindTheEnd",
                ":OFFSET: buffer 1 is 36 bytes at offset 1000000, but the file has 896",
                [](auto& c) {
                  c.weightsOffset = 1000000;
                  c.weightsSize = 36;
                }),
        refusal(
            "BufferSizeOverflow",
            ":OFFSET: buffer 1 is 18446744073709551615 bytes at offset 64, but the file has 896",
            [](auto& c) {
              c.weightsOffset = 64;
              c.weightsSize = UINT64_MAX;
            }),
        refusal("ExternalFile",
                ":OFFSET: subgraph 0, tensor 1 \"filter\" keeps its data in another file (external "
                "buffer 5), wanted one file with all data",
                [](auto& c) { c.externalBuffer = 5; }),
        refusal("OperatorCode",
                ":OFFSET: subgraph 0, operator 0 has operator code 1, but the model has 1",
                [](auto& c) { c.operatorCode = 1; }),
        refusal("OperatorInput",
                ": subgraph 0, operator 0 (CONV_2D): input 1 is tensor 4, but the subgraph has 4",
                [](auto& c) {
                  c.operatorInputs = {0, 4, 2};
                }),
        refusal("OperatorInputBelowOptional",
                ": subgraph 0, operator 0 (CONV_2D): input 2 is tensor -2, but the subgraph has 4",
                [](auto& c) {
                  c.operatorInputs = {0, 1, -2};
                }),
        refusal("OperatorOutput",
                ": subgraph 0, operator 0 (CONV_2D): output 0 is tensor -1, but the subgraph has 4",
                [](auto& c) { c.operatorOutputs = {-1}; }),
        refusal("MissingOptions",
                ":OFFSET: subgraph 0, operator 0 (CONV_2D): its options are missing",
                [](auto& c) { c.options = false; }),
        refusal("Stride",
                ":OFFSET: subgraph 0, operator 0 (CONV_2D): stride_h 0 found, wanted at least 1",
                [](auto& c) { c.stride = 0; }),
        refusal("Padding",
                ":OFFSET: subgraph 0, operator 0 (CONV_2D): padding 2 found, wanted 0 (same) or 1 "
                "(valid)",
                [](auto& c) { c.padding = 2; }),
        refusal(
            "Activation",
            ":OFFSET: subgraph 0, operator 0 (CONV_2D): fused activation 9 found, wanted 0 to 5",
            [](auto& c) { c.activation = 9; }),
        refusal("SubgraphInput", ": subgraph 0, input 0 is tensor 44, but the subgraph has 4",
                [](auto& c) { c.subgraphInputs = {44}; }),
        refusal("Metadata",
                ": metadata \"min_runtime_version\" refers to buffer 3, but the model has 3",
                [](auto& c) { c.metadataBuffer = 3; }),
        refusal("SignatureSubgraph",
                ": signature \"serving_default\": names subgraph 1, but the model has 1",
                [](auto& c) { c.signatureSubgraph = 1; }),
        refusal("SignatureTensor",
                ": signature \"serving_default\": \"image\" is tensor 4, but subgraph 0 has 4",
                [](auto& c) { c.signatureTensor = 4; }),
        refusal("NoSubgraph", ": has no subgraph, so there is nothing to run",
                [](auto& c) { c.repeatSubgraph = 0; }),
        refusal("OneSubgraphAThousandTimes",
                ": is damaged or cut short: its 4912 bytes are not a complete FlatBuffer",
                [](auto& c) { c.repeatSubgraph = 1000; })),
    [](const auto& test) { return std::string(test.param.what); });

struct Foreign {
  const char* what;
  std::string bytes;
  const char* error;
};

class RefuseForeignFile : public testing::TestWithParam<Foreign> {};

TEST_P(RefuseForeignFile, SayingWhatItIs) {
  std::vector<std::byte> bytes;
  for (const char c : GetParam().bytes) bytes.push_back(static_cast<std::byte>(c));
  const auto model = readTflite(asFile(bytes, "model"));
  ASSERT_FALSE(model);
  EXPECT_EQ(model.error().text(), GetParam().error);
}

INSTANTIATE_TEST_SUITE_P(
    , RefuseForeignFile,
    testing::Values(
        Foreign{"Empty", "", "model: is empty (0 bytes)"},
        Foreign{"FourBytes", std::string("\x10\0\0\0", 4),
                "model: is 4 bytes long, too short for a .tflite model"},
        Foreign{"IdentifierOnly", std::string("\x10\0\0\0TFL3", 8),
                "model: is damaged or cut short: its 8 bytes are not a complete FlatBuffer"},
        Foreign{"Hdf5", "\x89HDF\r\n\x1a\n\x00\x00",
                "model: is an HDF5 file (Keras); convert it to .tflite first"},
        Foreign{"Zip", std::string("PK\x03\x04\x14\0\0\0\0\0", 10),
                "model: is a ZIP archive (Keras or PyTorch); convert it to .tflite first"},
        Foreign{"Onnx", "\x08\x07\x12\x07pytorch\x1a\x05",
                "model: is an ONNX file; convert it to .tflite first"},
        Foreign{"SavedModel", "\x08\x01\x12\xf2\x1c\x0a",
                "model: is a TensorFlow SavedModel; convert it to .tflite first"},
        Foreign{"Elf",
                "\x7f"
                "ELF\x02\x01\x01",
                "model: is an ELF program or library, not a .tflite model"},
        Foreign{"Gzip", "\x1f\x8b\x08\x00", "model: is gzip-compressed; unpack it first"},
        Foreign{"Text", "layer,macs\nconv1,1000\n", "model: is a text file, not a .tflite model"},
        Foreign{"CArray", "const unsigned char g_model[] = {\n  0x1c, 0x00",
                "model: is C source text; give the .tflite file that the array was made from"},
        Foreign{"OtherFlatBuffer", std::string("\x10\0\0\0ORTM\0\0\0\0", 12),
                "model: is not a .tflite model: bytes 4 to 7 are \"ORTM\", wanted \"TFL3\""},
        Foreign{"Noise", std::string("\xff\xfe\x00\x80\x81\x82\x83\x84\x85", 9),
                "model: is not a .tflite model: bytes 4 to 7 are not \"TFL3\""}),
    [](const auto& test) { return std::string(test.param.what); });

TEST(LoadTflite, RefusesWhatIsNotAFile) {
  const test::TemporaryFolder folder;
  const std::string path = folder.path().string();
  EXPECT_EQ(loadTflite(path).error().text(), path + ": is a directory, not a file");
  EXPECT_EQ(loadTflite(path + "/none.tflite").error().text(),
            path + "/none.tflite: does not exist");
  std::ofstream(path + "/empty.tflite").flush();
  EXPECT_EQ(loadTflite(path + "/empty.tflite").error().text(),
            path + "/empty.tflite: is empty (0 bytes)");
  std::ofstream(path + "/saved_model.pb") << "\x08\x01\x12\x02";
  EXPECT_EQ(loadTflite(path).error().text(),
            path + ": is a TensorFlow SavedModel; convert it to .tflite first");
}

TEST(LoadTflite, ReadsEveryRealModel) {
  const auto shared = test::sharedFolder();
  if (shared.empty()) GTEST_SKIP() << "no models in " << MCUPROF_SHARED_DIR;
  int count = 0;
  for (const auto& entry : std::filesystem::directory_iterator(shared / "models")) {
    if (entry.path().extension() != ".tflite") continue;
    const auto model = loadTflite(entry.path().string());
    EXPECT_TRUE(model) << model.error().text();
    ++count;
  }
  std::cout << "read " << count << " models\n";
  EXPECT_GT(count, 0);
}

}  // namespace
}  // namespace mcuprof
