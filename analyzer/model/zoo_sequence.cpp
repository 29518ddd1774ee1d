#include <string>

#include "analyzer/model/layer_builder.hpp"
#include "analyzer/model/zoo_networks.hpp"

namespace mcuprof {
namespace {

/// Keras Conv1D: the sequence becomes an image of height 1, is convolved, and becomes a sequence
/// again.
Signal conv1d(LayerBuilder& net, const std::string& name, const Signal& x, std::int32_t filters,
              std::int32_t kernel) {
  Signal y = net.expandDims(name + "/ExpandDims", x, 1);
  y = net.conv2d(name, y, filters, {1, kernel, 1, 1, Padding::Valid}, Activation::Relu);
  return net.reshape(name + "/Squeeze", y, {1, y.shape[2], y.shape[3]});
}

}  // namespace

// Human activity from 128 steps of 9 inertial channels (UCI HAR): two convolutions, one pooling,
// two dense layers.
Result<Model> makeCnn1d(const ZooSettings& settings) {
  LayerBuilder net("1-D CNN", settings.type, settings.seed);
  Signal x = net.input("input_1", {1, settings.height, settings.columns}, -2, 2);
  x = conv1d(net, "conv1d", x, settings.scaled(64), 3);
  x = conv1d(net, "conv1d_1", x, settings.scaled(64), 3);
  // Keras MaxPooling1D makes its image one column wide. The squeeze behind it and Flatten become
  // one RESHAPE.
  x = net.expandDims("max_pooling1d/ExpandDims", x, 2);
  x = net.maxPool2d("max_pooling1d", x, {2, 1, 2, 1, Padding::Valid});
  x = net.flatten("flatten", x);
  x = net.dense("dense", x, settings.scaled(100), Activation::Relu);
  x = net.dense("dense_1", x, settings.classes, Activation::None);
  return std::move(net).finish(net.softmax("predictions", x));
}

// Handwritten digits, a row of pixels a step: the LSTM example of TensorFlow Lite Micro.
Result<Model> makeLstm(const ZooSettings& settings) {
  LayerBuilder net("LSTM", settings.type, settings.seed);
  Signal x = net.input("fixed_input", {1, settings.height, settings.columns}, 0, 1);
  x = net.lstm("lstm", x, settings.scaled(20));
  x = net.flatten("flatten", x);
  x = net.dense("output", x, settings.classes, Activation::None);
  return std::move(net).finish(net.softmax("predictions", x));
}

// Six inertial readings, sixteen hidden units, four gestures.
Result<Model> makeGesture(const ZooSettings& settings) {
  LayerBuilder net("gesture", settings.type, settings.seed);
  Signal x = net.input("input_1", {1, settings.height}, -4, 4);
  x = net.dense("dense", x, settings.scaled(16), Activation::Relu);
  x = net.dense("dense_1", x, settings.classes, Activation::None);
  return std::move(net).finish(net.softmax("predictions", x));
}

}  // namespace mcuprof
