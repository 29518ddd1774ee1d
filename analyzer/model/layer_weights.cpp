#include <algorithm>
#include <cmath>
#include <span>
#include <utility>

#include "analyzer/model/layer_builder.hpp"

namespace mcuprof {
namespace {

/// Standard deviation that a layer's sums should have. ReLU6 clips at 6, so 2 uses its range
/// without flattening it; sums before a softmax are wider so that classes differ.
double spreadOf(OpKind kind, Activation activation) {
  if (activation == Activation::Relu6) return 2;
  if (kind == OpKind::FullyConnected && activation == Activation::None) return 2;
  return 1;
}

}  // namespace

LayerBuilder::Weights LayerBuilder::weights(std::string_view name, const Shape& shape,
                                            int channelDimension, bool perChannel,
                                            double deviation) {
  Tensor tensor;
  tensor.name = name;
  tensor.type = quantized() ? ElementType::Int8 : ElementType::Float32;
  tensor.shape = shape;
  const std::int64_t count = *countElements(shape);
  const std::int64_t channels = shape[static_cast<std::size_t>(channelDimension)];
  const std::int64_t inner = channelDimension == 0 ? count / channels : 1;

  // 127 steps reach the limit of a uniform distribution, sqrt(3) deviations. Channels differ in
  // scale as trained ones do.
  std::vector<float> scales;
  for (std::int64_t i = 0; i < (perChannel ? channels : 1); ++i) {
    const double factor = perChannel ? m_random.real(0.75, 1.25) : 1;
    scales.push_back(static_cast<float>(std::sqrt(3.0) * deviation * factor / 127));
  }
  m_weightBytes += count * (quantized() ? 1 : 4);
  std::vector<std::int8_t> steps;
  std::vector<float> reals;
  if (m_weightBytes <= kMostBytes) {
    steps.reserve(quantized() ? static_cast<std::size_t>(count) : 0);
    reals.reserve(quantized() ? 0 : static_cast<std::size_t>(count));
    for (std::int64_t i = 0; i < count; ++i) {
      const std::int32_t step = m_random.integer(-127, 127);
      if (quantized()) {
        steps.push_back(static_cast<std::int8_t>(step));
      } else {
        const std::int64_t channel = perChannel ? i / inner % channels : 0;
        reals.push_back(static_cast<float>(step) * scales[static_cast<std::size_t>(channel)]);
      }
    }
  }
  if (!quantized()) {
    const auto bytes = littleEndianBytes(std::span<const float>(reals));
    return {m_builder.addConstant(std::move(tensor), bytes), {}};
  }
  tensor.quantization = Quantization{scales, std::vector<std::int64_t>(scales.size(), 0),
                                     perChannel ? channelDimension : 0};
  const auto bytes = littleEndianBytes(std::span<const std::int8_t>(steps));
  return {m_builder.addConstant(std::move(tensor), bytes), std::move(scales)};
}

ModelBuilder::TensorIndex LayerBuilder::bias(std::string_view name, std::int32_t count,
                                             const Signal& x, const Weights& weights, double center,
                                             double deviation) {
  std::vector<float> reals;
  for (std::int32_t i = 0; i < count; ++i) {
    reals.push_back(static_cast<float>(center + m_random.real(-deviation, deviation)));
  }
  Tensor tensor;
  tensor.name = name;
  tensor.shape = {count};
  if (!quantized()) {
    tensor.type = ElementType::Float32;
    return m_builder.addConstant(std::move(tensor),
                                 littleEndianBytes(std::span<const float>(reals)));
  }
  Quantization quantization;
  for (const float scale : weights.scales) quantization.scales.push_back(x.scale * scale);
  quantization.zeroPoints.assign(quantization.scales.size(), 0);
  std::vector<std::int64_t> steps;
  for (std::size_t i = 0; i < reals.size(); ++i) {
    const double scale = quantization.scales[quantization.scales.size() == 1 ? 0 : i];
    steps.push_back(std::llround(std::clamp(reals[i] / scale, -2147483647.0, 2147483647.0)));
  }
  tensor.quantization = std::move(quantization);
  if (m_type == ElementType::Int16) {
    tensor.type = ElementType::Int64;
    return m_builder.addConstant(std::move(tensor),
                                 littleEndianBytes(std::span<const std::int64_t>(steps)));
  }
  tensor.type = ElementType::Int32;
  std::vector<std::int32_t> narrow;
  for (const std::int64_t step : steps) narrow.push_back(static_cast<std::int32_t>(step));
  return m_builder.addConstant(std::move(tensor),
                               littleEndianBytes(std::span<const std::int32_t>(narrow)));
}

Signal LayerBuilder::weighted(std::string_view name, OpKind kind, const Signal& x,
                              const Shape& filter, int channelDimension, Shape shape,
                              Attributes attributes, Activation activation) {
  const std::int32_t channels = filter[static_cast<std::size_t>(channelDimension)];
  const auto fanIn = static_cast<double>(*countElements(filter) / channels);
  const double spread = spreadOf(kind, activation);
  const double deviation = spread / std::sqrt(fanIn * x.meanSquare);
  const bool perChannel = kind != OpKind::FullyConnected;
  const Weights w =
      weights(partOf(name, "weights"), filter, channelDimension, perChannel, deviation);
  const ModelBuilder::TensorIndex b = bias(partOf(name, "bias"), channels, x, w, 0, 0.3 * spread);
  Signal y = activated(name, std::move(shape), spread, activation);
  append(kind, {x.tensor, w.tensor, b}, y, std::move(attributes));
  return y;
}

Signal LayerBuilder::conv2d(std::string_view name, const Signal& x, std::int32_t filters,
                            const Window& window, Activation activation) {
  ConvAttributes attributes;
  attributes.padding = window.padding;
  attributes.strideH = window.strideH;
  attributes.strideW = window.strideW;
  attributes.activation = activation;
  const Shape shape = window.outputOf(x.shape, filters);
  return weighted(name, OpKind::Conv2d, x, {filters, window.height, window.width, x.shape[3]}, 0,
                  shape, attributes, activation);
}

Signal LayerBuilder::depthwiseConv2d(std::string_view name, const Signal& x, const Window& window,
                                     Activation activation) {
  ConvAttributes attributes;
  attributes.padding = window.padding;
  attributes.strideH = window.strideH;
  attributes.strideW = window.strideW;
  attributes.depthMultiplier = 1;
  attributes.activation = activation;
  const Shape shape = window.outputOf(x.shape, x.shape[3]);
  return weighted(name, OpKind::DepthwiseConv2d, x, {1, window.height, window.width, x.shape[3]}, 3,
                  shape, attributes, activation);
}

Signal LayerBuilder::dense(std::string_view name, const Signal& x, std::int32_t units,
                           Activation activation) {
  FullyConnectedAttributes attributes;
  attributes.activation = activation;
  return weighted(name, OpKind::FullyConnected, x, {units, x.shape.back()}, 0, {x.shape[0], units},
                  attributes, activation);
}

}  // namespace mcuprof
