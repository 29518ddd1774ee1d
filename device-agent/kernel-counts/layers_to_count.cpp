#include "device-agent/kernel-counts/layers_to_count.hpp"

#include <algorithm>
#include <array>
#include <cmath>
#include <cstdint>
#include <random>
#include <utility>

#include "analyzer/model/model_builder.hpp"
#include "analyzer/model/window_positions.hpp"

namespace mcuprof {
namespace {

constexpr float kScale = 0.05F;
constexpr double kWeightScale = 0.01;
/// Standard deviation of a byte whose values are all as likely.
constexpr double kByteDeviation = 74;
/// Standard deviation of outputs, of 255 steps.
constexpr double kOutputDeviation = 40;
/// More MACs cost time and tell nothing new: all kernels are linear in each loop.
constexpr std::int64_t kMostMacs = 250'000;
constexpr std::int64_t kMostElements = 40'000;

class Layers {
 public:
  std::vector<Model> take() && { return std::move(m_models); }

  void convolutions();
  void depthwise();
  void matrices();
  void pools(OpKind kind);
  void pairs();
  void vectors();
  void rows();
  void pads();
  void means();
  void views();

 private:
  using Index = ModelBuilder::TensorIndex;

  /// From `low` to `high`, small values more often than large ones.
  std::int32_t pick(std::int32_t low, std::int32_t high) {
    const double share = static_cast<double>(m_random()) / static_cast<double>(m_random.max());
    const double value = low * std::pow((high + 1.0) / low, share);
    return std::clamp(static_cast<std::int32_t>(value), low, high);
  }
  std::int32_t below(std::int32_t end) {
    return static_cast<std::int32_t>(m_random() % static_cast<std::uint32_t>(end));
  }
  bool oneIn(std::int32_t count) { return below(count) == 0; }
  /// As networks have them: mostly multiples of 4 or 8.
  std::int32_t channels(std::int32_t most) {
    const std::int32_t count = pick(1, most);
    if (oneIn(3) || count < 4) return count;
    return count < 16 || oneIn(2) ? count / 4 * 4 : count / 8 * 8;
  }

  Tensor tensor(Shape shape, float scale = kScale, ElementType type = ElementType::Int8,
                std::int64_t zeroPoint = 3) const {
    Tensor made;
    made.name = "t";
    made.type = type;
    made.shape = std::move(shape);
    if (type == ElementType::Int8) made.quantization = Quantization{{scale}, {zeroPoint}, 0};
    return made;
  }
  std::vector<std::byte> bytes(std::size_t count) {
    std::vector<std::byte> made(count);
    for (std::byte& byte : made) byte = static_cast<std::byte>(m_random() >> 8);
    return made;
  }
  Index weights(ModelBuilder& model, const Shape& shape, std::int32_t dimension, bool perChannel);
  Index bias(ModelBuilder& model, std::int32_t count, bool perChannel);
  void finish(ModelBuilder model, OpKind kind, std::vector<Index> inputs, Tensor output,
              Attributes attributes);
  /// An operator whose inputs all have one shape.
  void elementwise(OpKind kind, std::size_t inputs, const Shape& shape, Tensor output,
                   Attributes attributes = NoAttributes{});
  void convolution(const Shape& in, std::int32_t outputs, std::int32_t groups,
                   const ConvAttributes& attributes, std::int32_t height, std::int32_t width,
                   bool depthwise);
  ConvAttributes window();

