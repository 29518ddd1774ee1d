// Bytes that were meant to be a model once. None may crash, hang or allocate without bound; the
// sanitizers of the dev preset see to the first, the time limit of the tests to the second.
#include <gtest/gtest.h>

#include <iostream>
#include <random>

#include "analyzer/model/graph.hpp"
#include "analyzer/model/tflite_reader.hpp"
#include "tests/model/tiny_file.hpp"

namespace mcuprof {
namespace {

using test::asFile;
using test::tinyFile;
using test::TinyFile;

/// The one line that says why there is no graph; empty when there is one.
std::string problemOf(std::vector<std::byte> bytes) {
  const auto model = readTflite(asFile(std::move(bytes)));
  if (!model) return model.error().text();
  const auto graph = buildGraph(*model);
  return graph ? std::string() : graph.error().text();
}

TEST(HostileBytes, CutAnywhereAreRefusedInOneLine) {
  const auto whole = tinyFile();
  ASSERT_EQ(problemOf(whole), "");
  for (std::size_t size = 0; size < whole.size(); ++size) {
    const std::string problem = problemOf({whole.begin(), whole.begin() + static_cast<long>(size)});
    EXPECT_NE(problem, "") << "the first " << size << " of " << whole.size() << " bytes";
    EXPECT_EQ(problem.find('\n'), std::string::npos) << problem;
  }
}

TEST(HostileBytes, WithFlippedBitsNeverCrash) {
  const auto whole = tinyFile();
  std::mt19937 random(20220405);
  int refused = 0;
  constexpr int kRuns = 4000;
  for (int run = 0; run < kRuns; ++run) {
    auto bytes = whole;
    for (std::uint32_t flips = 1 + random() % 4; flips > 0; --flips) {
      bytes[random() % bytes.size()] ^= static_cast<std::byte>(1U << (random() % 8));
    }
    const std::string problem = problemOf(std::move(bytes));
    EXPECT_EQ(problem.find('\n'), std::string::npos) << problem;
    refused += problem.empty() ? 0 : 1;
  }
  std::cout << refused << " of " << kRuns << " refused\n";
  EXPECT_GT(refused, kRuns / 10) << "hardly any flip was noticed";
}

TEST(HostileBytes, WithEveryWordReplacedByLargeNumbersNeverCrash) {
  const auto whole = tinyFile();
  for (std::size_t at = 0; at + 4 <= whole.size(); at += 4) {
    for (const std::uint32_t word : {0U, 0xffffffffU, 0x7fffffffU, 0x80000000U, 0x00100000U}) {
      auto bytes = whole;
      for (std::size_t i = 0; i < 4; ++i) bytes[at + i] = static_cast<std::byte>(word >> (8 * i));
      EXPECT_EQ(problemOf(std::move(bytes)).find('\n'), std::string::npos);
    }
  }
}

// A vector may be referred to by many tables: a file of n bytes can ask for n * n bytes of copies.
TEST(HostileBytes, ThatUnfoldWithoutBoundAreRefused) {
  namespace t = tflite;
  flatbuffers::FlatBufferBuilder b;
  const auto name = b.CreateString(std::string(100'000, 'x'));
  std::vector<flatbuffers::Offset<t::Tensor>> tensors;
  for (int i = 0; i < 1000; ++i) {
    t::TensorBuilder tensor(b);
    tensor.add_name(name);
    tensors.push_back(tensor.Finish());
  }
  const std::vector<flatbuffers::Offset<t::SubGraph>> subgraphs = {
      t::CreateSubGraphDirect(b, &tensors)};
  b.Finish(t::CreateModelDirect(b, 3, nullptr, &subgraphs), "TFL3");
  const auto* bytes = reinterpret_cast<const std::byte*>(b.GetBufferPointer());
  EXPECT_EQ(problemOf({bytes, bytes + b.GetSize()}),
            "tiny.tflite: refers to the same structure so often that its " +
                std::to_string(b.GetSize()) + " bytes would unfold without bound");
}

// The verifier looks at the alignment of a vector's length only, so 8-byte values may lie at any
// multiple of 4. Whichever way the file is padded, one of the two has them where a processor would
// not like it.
TEST(HostileBytes, MayHaveLongNumbersOffTheirAlignment) {
  namespace t = tflite;
  for (const int padding : {0, 1}) {
    flatbuffers::FlatBufferBuilder b;
    b.StartVector(2, sizeof(std::uint32_t));
    b.PushElement(0xffffffffU);
    b.PushElement(0xfffffffeU);
    const flatbuffers::Offset<flatbuffers::Vector<std::int64_t>> zeroPoints(b.EndVector(1));
    for (int i = 0; i < padding; ++i) b.PushElement(std::uint32_t{0});
    t::QuantizationParametersBuilder quantization(b);
    quantization.add_zero_point(zeroPoints);
    const auto finished = quantization.Finish();
    t::TensorBuilder tensor(b);
    tensor.add_quantization(finished);
    const std::vector<flatbuffers::Offset<t::Tensor>> tensors = {tensor.Finish()};
    const std::vector<flatbuffers::Offset<t::SubGraph>> subgraphs = {
        t::CreateSubGraphDirect(b, &tensors)};
    b.Finish(t::CreateModelDirect(b, 3, nullptr, &subgraphs), "TFL3");
    const auto* bytes = reinterpret_cast<const std::byte*>(b.GetBufferPointer());
    const auto model = readTflite(asFile({bytes, bytes + b.GetSize()}));
    ASSERT_TRUE(model) << model.error().text();
    EXPECT_EQ(model->subgraphs[0].tensors[0].quantization->zeroPoints,
              std::vector<std::int64_t>{-2});
  }
}

TEST(HostileNames, AreShownOnOneLine) {
  TinyFile content;
  content.oldCode = 32;
  content.newCode = 32;
  content.customCode = "evil\n\x1b[31mname";
  content.operatorInputs = {3};
  EXPECT_EQ(
      problemOf(tinyFile(content)),
      "tiny.tflite: subgraph 0, operator 0 (evil??[31mname): writes tensor 3 \"output\", which "
      "operator 0 has read before");
}

}  // namespace
}  // namespace mcuprof
