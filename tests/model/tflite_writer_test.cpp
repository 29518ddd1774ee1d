#include "analyzer/model/tflite_writer.hpp"

#include <gtest/gtest.h>

#include <algorithm>
#include <cstdio>
#include <filesystem>
#include <functional>
#include <memory>

#include "analyzer/base/mapped_file.hpp"
#include "analyzer/model/random_weights.hpp"
#include "analyzer/model/tflite_reader.hpp"
#include "analyzer/model/zoo.hpp"
#include "tests/support/files.hpp"

namespace mcuprof {
namespace {

Model writtenAndRead(const Model& model) {
  Result<Model> read = readTflite(MappedFile::fromMemory("written.tflite", writeTflite(model)));
  EXPECT_TRUE(read) << read.error().text();
  return read ? *std::move(read) : Model();
}

void expectSameTensor(const Tensor& a, const Tensor& b) {
  SCOPED_TRACE("tensor " + a.name);
  EXPECT_EQ(a.name, b.name);
  EXPECT_EQ(a.type, b.type);
  EXPECT_EQ(a.shape, b.shape);
  EXPECT_EQ(a.shapeSignature, b.shapeSignature);
  EXPECT_EQ(a.quantization, b.quantization);
  EXPECT_EQ(a.sparsity, b.sparsity);
  EXPECT_EQ(a.isVariable, b.isVariable);
  EXPECT_EQ(a.buffer, b.buffer);
}

void expectSameOperator(const Operator& a, const Operator& b) {
  SCOPED_TRACE("operator " + std::string(nameOf(a.kind)));
  EXPECT_EQ(a.kind, b.kind);
  EXPECT_EQ(a.customName, b.customName);
  EXPECT_EQ(a.version, b.version);
  EXPECT_EQ(a.inputs, b.inputs);
  EXPECT_EQ(a.outputs, b.outputs);
  EXPECT_EQ(a.intermediates, b.intermediates);
  EXPECT_TRUE(a.attributes == b.attributes);
  EXPECT_EQ(a.customOptions, b.customOptions);
}

void expectSameArguments(const std::vector<Signature::Argument>& a,
                         const std::vector<Signature::Argument>& b) {
  ASSERT_EQ(a.size(), b.size());
  for (std::size_t i = 0; i < a.size(); ++i) {
    EXPECT_EQ(a[i].name, b[i].name);
    EXPECT_EQ(a[i].tensor, b[i].tensor);
  }
}

/// Every field but where the model lives: source, storage and size of the file.
void expectSame(const Model& a, const Model& b) {
  EXPECT_EQ(a.version, b.version);
  EXPECT_EQ(a.description, b.description);
  ASSERT_EQ(a.subgraphs.size(), b.subgraphs.size());
  for (std::size_t s = 0; s < a.subgraphs.size(); ++s) {
    const Subgraph& left = a.subgraphs[s];
    const Subgraph& right = b.subgraphs[s];
    EXPECT_EQ(left.name, right.name);
    EXPECT_EQ(left.inputs, right.inputs);
    EXPECT_EQ(left.outputs, right.outputs);
    ASSERT_EQ(left.tensors.size(), right.tensors.size());
    for (std::size_t i = 0; i < left.tensors.size(); ++i) {
      expectSameTensor(left.tensors[i], right.tensors[i]);
    }
    ASSERT_EQ(left.operators.size(), right.operators.size());
    for (std::size_t i = 0; i < left.operators.size(); ++i) {
      expectSameOperator(left.operators[i], right.operators[i]);
    }
  }
  ASSERT_EQ(a.buffers.size(), b.buffers.size());
  for (std::size_t i = 0; i < a.buffers.size(); ++i) {
    EXPECT_TRUE(std::equal(a.buffers[i].begin(), a.buffers[i].end(), b.buffers[i].begin(),
                           b.buffers[i].end()))
        << "buffer " << i;
  }
  ASSERT_EQ(a.metadata.size(), b.metadata.size());
  for (std::size_t i = 0; i < a.metadata.size(); ++i) {
    EXPECT_EQ(a.metadata[i].name, b.metadata[i].name);
    EXPECT_EQ(a.metadata[i].buffer, b.metadata[i].buffer);
  }
  ASSERT_EQ(a.signatures.size(), b.signatures.size());
  for (std::size_t i = 0; i < a.signatures.size(); ++i) {
    EXPECT_EQ(a.signatures[i].key, b.signatures[i].key);
    EXPECT_EQ(a.signatures[i].subgraph, b.signatures[i].subgraph);
    expectSameArguments(a.signatures[i].inputs, b.signatures[i].inputs);
    expectSameArguments(a.signatures[i].outputs, b.signatures[i].outputs);
  }
}

TEST(WriteTflite, ThenReadGivesEveryZooModelBack) {
  for (const ElementType type : {ElementType::Int8, ElementType::Int16, ElementType::Float32}) {
    for (const ZooEntry& entry : listZoo()) {
      SCOPED_TRACE(entry.name);
      ZooOptions options;
      options.type = type;
      if (entry.classes > 0) options.classes = 3;
      const Result<Model> model = makeZooModel(entry.name, options);
      if (!model) {
        EXPECT_EQ(type, ElementType::Int16) << model.error().text();
        continue;
      }
      expectSame(*model, writtenAndRead(*model));
    }
  }
}

TEST(WriteTflite, ThenReadGivesEveryRealModelBack) {
  const std::filesystem::path folder = test::sharedFolder() / "models";
  if (!std::filesystem::is_directory(folder)) GTEST_SKIP() << "no models in " << MCUPROF_SHARED_DIR;
  int compared = 0;
  for (const auto& entry : std::filesystem::directory_iterator(folder)) {
    if (entry.path().extension() != ".tflite") continue;
    SCOPED_TRACE(entry.path().filename());
    const Result<Model> model = loadTflite(entry.path().string());
    ASSERT_TRUE(model) << model.error().text();
    expectSame(*model, writtenAndRead(*model));
    ++compared;
  }
  EXPECT_GT(compared, 0);
  RecordProperty("models", compared);
  std::printf("%d real models compared\n", compared);
}

TEST(WriteTflite, StartsConstantsAtMultiplesOf16AndLeavesBuffer0Empty) {
  for (const ZooEntry& entry : listZoo()) {
    ZooOptions options;
    if (entry.classes > 0) options.classes = 3;
    const Result<Model> model = makeZooModel(entry.name, options);
    ASSERT_TRUE(model);
    const auto file = MappedFile::fromMemory("written.tflite", writeTflite(*model));
    const Result<Model> read = readTflite(file);
    ASSERT_TRUE(read);
    EXPECT_TRUE(read->buffers[0].empty());
    for (const auto& buffer : read->buffers) {
      if (buffer.empty()) continue;
      EXPECT_EQ((buffer.data() - file->bytes().data()) % 16, 0) << entry.name;
    }
  }
}

TEST(WriteTflite, MarksTheFileAsTflite) {
  const std::vector<std::byte> bytes = writeTflite(*makeZooModel("gesture", {}));
  EXPECT_EQ(std::string(reinterpret_cast<const char*>(&bytes[4]), 4), "TFL3");
}

/// Draws the parts of small models that make no sense but hold together.
class RandomModel {
 public:
  explicit RandomModel(std::uint64_t seed) : m_random(seed) {}

