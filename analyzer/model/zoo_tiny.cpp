#include <array>
#include <string>

#include "analyzer/model/layer_builder.hpp"
#include "analyzer/model/zoo_networks.hpp"

namespace mcuprof {

// MLPerf Tiny's keyword spotting network: a depthwise separable CNN over 49 frames of 10
// coefficients.
Result<Model> makeDsCnn(const ZooSettings& settings) {
  const std::int32_t filters = settings.scaled(64);
  LayerBuilder net("DS-CNN", settings.type, settings.seed);
  // The range that the published network was calibrated to.
  Signal x = net.input("input_1", {1, settings.height, settings.columns, 1}, -123.4, 25.7);
  x = net.conv2d("activation", x, filters, {10, 4, 2, 2, Padding::Same}, Activation::Relu);
  for (int block = 0; block < 4; ++block) {
    const auto name = [&](int n) { return "activation_" + std::to_string(2 * block + n); };
    x = net.depthwiseConv2d(name(1), x, {3, 3, 1, 1, Padding::Same}, Activation::Relu);
    x = net.conv2d(name(2), x, filters, {1, 1, 1, 1, Padding::Same}, Activation::Relu);
  }
  // Half the input rounded down, although "same" convolution rounds up: a last odd row is not
  // averaged.
  const std::int32_t height = settings.height / 2;
  const std::int32_t width = settings.columns / 2;
  x = net.averagePool2d("average_pooling2d", x, {height, width, height, width, Padding::Valid});
  x = net.flatten("flatten", x);
  x = net.dense("dense", x, settings.classes, Activation::None);
  return std::move(net).finish(net.softmax("predictions", x));
}

// MLPerf Tiny's image classification network: ResNet with three stacks of one block.
Result<Model> makeResnet8(const ZooSettings& settings) {
  const Window kernel{3, 3, 1, 1, Padding::Same};
  LayerBuilder net("ResNet8", settings.type, settings.seed);
  Signal x = net.input("input_1", {1, settings.height, settings.columns, 3}, 0, 255);
  x = net.conv2d("activation", x, settings.scaled(16), kernel, Activation::Relu);
  const std::array<std::int32_t, 3> stacks{16, 32, 64};
  for (std::size_t i = 0; i < stacks.size(); ++i) {
    const std::string name = "stack_" + std::to_string(i + 1) + "_";
    const std::int32_t stride = i == 0 ? 1 : 2;
    const std::int32_t filters = settings.scaled(stacks[i]);
    Signal y = net.conv2d(name + "conv1", x, filters, {3, 3, stride, stride, Padding::Same},
                          Activation::Relu);
    y = net.conv2d(name + "conv2", y, filters, kernel, Activation::None);
    if (i > 0) {
      x = net.conv2d(name + "shortcut", x, filters, {1, 1, stride, stride, Padding::Same},
                     Activation::None);
    }
    x = net.add(name + "add", x, y, Activation::Relu);
  }
  x = net.averagePool2d("average_pooling2d", x,
                        {x.shape[1], x.shape[2], x.shape[1], x.shape[2], Padding::Valid});
  x = net.flatten("flatten", x);
  x = net.dense("dense", x, settings.classes, Activation::None);
  return std::move(net).finish(net.softmax("predictions", x));
}

// MLPerf Tiny's anomaly detection network: five frames of 128 bands squeezed through 8 numbers.
Result<Model> makeFcAutoencoder(const ZooSettings& settings) {
  const std::int32_t hidden = settings.scaled(128);
  const std::array<std::int32_t, 9> units{hidden, hidden, hidden, hidden, settings.scaled(8),
                                          hidden, hidden, hidden, hidden};
  LayerBuilder net("FC autoencoder", settings.type, settings.seed);
  // Decibels, over the range that the published network was calibrated to.
  Signal x = net.input("input_1", {1, settings.height}, -84.85, 14.86);
  for (std::size_t i = 0; i < units.size(); ++i) {
    x = net.dense("activation_" + std::to_string(i), x, units[i], Activation::Relu);
  }
  return std::move(net).finish(net.dense("dense_9", x, settings.height, Activation::None));
}

}  // namespace mcuprof