  std::minstd_rand m_random{7};
  std::vector<Model> m_models;
};

std::int32_t outputExtent(std::int32_t in, std::int32_t kernel, std::int32_t stride,
                          std::int32_t dilation, Padding padding) {
  return static_cast<std::int32_t>(windowPositions(in, kernel, stride, dilation, padding));
}

/// Scale of sums of `depth` products, for outputs that use their range.
float sumScale(std::int64_t depth) {
  return static_cast<float>(static_cast<double>(kScale) * kWeightScale * kByteDeviation *
                            kByteDeviation * std::sqrt(static_cast<double>(depth)) /
                            kOutputDeviation);
}

Layers::Index Layers::weights(ModelBuilder& model, const Shape& shape, std::int32_t dimension,
                              bool perChannel) {
  Tensor made = tensor(shape);
  const std::int32_t count = perChannel ? shape[static_cast<std::size_t>(dimension)] : 1;
  Quantization quantization;
  quantization.dimension = perChannel ? dimension : 0;
  for (std::int32_t i = 0; i < count; ++i) {
    quantization.scales.push_back(static_cast<float>(kWeightScale * (0.8 + 0.001 * below(400))));
    quantization.zeroPoints.push_back(0);
  }
  made.quantization = std::move(quantization);
  return model.addConstant(std::move(made), bytes(static_cast<std::size_t>(*countElements(shape))));
}

Layers::Index Layers::bias(ModelBuilder& model, std::int32_t count, bool perChannel) {
  std::vector<std::int32_t> values;
  for (std::int32_t i = 0; i < count; ++i) values.push_back(below(4001) - 2000);
  Tensor made = tensor({count}, kScale, ElementType::Int32);
  const auto scales = static_cast<std::size_t>(perChannel ? count : 1);
  made.quantization = Quantization{
      std::vector<float>(scales, static_cast<float>(static_cast<double>(kScale) * kWeightScale)),
      std::vector<std::int64_t>(scales, 0), 0};
  return model.addConstant(std::move(made), littleEndianBytes<std::int32_t>(values));
}

void Layers::finish(ModelBuilder model, OpKind kind, std::vector<Index> inputs, Tensor output,
                    Attributes attributes) {
  Operator op;
  op.kind = kind;
  op.inputs = std::move(inputs);
  const Index to = model.addComputed(std::move(output));
  op.outputs = {to};
  op.attributes = std::move(attributes);
  model.addOperator(std::move(op));
  m_models.push_back(std::move(model).finish({to}));
}

void Layers::convolution(const Shape& in, std::int32_t outputs, std::int32_t groups,
                         const ConvAttributes& attributes, std::int32_t height, std::int32_t width,
                         bool depthwise) {
  const std::int32_t oh =
      outputExtent(in[1], height, attributes.strideH, attributes.dilationH, attributes.padding);
  const std::int32_t ow =
      outputExtent(in[2], width, attributes.strideW, attributes.dilationW, attributes.padding);
  if (oh == 0 || ow == 0) return;
  const std::int32_t depth = depthwise ? 1 : in[3] / groups;
  const std::int64_t macs = std::int64_t{in[0]} * oh * ow * outputs * height * width * depth;
  if (macs > kMostMacs || *countElements(in) > 8 * kMostElements) return;
  ModelBuilder model("count");
  const Index x = model.addInput(tensor(in));
  const Index w = depthwise ? weights(model, {1, height, width, outputs}, 3, true)
                            : weights(model, {outputs, height, width, depth}, 0, true);
  const Index b = bias(model, outputs, true);
  finish(std::move(model), depthwise ? OpKind::DepthwiseConv2d : OpKind::Conv2d, {x, w, b},
         tensor({in[0], oh, ow, outputs}, sumScale(std::int64_t{height} * width * depth)),
         attributes);
}

ConvAttributes Layers::window() {
  ConvAttributes attributes;
  attributes.padding = oneIn(3) ? Padding::Valid : Padding::Same;
  attributes.strideH = oneIn(3) ? pick(1, 4) : 1;
  attributes.strideW = oneIn(5) ? pick(1, 4) : attributes.strideH;
  return attributes;
}

void Layers::convolutions() {
  const auto image = [&](std::int32_t most) {
    return Shape{oneIn(12) ? pick(2, 4) : 1, pick(1, most), pick(1, most), channels(1280)};
  };
  for (const std::size_t end = m_models.size() + 130; m_models.size() < end;) {
    ConvAttributes attributes = window();
    if (oneIn(2)) attributes.strideH = attributes.strideW = 1;
    convolution(image(224), channels(1280), 1, attributes, 1, 1, false);
  }
  for (const std::size_t end = m_models.size() + 220; m_models.size() < end;) {
    Shape in = image(224);
    if (oneIn(3)) in[3] = pick(1, 4);
    ConvAttributes attributes = window();
    const bool flat = oneIn(5);
    if (oneIn(5)) attributes.dilationW = pick(2, 4);
    if (oneIn(8)) attributes.dilationH = pick(2, 4);
    const std::int32_t height = flat ? 1 : pick(1, 11);
    const std::int32_t width = oneIn(2) ? pick(1, 11) : height;
    if (height * width > 1) convolution(in, channels(512), 1, attributes, height, width, false);
  }
  for (const std::size_t end = m_models.size() + 100; m_models.size() < end;) {
    const std::int32_t groups = pick(2, 32);
    Shape in = image(64);
    in[3] = groups * (oneIn(2) ? 4 * pick(1, 8) : pick(1, 24));
    ConvAttributes attributes = window();
    if (oneIn(8)) attributes.dilationW = pick(2, 4);
    convolution(in, groups * pick(1, 24), groups, attributes, pick(1, 5), pick(1, 5), false);
  }
}

void Layers::depthwise() {
  for (const std::size_t end = m_models.size() + 320; m_models.size() < end;) {
    const std::int32_t kind = below(8);
    const std::int32_t multiplier = kind < 5 ? 1 : kind < 7 ? pick(2, 32) : pick(2, 3);
    const std::int32_t height = oneIn(3) ? 3 : pick(1, 11);
    const std::int32_t width = oneIn(3) ? pick(3, 11) : height;
    ConvAttributes attributes = window();
    attributes.depthMultiplier = multiplier;
    if (oneIn(8)) attributes.dilationH = attributes.dilationW = pick(2, 4);
    Shape in{oneIn(12) ? pick(2, 4) : 1, pick(1, 224), pick(1, 224), channels(1280)};
    if (oneIn(8)) in[3] = pick(1, 3);
    if (multiplier == 1 && in[3] < 4 && oneIn(2)) in[3] += 4;
    convolution(in, in[3] * multiplier, 1, attributes, height, width, true);
  }
}

void Layers::matrices() {
  for (int i = 0; i < 140; ++i) {
    const bool perChannel = i % 2 != 0;
    const std::int32_t rows = oneIn(5) ? pick(2, 16) : 1;
    const std::int32_t depth = pick(1, 4096);
    const std::int32_t outputs =
        std::min(pick(1, 1024), std::max<std::int32_t>(1, 400'000 / depth / rows));
    ModelBuilder model("count");
    const Index x = model.addInput(tensor({rows, depth}));
    const Index w = weights(model, {outputs, depth}, 0, perChannel);
    const Index b = bias(model, outputs, perChannel);
    finish(std::move(model), OpKind::FullyConnected, {x, w, b},
           tensor({rows, outputs}, sumScale(depth)), FullyConnectedAttributes{});
  }
}

void Layers::pools(OpKind kind) {
  for (const std::size_t end = m_models.size() + 110; m_models.size() < end;) {
    const Shape in{oneIn(12) ? pick(2, 4) : 1, pick(1, 112), pick(1, 112), channels(1280)};
    PoolAttributes attributes;
    attributes.padding = oneIn(2) ? Padding::Same : Padding::Valid;
    attributes.filterH = oneIn(6) ? in[1] : pick(1, 12);
    attributes.filterW = oneIn(6) ? in[2] : oneIn(2) ? pick(1, 12) : attributes.filterH;
    attributes.strideH = pick(1, 8);
    attributes.strideW = oneIn(4) ? pick(1, 8) : attributes.strideH;
    const std::int32_t oh =
        outputExtent(in[1], attributes.filterH, attributes.strideH, 1, attributes.padding);
    const std::int32_t ow =
        outputExtent(in[2], attributes.filterW, attributes.strideW, 1, attributes.padding);
    const std::int64_t taps =
        std::int64_t{in[0]} * oh * ow * attributes.filterH * attributes.filterW * in[3];
    if (taps == 0 || taps > kMostMacs || *countElements(in) > 8 * kMostElements) continue;
    ModelBuilder model("count");
    const Index x = model.addInput(tensor(in));
    finish(std::move(model), kind, {x}, tensor({in[0], oh, ow, in[3]}), attributes);
  }
}

void Layers::elementwise(OpKind kind, std::size_t inputs, const Shape& shape, Tensor output,
                         Attributes attributes) {
  ModelBuilder model("count");
  std::vector<Index> from;
  for (std::size_t i = 0; i < inputs; ++i) {
    const bool isFloat = kind == OpKind::Quantize;
    from.push_back(
        model.addInput(tensor(shape, kScale, isFloat ? ElementType::Float32 : ElementType::Int8)));
  }
  finish(std::move(model), kind, std::move(from), std::move(output), std::move(attributes));
}

void Layers::pairs() {
  for (const OpKind kind : {OpKind::Add, OpKind::Sub, OpKind::Mul}) {
    for (int i = 0; i < 32; ++i) {
      const Shape shape{1, pick(1, kMostElements)};
      elementwise(kind, 2, shape, tensor(shape, kind == OpKind::Mul ? 0.2F : 0.08F),
                  ArithmeticAttributes{});
    }
  }
}

void Layers::vectors() {
  for (int i = 0; i < 32; ++i) {
    const Shape shape{1, pick(1, kMostElements)};
    elementwise(OpKind::Relu, 1, shape, tensor(shape));
    elementwise(OpKind::LeakyRelu, 1, shape, tensor(shape), LeakyReluAttributes{0.1F});
    elementwise(OpKind::Logistic, 1, shape, tensor(shape, 1.0F / 256, ElementType::Int8, -128));
    elementwise(OpKind::Quantize, 1, shape, tensor(shape));
    elementwise(OpKind::Dequantize, 1, shape, tensor(shape, 1, ElementType::Float32));
    ModelBuilder model("count");
    const Index x = model.addInput(tensor(shape));
    const std::array<std::int32_t, 1> flat{shape[1]};
    const Index to = model.addParameter("shape", {1}, flat);
    finish(std::move(model), OpKind::Reshape, {x, to}, tensor({shape[1]}), DimensionsAttributes{});
  }
}

void Layers::rows() {
  for (int i = 0; i < 60; ++i) {
    const Shape shape{oneIn(2) ? 1 : pick(2, 64), pick(1, 1000)};
    elementwise(OpKind::Softmax, 1, shape, tensor(shape, 1.0F / 256, ElementType::Int8, -128),
                SoftmaxAttributes{});
  }
}

void Layers::pads() {
  for (const std::size_t end = m_models.size() + 110; m_models.size() < end;) {
    const Shape in{oneIn(12) ? pick(2, 3) : 1, pick(1, 112), pick(1, 112), channels(256)};
    const bool isChannels = oneIn(5);
    std::array<std::int32_t, 8> values{};
    for (std::size_t i = 2; i < (isChannels ? 8U : 6U); ++i) values[i] = below(5);
    Shape out = in;
    for (std::size_t i = 0; i < 4; ++i) out[i] += values[2 * i] + values[2 * i + 1];
    if (*countElements(out) > kMostElements) continue;
    ModelBuilder model("count");
    const Index x = model.addInput(tensor(in));
    const Index paddings = model.addParameter("paddings", {4, 2}, values);
    finish(std::move(model), OpKind::Pad, {x, paddings}, tensor(out), NoAttributes{});
  }
}

void Layers::means() {
  for (const std::size_t end = m_models.size() + 80; m_models.size() < end;) {
    const Shape in{oneIn(8) ? pick(2, 4) : 1, pick(1, 64), pick(1, 64), channels(1280)};
    if (*countElements(in) > kMostElements) continue;
    std::vector<std::int32_t> axes{1, 2};
    if (oneIn(3)) axes = {1 + below(3)};
    Shape out;
    for (std::int32_t i = 0; i < 4; ++i) {
      if (std::ranges::find(axes, i) == axes.end()) out.push_back(in[static_cast<std::size_t>(i)]);
    }
    ModelBuilder model("count");
    const Index x = model.addInput(tensor(in));
    const Index over = model.addParameter("axes", {static_cast<std::int32_t>(axes.size())}, axes);
    finish(std::move(model), OpKind::Mean, {x, over}, tensor(out, kScale / 2), ReduceAttributes{});
  }
}

void Layers::views() {
  constexpr std::array<std::array<std::int32_t, 4>, 6> kOrders = {
      {{0, 2, 1, 3}, {0, 3, 1, 2}, {0, 2, 3, 1}, {0, 1, 3, 2}, {3, 1, 2, 0}, {1, 0, 2, 3}}};
  for (const std::size_t end = m_models.size() + 60; m_models.size() < end;) {
    const Shape in{oneIn(4) ? pick(2, 4) : 1, pick(1, 64), pick(1, 64), channels(128)};
    if (*countElements(in) > kMostElements) continue;
    const auto& order = kOrders[static_cast<std::size_t>(below(6))];
    Shape out;
    for (const std::int32_t axis : order) out.push_back(in[static_cast<std::size_t>(axis)]);
    ModelBuilder model("count");
    const Index x = model.addInput(tensor(in));
    const Index to = model.addParameter("order", {4}, order);
    finish(std::move(model), OpKind::Transpose, {x, to}, tensor(out), NoAttributes{});
  }
}

}  // namespace

std::vector<Model> layersToCount() {
  Layers layers;
  layers.convolutions();
  layers.depthwise();
  layers.matrices();
  layers.pools(OpKind::AveragePool2d);
  layers.pools(OpKind::MaxPool2d);
  layers.pairs();
  layers.vectors();
  layers.rows();
  layers.pads();
  layers.means();
  layers.views();
  return std::move(layers).take();
}

}  // namespace mcuprof