  Model make() {
    Model model;
    model.description = text();
    model.buffers.emplace_back();
    const std::int32_t subgraphs = m_random.integer(1, 3);
    for (std::int32_t i = 0; i < subgraphs; ++i)
      model.subgraphs.push_back(subgraph(model, subgraphs));
    for (std::int32_t i = m_random.integer(0, 2); i > 0; --i) {
      model.metadata.push_back({text(), addBuffer(model, number(1, 40))});
    }
    for (std::int32_t i = m_random.integer(0, 2); i > 0; --i) {
      const std::uint32_t target = number(0, static_cast<std::uint32_t>(subgraphs) - 1);
      const auto last = static_cast<std::uint32_t>(model.subgraphs[target].tensors.size() - 1);
      model.signatures.push_back(
          {text(), target, {{text(), number(0, last)}}, {{text(), number(0, last)}}});
    }
    return model;
  }

 private:
  using Draw = std::function<Attributes()>;

  std::uint32_t number(std::uint32_t low, std::uint32_t high) {
    return static_cast<std::uint32_t>(
        m_random.integer(static_cast<std::int32_t>(low), static_cast<std::int32_t>(high)));
  }
  std::int32_t positive() { return m_random.integer(1, 9); }
  std::int32_t any() { return m_random.integer(-9, 9); }
  bool coin() { return m_random.integer(0, 1) == 1; }
  float real() { return static_cast<float>(m_random.real(-3, 3)); }
  Padding padding() { return static_cast<Padding>(m_random.integer(0, 1)); }
  Activation activation() { return static_cast<Activation>(m_random.integer(0, 5)); }
  std::string text() {
    std::string letters(number(0, 12), ' ');
    for (char& letter : letters) letter = static_cast<char>(m_random.integer('a', 'z'));
    return letters;
  }
  std::vector<std::int32_t> integers() {
    std::vector<std::int32_t> values(number(0, 4));
    for (std::int32_t& value : values) value = any();
    return values;
  }

