// Holds zoo models against published ones of the same network.
#include <gtest/gtest.h>

#include <cstdio>
#include <filesystem>
#include <limits>
#include <optional>
#include <vector>

#include "analyzer/model/graph.hpp"
#include "analyzer/model/tflite_reader.hpp"
#include "analyzer/model/zoo.hpp"
#include "tests/support/files.hpp"

namespace mcuprof {
namespace {

/// What must agree of one operator.
struct Layer {
  OpKind kind{};
  std::vector<Shape> inputs;  ///< with filters and biases
  Shape output;
  std::optional<Macs> macs;
  friend bool operator==(const Layer&, const Layer&) = default;
};

std::ostream& operator<<(std::ostream& out, const Layer& layer) {
  out << nameOf(layer.kind);
  for (const Shape& shape : layer.inputs) out << ' ' << textOf(shape);
  return out << " -> " << textOf(layer.output);
}

std::vector<Layer> layersOf(const Result<Model>& model) {
  EXPECT_TRUE(model) << model.error().text();
  if (!model) return {};
  const Result<Graph> graph = buildGraph(*model);
  EXPECT_TRUE(graph) << graph.error().text();
  if (!graph) return {};
  std::vector<Layer> layers;
  for (const GraphOp& op : graph->ops) {
    Layer layer{op.kind, {}, graph->tensor(op.outputs[0]).shape, op.macs};
    for (const GraphInput& input : op.inputs) {
      layer.inputs.push_back(input.tensor.valid() ? graph->tensor(input.tensor).shape : Shape());
    }
    layers.push_back(std::move(layer));
  }
  return layers;
}

std::int64_t macsOf(const std::vector<Layer>& layers) {
  std::int64_t sum = 0;
  for (const Layer& layer : layers) sum += layer.macs ? layer.macs->value : 0;
  return sum;
}

struct Original {
  const char* file;
  const char* network;
  ZooOptions options;
  /// The range of operators that is the same network; what surrounds it differs by training code.
  std::size_t first = 0;
  std::size_t end = std::numeric_limits<std::size_t>::max();
};

ZooOptions with(ElementType type) {
  ZooOptions options;
  options.type = type;
  return options;
}

ZooOptions withInput(std::int32_t extent) {
  ZooOptions options;
  options.input = ZooInput{extent, std::nullopt};
  return options;
}

std::vector<Layer> cut(std::vector<Layer> layers, const Original& original) {
  layers.resize(std::min(layers.size(), original.end));
  layers.erase(layers.begin(), layers.begin() + static_cast<std::ptrdiff_t>(original.first));
  return layers;
}

TEST(ZooModel, HasTheOperatorsShapesAndMacsOfItsOriginal) {
  const std::filesystem::path folder = test::sharedFolder() / "models";
  if (!std::filesystem::is_directory(folder)) GTEST_SKIP() << "no models in " << MCUPROF_SHARED_DIR;
  const std::vector<Original> originals{
      {"pretrainedResnet_quant.tflite", "resnet8", {}},
      {"pretrainedResnet.tflite", "resnet8", with(ElementType::Float32)},
      {"ad01_int8.tflite", "fc_autoencoder", {}},
      {"ad01_fp32.tflite", "fc_autoencoder", with(ElementType::Float32)},
      {"model_ToyCar_quant.tflite", "fc_autoencoder", {}},
      {"trained_lstm_int8.tflite", "lstm", {}},
      {"trained_lstm.tflite", "lstm", with(ElementType::Float32)},
      // These average with MEAN and classify with a 1x1 convolution.
      {"mbnet96_0.25_q.tflite", "mobilenet_v1", {}, 0, 27},
      // Sees one grey channel, through a depthwise convolution.
      {"person_detect.tflite", "mobilenet_v1", {}, 1, 28},
  };
  for (const Original& original : originals) {
    SCOPED_TRACE(original.file);
    const auto ours = cut(layersOf(makeZooModel(original.network, original.options)), original);
    const auto theirs = cut(layersOf(loadTflite((folder / original.file).string())), original);
    ASSERT_EQ(ours.size(), theirs.size());
    for (std::size_t i = 0; i < ours.size(); ++i) EXPECT_EQ(ours[i], theirs[i]) << "operator " << i;
  }
  std::printf("%zu originals compared\n", originals.size());
}

// The original was converted from PyTorch, which pads before every 3x3 convolution on both sides
// and transposes the image; what computes is the same.
TEST(ZooModel, MobilenetV2ComputesWhatItsOriginalAt224Computes) {
  const std::filesystem::path file =
      test::sharedFolder() / "models" / "mobilenet_v2_quantized_1x3x224x224.tflite";
  if (!std::filesystem::exists(file)) GTEST_SKIP() << "no models in " << MCUPROF_SHARED_DIR;
  const auto computing = [](const std::vector<Layer>& layers) {
    std::vector<Layer> chosen;
    for (Layer layer : layers) {
      if (layer.kind != OpKind::Conv2d && layer.kind != OpKind::DepthwiseConv2d &&
          layer.kind != OpKind::Add && layer.kind != OpKind::FullyConnected) {
        continue;
      }
      if (layer.kind != OpKind::Add) layer.inputs.erase(layer.inputs.begin());  // padded or not
      chosen.push_back(std::move(layer));
    }
    return chosen;
  };
  ZooOptions options = withInput(224);
  options.width = 1;
  const auto ours = computing(layersOf(makeZooModel("mobilenet_v2", options)));
  const auto theirs = computing(layersOf(loadTflite(file.string())));
  EXPECT_EQ(ours.size(), 63U);
  EXPECT_EQ(ours, theirs);
  EXPECT_EQ(macsOf(ours), 300'774'272);
}

// The networks without an original at hand, by the sums of their papers and by hand.
TEST(ZooModel, HasTheMacsThatCanBeCountedByHand) {
  // 25x5x64 outputs of 10x4x1; four times 25x5x64 of 3x3 and of 64; 12 of 64.
  EXPECT_EQ(macsOf(layersOf(makeZooModel("ds_cnn", {}))),
            8000 * 40 + 4 * 8000 * (9 + 64) + 12 * 64);
  // 126x64 outputs of 3x9; 124x64 of 3x64; 100 of 62x64; 6 of 100.
  EXPECT_EQ(macsOf(layersOf(makeZooModel("cnn_1d", {}))),
            126 * 64 * 27 + 124 * 64 * 192 + 100 * 3968 + 6 * 100);
  EXPECT_EQ(macsOf(layersOf(makeZooModel("gesture", {}))), 6 * 16 + 16 * 4);
}

}  // namespace
}  // namespace mcuprof
