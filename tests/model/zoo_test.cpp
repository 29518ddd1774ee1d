#include "analyzer/model/zoo.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <map>

#include "analyzer/base/sha256.hpp"
#include "analyzer/model/tflite_writer.hpp"

namespace mcuprof {
namespace {

using testing::ElementsAre;

Model zoo(std::string_view name, const ZooOptions& options) {
  Result<Model> model = makeZooModel(name, options);
  EXPECT_TRUE(model) << model.error().text();
  return model ? *std::move(model) : Model();
}

/// With default options; made once for all tests.
const Model& zoo(std::string_view name) {
  static std::map<std::string_view, Model> made;
  const auto [place, isNew] = made.try_emplace(name);
  if (isNew) place->second = zoo(name, {});
  return place->second;
}

/// Few classes, where a network has any, so that it is made faster.
ZooOptions fewClasses(const ZooEntry& entry) {
  ZooOptions options;
  if (entry.classes > 0) options.classes = 2;
  return options;
}

std::string errorOf(std::string_view name, const ZooOptions& options) {
  const Result<Model> model = makeZooModel(name, options);
  return model ? "no error" : model.error().text();
}

std::vector<OpKind> kindsOf(const Model& model) {
  std::vector<OpKind> kinds;
  for (const Operator& op : model.subgraphs[0].operators) kinds.push_back(op.kind);
  return kinds;
}

const Tensor& tensorOf(const Model& model, std::int32_t index) {
  return model.subgraphs[0].tensors[static_cast<std::size_t>(index)];
}

const Operator& producerOf(const Model& model, std::string_view name) {
  for (const Operator& op : model.subgraphs[0].operators) {
    if (tensorOf(model, op.outputs[0]).name == name) return op;
  }
  ADD_FAILURE() << "nothing makes " << name;
  return model.subgraphs[0].operators[0];
}

Shape shapeOf(const Model& model, std::string_view name) {
  return tensorOf(model, producerOf(model, name).outputs[0]).shape;
}

Shape filterOf(const Model& model, std::string_view name) {
  return tensorOf(model, producerOf(model, name).inputs[1]).shape;
}

TEST(ListZoo, IsSortedByNameAndEveryEntryCanBeMadeWithItsDefaults) {
  ASSERT_GE(listZoo().size(), 8U);
  EXPECT_TRUE(std::is_sorted(listZoo().begin(), listZoo().end(),
                             [](const auto& a, const auto& b) { return a.name < b.name; }));
  for (const ZooEntry& entry : listZoo()) {
    const Model& model = zoo(entry.name);
    ASSERT_EQ(model.subgraphs.size(), 1U);
    EXPECT_FALSE(model.subgraphs[0].operators.empty());
    EXPECT_FALSE(entry.summary.empty());
    ZooOptions spelledOut;
    spelledOut.width = entry.width;
    const auto input = parseZooInput(entry.input);
    ASSERT_TRUE(input) << entry.name;
    spelledOut.input = *input;
    if (entry.classes > 0) spelledOut.classes = entry.classes;
    EXPECT_EQ(writeTflite(zoo(entry.name, spelledOut)), writeTflite(model)) << entry.name;
  }
}

TEST(ZooModel, MobilenetV2HasThe69OperatorsOfKerasAfterConversion) {
  const Model& model = zoo("mobilenet_v2");
  const std::vector<OpKind> kinds = kindsOf(model);
  EXPECT_EQ(kinds.size(), 69U);
  const auto count = [&](OpKind kind) { return std::count(kinds.begin(), kinds.end(), kind); };
  EXPECT_EQ(count(OpKind::Conv2d), 35);           // first, last, 17 projections, 16 expansions
  EXPECT_EQ(count(OpKind::DepthwiseConv2d), 17);  // one a block
  EXPECT_EQ(count(OpKind::Pad), 4);               // one a stride of 2 but the first
  EXPECT_EQ(count(OpKind::Add), 10);              // blocks that keep stride and channels
  EXPECT_EQ(count(OpKind::Mean), 1);
  EXPECT_EQ(count(OpKind::FullyConnected), 1);
  EXPECT_EQ(count(OpKind::Softmax), 1);
  EXPECT_EQ(kinds[67], OpKind::FullyConnected);
}

TEST(ZooModel, MobilenetV2IsThePapersNetworkWhenNothingElseIsAsked) {
  const Model& model = zoo("mobilenet_v2");
  EXPECT_EQ(tensorOf(model, model.subgraphs[0].inputs[0]).shape, (Shape{1, 128, 128, 3}));
  EXPECT_EQ(filterOf(model, "Conv1_relu"), (Shape{16, 3, 3, 3}));
  EXPECT_EQ(shapeOf(model, "block_1_expand_relu"), (Shape{1, 64, 64, 48}));
  EXPECT_EQ(shapeOf(model, "block_1_pad"), (Shape{1, 65, 65, 48}));
  EXPECT_EQ(shapeOf(model, "block_1_depthwise_relu"), (Shape{1, 32, 32, 48}));
  // "[1x4x4x112] times [1280x1x1x112]"
  EXPECT_EQ(shapeOf(model, "block_16_project_BN"), (Shape{1, 4, 4, 112}));
  EXPECT_EQ(filterOf(model, "out_relu"), (Shape{1280, 1, 1, 112}));
  EXPECT_EQ(filterOf(model, "logits"), (Shape{1000, 1280}));
  EXPECT_EQ(shapeOf(model, "predictions"), (Shape{1, 1000}));
}

TEST(ZooModel, MobilenetV2PadsBothSidesWhereAnExtentIsOdd) {
  ZooOptions options;
  options.input = ZooInput{126, 128};  // 63 rows and 64 columns after the first convolution
  const Model model = zoo("mobilenet_v2", options);
  EXPECT_EQ(shapeOf(model, "block_1_expand_relu"), (Shape{1, 63, 64, 48}));
  EXPECT_EQ(shapeOf(model, "block_1_pad"), (Shape{1, 65, 65, 48}));
  EXPECT_EQ(shapeOf(model, "block_1_depthwise_relu"), (Shape{1, 32, 32, 48}));
}

TEST(ZooModel, MobilenetV2RoundsChannelsToMultiplesOf8AndWidensTheLastLayerOnlyAbove1) {
  ZooOptions options;
  options.classes = 2;
  options.width = 1.4;
  const Model wide = zoo("mobilenet_v2", options);
  EXPECT_EQ(filterOf(wide, "Conv1_relu")[0], 48);                // 44.8
  EXPECT_EQ(filterOf(wide, "expanded_conv_project_BN")[0], 24);  // 22
  EXPECT_EQ(filterOf(wide, "out_relu")[0], 1792);
  options.width = 1;
  EXPECT_EQ(filterOf(zoo("mobilenet_v2", options), "out_relu")[0], 1280);
}

TEST(ZooModel, DsCnnAveragesOnlyTheRowsThatTheOriginalAverages) {
  const Model model = zoo("ds_cnn");
  EXPECT_EQ(kindsOf(model).size(), 13U);
  EXPECT_EQ(shapeOf(model, "activation_8"), (Shape{1, 25, 5, 64}));
  const auto& pool = std::get<PoolAttributes>(producerOf(model, "average_pooling2d").attributes);
  EXPECT_EQ(pool.filterH, 24);
  EXPECT_EQ(pool.filterW, 5);
}

TEST(ZooModel, Cnn1dWrapsEveryConvolutionIntoAnImageOfHeight1) {
  const Model model = zoo("cnn_1d");
  EXPECT_THAT(kindsOf(model),
              ElementsAre(OpKind::ExpandDims, OpKind::Conv2d, OpKind::Reshape, OpKind::ExpandDims,
                          OpKind::Conv2d, OpKind::Reshape, OpKind::ExpandDims, OpKind::MaxPool2d,
                          OpKind::Reshape, OpKind::FullyConnected, OpKind::FullyConnected,
                          OpKind::Softmax));
  EXPECT_EQ(shapeOf(model, "conv1d_1"), (Shape{1, 1, 124, 64}));
  EXPECT_EQ(shapeOf(model, "max_pooling1d"), (Shape{1, 62, 1, 64}));
}

TEST(ZooModel, GestureIs6To16To4) {
  const Model model = zoo("gesture");
  EXPECT_THAT(kindsOf(model),
              ElementsAre(OpKind::FullyConnected, OpKind::FullyConnected, OpKind::Softmax));
  EXPECT_EQ(filterOf(model, "dense"), (Shape{16, 6}));
  EXPECT_EQ(filterOf(model, "dense_1"), (Shape{4, 16}));
}

TEST(ZooModel, LstmKeepsItsStateInVariablesWithoutABuffer) {
  const Model model = zoo("lstm");
  const Operator& op = producerOf(model, "lstm");
  ASSERT_EQ(op.inputs.size(), 24U);
  EXPECT_EQ(op.intermediates.size(), 5U);
  for (const std::size_t input : {18U, 19U}) {
    const Tensor& state = tensorOf(model, op.inputs[input]);
    EXPECT_TRUE(state.isVariable);
    EXPECT_EQ(state.buffer, 0U);
    EXPECT_EQ(state.shape, (Shape{1, 20}));
  }
  EXPECT_EQ(tensorOf(model, op.inputs[19]).type, ElementType::Int16);
}

// A fixed hash, since "the same on every machine" can only be tested against another machine. It
// changes when the writer or the generator does, which users of stored models should hear about.
TEST(ZooModel, IsTheSameBytesOnEveryMachine) {
  EXPECT_EQ(sha256Of(writeTflite(zoo("gesture"))),
            "b78741c361dd516c64941c47debd7aba37ccecea296db81eff40e5a45fe39cc6");
  EXPECT_EQ(sha256Of(writeTflite(zoo("ds_cnn"))),
            "b261e73eebf7267431216c0ef50c0364fad1937c75faad30a3cc896608c40d52");
}

TEST(ZooModel, DiffersBySeedInWeightsOnly) {
  ZooOptions options;
  options.seed = 2;
  const Model a = zoo("ds_cnn");
  const Model b = zoo("ds_cnn", options);
  EXPECT_NE(writeTflite(a), writeTflite(b));
  ASSERT_EQ(a.subgraphs[0].tensors.size(), b.subgraphs[0].tensors.size());
  for (std::size_t i = 0; i < a.subgraphs[0].tensors.size(); ++i) {
    EXPECT_EQ(a.subgraphs[0].tensors[i].shape, b.subgraphs[0].tensors[i].shape);
  }
}

class ZooQuantization : public testing::TestWithParam<ZooEntry> {};
INSTANTIATE_TEST_SUITE_P(Zoo, ZooQuantization,
                         testing::ValuesIn(listZoo().begin(), listZoo().end()),
                         [](const auto& tested) { return std::string(tested.param.name); });

TEST_P(ZooQuantization, GivesEveryTensorThatHoldsRealNumbersAScaleAndAZeroPoint) {
  const Model& model = zoo(GetParam().name);
  for (const Tensor& tensor : model.subgraphs[0].tensors) {
    if (tensor.type != ElementType::Int8 && tensor.type != ElementType::Int16) continue;
    ASSERT_TRUE(tensor.quantization) << tensor.name;
    EXPECT_EQ(tensor.quantization->scales.size(), tensor.quantization->zeroPoints.size());
    for (const float scale : tensor.quantization->scales) EXPECT_GT(scale, 0) << tensor.name;
  }
}

// What CMSIS-NN and the reference kernels rely on: symmetric weights, biases with the scale input
// times weight, and sums that are scaled down, never up.
TEST_P(ZooQuantization, ScalesSumsDownToTheirOutput) {
  const Model& model = zoo(GetParam().name);
  int checked = 0;
  for (const Operator& op : model.subgraphs[0].operators) {
    if (op.inputs.size() != 3 || op.kind == OpKind::Reshape) continue;
    const Quantization& input = *tensorOf(model, op.inputs[0]).quantization;
    const Tensor& filter = tensorOf(model, op.inputs[1]);
    const Tensor& bias = tensorOf(model, op.inputs[2]);
    const Quantization& output = *tensorOf(model, op.outputs[0]).quantization;
    const bool perChannel = op.kind != OpKind::FullyConnected;
    const std::size_t channelDimension = op.kind == OpKind::DepthwiseConv2d ? 3 : 0;
    EXPECT_EQ(filter.quantization->scales.size(),
              perChannel ? static_cast<std::size_t>(filter.shape[channelDimension]) : 1U);
    EXPECT_EQ(filter.quantization->dimension,
              static_cast<std::int32_t>(perChannel ? channelDimension : 0));
    ASSERT_EQ(filter.quantization->scales.size(), bias.quantization->scales.size());
    EXPECT_EQ(bias.type, ElementType::Int32);
    for (std::size_t i = 0; i < filter.quantization->scales.size(); ++i) {
      const float scale = input.scales[0] * filter.quantization->scales[i];
      EXPECT_FLOAT_EQ(bias.quantization->scales[i], scale);
      EXPECT_LT(scale / output.scales[0], 1) << filter.name;
      EXPECT_EQ(filter.quantization->zeroPoints[i], 0);
    }
    ++checked;
  }
  EXPECT_GT(checked, 0);
}

TEST(ZooModel, Float32HasNoQuantisationAndTheSameOperators) {
  for (const ZooEntry& entry : listZoo()) {
    ZooOptions options = fewClasses(entry);
    options.type = ElementType::Float32;
    const Model model = zoo(entry.name, options);
    EXPECT_EQ(kindsOf(model), kindsOf(zoo(entry.name)));
    for (const Tensor& tensor : model.subgraphs[0].tensors) {
      EXPECT_FALSE(tensor.quantization) << tensor.name;
      EXPECT_TRUE(tensor.type == ElementType::Float32 || tensor.type == ElementType::Int32);
    }
  }
}

TEST(ZooModel, Int16HasSymmetricActivationsAnd64BitBiases) {
  ZooOptions options;
  options.type = ElementType::Int16;
  const Model model = zoo("resnet8", options);
  for (const Operator& op : model.subgraphs[0].operators) {
    const Tensor& output = tensorOf(model, op.outputs[0]);
    EXPECT_EQ(output.type, ElementType::Int16);
    EXPECT_THAT(output.quantization->zeroPoints, ElementsAre(0));
    if (op.inputs.size() != 3) continue;
    EXPECT_EQ(tensorOf(model, op.inputs[1]).type, ElementType::Int8);
    EXPECT_EQ(tensorOf(model, op.inputs[2]).type, ElementType::Int64);
  }
}

TEST(ZooModel, RefusesWhatItCannotMakeAndSaysWhatItCan) {
  EXPECT_EQ(
      errorOf("mobilenet_v3", {}),
      "mobilenet_v3: no such network; the zoo has cnn_1d, ds_cnn, fc_autoencoder, gesture, lstm, "
      "mobilenet_v1, mobilenet_v2, resnet8");
  ZooOptions options;
  options.width = 0;
  EXPECT_EQ(errorOf("resnet8", options), "--width 0: wanted a number above 0 and at most 8");
  options = {};
  options.classes = 0;
  EXPECT_EQ(errorOf("resnet8", options), "--classes 0: wanted a whole number from 1 to 100000");
  options.classes = 3;
  EXPECT_EQ(errorOf("fc_autoencoder", options), "--classes 3: fc_autoencoder has no classes");
  options = {};
  options.input = ZooInput{5, std::nullopt};
  EXPECT_EQ(
      errorOf("cnn_1d", options),
      "--input 5: cnn_1d wants N or NxF (steps, features a step), N at least 6, each at most 4096");
  options.input = ZooInput{6, 6};
  EXPECT_EQ(errorOf("gesture", options),
            "--input 6x6: gesture wants N (features), each at most 4096");
  options.input = ZooInput{49, 1};
  EXPECT_EQ(errorOf("ds_cnn", options),
            "--input 49x1: ds_cnn wants N or HxW (pixels), at least 2x2, each at most 4096");
  options = {};
  options.type = ElementType::Int16;
  EXPECT_EQ(errorOf("lstm", options), "--dtype int16: lstm is made as int8 or float32");
  options.type = ElementType::Bool;
  EXPECT_EQ(errorOf("gesture", options), "--dtype bool: gesture is made as int8, int16 or float32");
  options = {};
  // The dense layer sees 2046 steps of 256 channels.
  options.width = 4;
  options.input = ZooInput{4096, std::nullopt};
  EXPECT_EQ(
      errorOf("cnn_1d", options),
      "cnn_1d: the network would have 209716320 bytes of weights; the zoo makes at most 67108864");
}

TEST(ParseZooInput, TakesOneExtentOrTwo) {
  EXPECT_EQ(*parseZooInput("96"), (ZooInput{96, std::nullopt}));
  EXPECT_EQ(*parseZooInput("49x10"), (ZooInput{49, 10}));
  for (const std::string_view text :
       {"", "x", "96x", "x96", "0", "-1", "4097", "96 ", "1x2x3", "1e2", "99999999999"}) {
    const auto input = parseZooInput(text);
    ASSERT_FALSE(input) << text;
    EXPECT_EQ(input.error().text(),
              "--input " + std::string(text) + ": wanted N or HxW, whole numbers from 1 to 4096");
  }
}

TEST(ParseZooType, TakesTheThreeTypesOfActivations) {
  EXPECT_EQ(*parseZooType("int8"), ElementType::Int8);
  EXPECT_EQ(*parseZooType("int16"), ElementType::Int16);
  EXPECT_EQ(*parseZooType("float32"), ElementType::Float32);
  EXPECT_EQ(parseZooType("uint8").error().text(), "--dtype uint8: wanted int8, int16 or float32");
}

}  // namespace
}  // namespace mcuprof