  std::uint32_t addBuffer(Model& model, std::size_t size) {
    auto bytes = std::make_shared<std::vector<std::byte>>(size);
    for (std::byte& byte : *bytes) byte = static_cast<std::byte>(m_random.integer(0, 255));
    model.buffers.emplace_back(*bytes);
    model.storage.push_back(std::move(bytes));
    return static_cast<std::uint32_t>(model.buffers.size() - 1);
  }

  Tensor tensor(Model& model) {
    Tensor tensor;
    tensor.name = text();
    tensor.type = static_cast<ElementType>(m_random.integer(0, 20));
    for (std::int32_t i = m_random.integer(0, 4); i > 0; --i) tensor.shape.push_back(positive());
    if (coin()) tensor.shapeSignature = integers();
    if (coin()) {
      Quantization& q = tensor.quantization.emplace();
      for (std::int32_t i = m_random.integer(0, 3); i > 0; --i) q.scales.push_back(real());
      for (std::int32_t i = m_random.integer(0, 3); i > 0; --i) q.zeroPoints.push_back(any());
      q.dimension = m_random.integer(0, 3);
    }
    if (m_random.integer(0, 9) == 0)
      tensor.sparsity = Sparsity{integers(), integers(), number(0, 3)};
    tensor.isVariable = coin();
    const auto bytes = sizeOf(tensor.type, tensor.shape);
    if (bytes && coin()) tensor.buffer = addBuffer(model, static_cast<std::size_t>(bytes->value));
    return tensor;
  }

  Subgraph subgraph(Model& model, std::int32_t subgraphs) {
    Subgraph result;
    result.name = text();
    for (std::int32_t i = m_random.integer(1, 8); i > 0; --i)
      result.tensors.push_back(tensor(model));
    const auto tensors = [&](std::int32_t smallest) {
      std::vector<std::int32_t> indices(number(0, 4));
      for (std::int32_t& index : indices) {
        index = m_random.integer(smallest, static_cast<std::int32_t>(result.tensors.size() - 1));
      }
      return indices;
    };
    result.inputs = tensors(0);
    result.outputs = tensors(0);
    for (const auto& [kind, draw] : attributesByKind(subgraphs)) {
      Operator op;
      op.kind = kind;
      op.version = positive();
      op.inputs = tensors(-1);
      op.outputs = tensors(0);
      op.intermediates = tensors(-1);
      op.attributes = draw();
      if (kind == OpKind::Custom) {
        op.customName = text();
        op.customOptions.assign(number(0, 20), 0xa5);
      }
      result.operators.push_back(std::move(op));
    }
    return result;
  }

  /// Every kind whose options are kept, and some without.
  std::vector<std::pair<OpKind, Draw>> attributesByKind(std::int32_t subgraphs) {
    using K = OpKind;
    const Draw none = [] { return NoAttributes(); };
    const Draw conv = [this] {
      return ConvAttributes{padding(),  positive(), positive(),  positive(),
                            positive(), 0,          activation()};
    };
    const Draw depthwise = [this] {
      return ConvAttributes{padding(),  positive(), positive(),  positive(),
                            positive(), positive(), activation()};
    };
    const Draw transposed = [this] {
      return ConvAttributes{padding(), positive(), positive(), 1, 1, 0, activation()};
    };
    const Draw conv3d = [this] {
      return Conv3dAttributes{padding(),  positive(), positive(), positive(),
                              positive(), positive(), positive(), activation()};
    };
    const Draw pool = [this] {
      return PoolAttributes{padding(),  positive(), positive(),
                            positive(), positive(), activation()};
    };
    const Draw sum = [this] { return ArithmeticAttributes{activation(), coin()}; };
    const Draw product = [this] { return ArithmeticAttributes{activation(), true}; };
    const Draw axisAndCount = [this] {
      return AxisAttributes{any(), positive(), Activation::None};
    };
    const Draw count = [this] { return AxisAttributes{0, positive(), Activation::None}; };
    const Draw dimensions = [this] { return DimensionsAttributes{integers()}; };
    const Draw reduce = [this] { return ReduceAttributes{coin()}; };
    const Draw rnn = [this] { return RecurrentAttributes{activation(), 0, 0, 0, false, coin()}; };
    const Draw sequenceRnn = [this] {
      return RecurrentAttributes{activation(), 0, 0, 0, coin(), coin()};
    };
    const Draw lstm = [this] {
      return RecurrentAttributes{activation(), 0, real(), real(), false, coin()};
    };
    const Draw sequenceLstm = [this] {
      return RecurrentAttributes{activation(), 0, real(), real(), coin(), coin()};
    };
    const Draw resize = [this] { return ResizeAttributes{coin(), coin()}; };
    const Draw block = [this] { return BlockAttributes{positive()}; };
    const Draw two = [this, subgraphs] {
      return ControlAttributes{m_random.integer(0, subgraphs - 1),
                               m_random.integer(0, subgraphs - 1)};
    };
    const Draw one = [this, subgraphs] {
      return ControlAttributes{m_random.integer(0, subgraphs - 1), -1};
    };
    return {
        {K::Conv2d, conv},
        {K::DepthwiseConv2d, depthwise},
        {K::TransposeConv, transposed},
        {K::Conv3d, conv3d},
        {K::Conv3dTranspose, conv3d},
        {K::AveragePool2d, pool},
        {K::MaxPool2d, pool},
        {K::L2Pool2d, pool},
        {K::FullyConnected,
         [this] {
           return FullyConnectedAttributes{activation(), coin(), coin(), coin()};
         }},
        {K::Add, sum},
        {K::Sub, sum},
        {K::Mul, product},
        {K::Div, product},
        {K::Softmax, [this] { return SoftmaxAttributes{real()}; }},
        {K::Concatenation,
         [this] {
           return AxisAttributes{any(), 0, activation()};
         }},
        {K::Pack, axisAndCount},
        {K::Unpack, axisAndCount},
        {K::Gather, axisAndCount},
        {K::Split, count},
        {K::SplitV, count},
        {K::OneHot,
         [this] {
           return AxisAttributes{any(), 0, Activation::None};
         }},
        {K::Reshape, dimensions},
        {K::Squeeze, dimensions},
        {K::Mean, reduce},
        {K::Sum, reduce},
        {K::ReduceProd, reduce},
        {K::ReduceMax, reduce},
        {K::ReduceMin, reduce},
        {K::ReduceAny, reduce},
        {K::ReduceAll, reduce},
        {K::StridedSlice,
         [this] { return StridedSliceAttributes{any(), any(), any(), any(), any(), coin()}; }},
        {K::Svdf,
         [this] { return RecurrentAttributes{activation(), positive(), 0, 0, false, coin()}; }},
        {K::Rnn, rnn},
        {K::UnidirectionalSequenceRnn, sequenceRnn},
        {K::BidirectionalSequenceRnn, sequenceRnn},
        {K::Lstm, lstm},
        {K::UnidirectionalSequenceLstm, sequenceLstm},
        {K::BidirectionalSequenceLstm, sequenceLstm},
        {K::LeakyRelu, [this] { return LeakyReluAttributes{real()}; }},
        {K::ResizeBilinear, resize},
        {K::ResizeNearestNeighbor, resize},
        {K::DepthToSpace, block},
        {K::SpaceToDepth, block},
        {K::BatchMatmul,
         [this] {
           return BatchMatMulAttributes{coin(), coin(), coin()};
         }},
        {K::MirrorPad, [this] { return MirrorPadAttributes{m_random.integer(0, 1)}; }},
        {K::Cumsum,
         [this] {
           return CumsumAttributes{coin(), coin()};
         }},
        {K::If, two},
        {K::While, two},
        {K::CallOnce, one},
        {K::Call, one},
        {K::VarHandle,
         [this] {
           return VariableAttributes{text(), text()};
         }},
        {K::Custom, none},
        {K::Shape, none},
        {K::ArgMax, none},
        {K::Cast, none},
        {K::Pad, none},
        {K::BroadcastTo, none},
        {K::StablehloCase, none},
    };
  }

  RandomStream m_random;
};

class WriteRandomTflite : public testing::TestWithParam<std::uint64_t> {};
INSTANTIATE_TEST_SUITE_P(Seeds, WriteRandomTflite, testing::Range<std::uint64_t>(0, 40));

TEST_P(WriteRandomTflite, ThenReadGivesTheModelBack) {
  const Model model = RandomModel(GetParam()).make();
  expectSame(model, writtenAndRead(model));
}

TEST_P(WriteRandomTflite, GivesTheSameBytesForWhatWasReadBack) {
  const Model model = RandomModel(GetParam()).make();
  EXPECT_EQ(writeTflite(model), writeTflite(writtenAndRead(model)));
}

}  // namespace
}  // namespace mcuprof
