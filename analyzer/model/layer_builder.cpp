#include "analyzer/model/layer_builder.hpp"

#include <algorithm>
#include <array>
#include <cassert>
#include <cmath>
#include <utility>

#include "analyzer/base/quantity.hpp"
#include "analyzer/model/window_positions.hpp"

namespace mcuprof {
namespace {

using TensorIndex = ModelBuilder::TensorIndex;

std::int32_t outputExtent(std::int32_t input, std::int32_t filter, std::int32_t stride,
                          Padding padding) {
  const std::int64_t positions = windowPositions(input, filter, stride, 1, padding);
  assert(positions >= 1);
  return static_cast<std::int32_t>(positions);
}

}  // namespace

Shape Window::outputOf(const Shape& image, std::int32_t channels) const {
  return {image[0], outputExtent(image[1], height, strideH, padding),
          outputExtent(image[2], width, strideW, padding), channels};
}

std::string LayerBuilder::partOf(std::string_view name, std::string_view part) {
  return std::string(name) + "/" + std::string(part);
}

LayerBuilder::LayerBuilder(std::string description, ElementType type, std::uint64_t seed)
    : m_builder(std::move(description)), m_type(type), m_random(seed) {
  assert(type == ElementType::Int8 || type == ElementType::Int16 || type == ElementType::Float32);
}

// The version from which runtimes know the operator with this type, as the converter writes it
// (GetBuiltinOperatorVersion in tensorflow/compiler/mlir/lite/tools/versioning/op_version.cc). For
// 16-bit activations with 8-bit weights converters differ; these are the versions that brought 16
// bits.
std::int32_t LayerBuilder::versionOf(OpKind kind) const {
  const bool wide = m_type == ElementType::Int16;
  switch (quantized() ? kind : OpKind::Reshape) {
    case OpKind::Conv2d:
      return wide ? 4 : 3;
    case OpKind::DepthwiseConv2d:
      return wide ? 5 : 3;
    case OpKind::FullyConnected:
      return wide ? 7 : 4;
    case OpKind::Add:
    case OpKind::AveragePool2d:
    case OpKind::MaxPool2d:
    case OpKind::Mean:
    case OpKind::Pad:
    case OpKind::Softmax:
      return wide ? 3 : 2;
    default:
      return 1;
  }
}

Signal LayerBuilder::quantizedOver(Signal signal, double low, double high) const {
  signal.low = low;
  signal.high = high;
  if (m_type == ElementType::Int16) {
    signal.scale = static_cast<float>(std::max(-low, high) / 32767);
    signal.zeroPoint = 0;
  } else if (m_type == ElementType::Int8) {
    signal.scale = static_cast<float>((high - low) / 255);
    signal.zeroPoint = std::clamp(std::llround(-128 - low / signal.scale), -128LL, 127LL);
  }
  return signal;
}

Tensor LayerBuilder::describe(std::string_view name, const Signal& signal) const {
  Tensor tensor;
  tensor.name = name;
  tensor.type = m_type;
  tensor.shape = signal.shape;
  if (quantized()) tensor.quantization = Quantization{{signal.scale}, {signal.zeroPoint}, 0};
  return tensor;
}

void LayerBuilder::append(OpKind kind, std::vector<std::int32_t> inputs, const Signal& output,
                          Attributes attributes) {
  Operator op;
  op.kind = kind;
  op.version = versionOf(kind);
  op.inputs = std::move(inputs);
  op.outputs = {output.tensor};
  op.attributes = std::move(attributes);
  m_builder.addOperator(std::move(op));
}

Signal LayerBuilder::input(std::string_view name, Shape shape, double low, double high) {
  Signal signal;
  signal.shape = std::move(shape);
  signal.mean = (low + high) / 2;
  signal.meanSquare = (low * low + low * high + high * high) / 3;
  signal = quantizedOver(std::move(signal), low, high);
  signal.tensor = m_builder.addInput(describe(name, signal));
  return signal;
}

Signal LayerBuilder::likeInput(std::string_view name, const Signal& x, Shape shape) {
  Signal signal = x;
  signal.shape = std::move(shape);
  signal.tensor = m_builder.addComputed(describe(name, signal));
  return signal;
}

Signal LayerBuilder::activated(std::string_view name, Shape shape, double spread,
                               Activation activation) {
  Signal signal;
  signal.shape = std::move(shape);
  double low = 0;
  double high = 4 * spread;
  if (activation == Activation::None) {
    // Calibrated ranges are never quite symmetric.
    low = -4 * spread * m_random.real(0.85, 1);
    high *= m_random.real(0.85, 1);
    signal.mean = 0;
    signal.meanSquare = spread * spread;
  } else {
    // The upper half of a normal distribution.
    if (activation == Activation::Relu6) high = 6;
    signal.mean = 0.4 * spread;
    signal.meanSquare = 0.5 * spread * spread;
  }
  signal = quantizedOver(std::move(signal), low, high);
  signal.tensor = m_builder.addComputed(describe(name, signal));
  return signal;
}

Signal LayerBuilder::add(std::string_view name, const Signal& a, const Signal& b,
                         Activation activation) {
  const double spread = std::sqrt(a.meanSquare + b.meanSquare + 2 * a.mean * b.mean);
  const Signal y = activated(name, a.shape, spread, activation);
  ArithmeticAttributes attributes;
  attributes.activation = activation;
  attributes.potScaleInt16 = m_type != ElementType::Int16;
  append(OpKind::Add, {a.tensor, b.tensor}, y, attributes);
  return y;
}

Signal LayerBuilder::padImage(std::string_view name, const Signal& x, std::int32_t top,
                              std::int32_t bottom, std::int32_t left, std::int32_t right) {
  const std::array<std::int32_t, 8> values{0, 0, top, bottom, left, right, 0, 0};
  const TensorIndex paddings = m_builder.addParameter(partOf(name, "paddings"), {4, 2}, values);
  const Signal y = likeInput(
      name, x, {x.shape[0], x.shape[1] + top + bottom, x.shape[2] + left + right, x.shape[3]});
  append(OpKind::Pad, {x.tensor, paddings}, y);
  return y;
}

Signal LayerBuilder::meanOfImage(std::string_view name, const Signal& x) {
  const std::array<std::int32_t, 2> values{1, 2};
  const TensorIndex axes = m_builder.addParameter(partOf(name, "axes"), {2}, values);
  Signal y = x;
  y.shape = {x.shape[0], x.shape[3]};
  // Averages lie between the square of the mean, were all channels alike, and the mean square.
  y.meanSquare = 0.6 * x.meanSquare;
  const double reach = 4 * std::sqrt(y.meanSquare);
  y = quantizedOver(std::move(y), std::max(x.low, -reach), std::min(x.high, reach));
  y.tensor = m_builder.addComputed(describe(name, y));
  append(OpKind::Mean, {x.tensor, axes}, y, ReduceAttributes{false});
  return y;
}

Signal LayerBuilder::pool(std::string_view name, OpKind kind, const Signal& x,
                          const Window& window) {
  PoolAttributes attributes;
  attributes.padding = window.padding;
  attributes.strideH = window.strideH;
  attributes.strideW = window.strideW;
  attributes.filterH = window.height;
  attributes.filterW = window.width;
  const Signal y = likeInput(name, x, window.outputOf(x.shape, x.shape[3]));
  append(kind, {x.tensor}, y, attributes);
  return y;
}

Signal LayerBuilder::averagePool2d(std::string_view name, const Signal& x, const Window& window) {
  Signal y = pool(name, OpKind::AveragePool2d, x, window);
  y.meanSquare *= 0.6;
  return y;
}

Signal LayerBuilder::maxPool2d(std::string_view name, const Signal& x, const Window& window) {
  Signal y = pool(name, OpKind::MaxPool2d, x, window);
  y.meanSquare *= 1.3;
  return y;
}

Signal LayerBuilder::reshape(std::string_view name, const Signal& x, Shape shape) {
  assert(*countElements(shape) == *countElements(x.shape));
  // The converter leaves the batch open.
  Shape written = shape;
  written[0] = -1;
  const TensorIndex target = m_builder.addParameter(
      partOf(name, "shape"), {static_cast<std::int32_t>(written.size())}, written);
  const Signal y = likeInput(name, x, std::move(shape));
  append(OpKind::Reshape, {x.tensor, target}, y, DimensionsAttributes{});
  return y;
}

Signal LayerBuilder::flatten(std::string_view name, const Signal& x) {
  return reshape(name, x,
                 {x.shape[0], static_cast<std::int32_t>(*countElements(x.shape) / x.shape[0])});
}

Signal LayerBuilder::expandDims(std::string_view name, const Signal& x, std::int32_t axis) {
  const std::array<std::int32_t, 1> values{axis};
  const TensorIndex dimension = m_builder.addParameter(partOf(name, "dim"), {}, values);
  Shape shape = x.shape;
  shape.insert(shape.begin() + axis, 1);
  const Signal y = likeInput(name, x, std::move(shape));
  append(OpKind::ExpandDims, {x.tensor, dimension}, y);
  return y;
}

Signal LayerBuilder::softmax(std::string_view name, const Signal& x) {
  Signal y;
  y.shape = x.shape;
  y.high = 1;
  // Fixed by the operator's quantisation specification, not calibrated.
  y.scale = m_type == ElementType::Int16 ? 0x1p-15F : 0x1p-8F;
  y.zeroPoint = m_type == ElementType::Int16 ? 0 : -128;
  y.tensor = m_builder.addComputed(describe(name, y));
  append(OpKind::Softmax, {x.tensor}, y, SoftmaxAttributes{});
  return y;
}

Result<Model> LayerBuilder::finish(const Signal& output) && {
  if (m_weightBytes > kMostBytes) {
    return Error{"", "the network would have " + std::to_string(m_weightBytes) +
                         " bytes of weights; the zoo makes at most " + std::to_string(kMostBytes)};
  }
  // What the converter writes for the operators' versions used here.
  if (m_type == ElementType::Int8) {
    m_builder.addMetadata("min_runtime_version",
                          std::string_view("1.14.0\0\0\0\0\0\0\0\0\0\0", 16));
  }
  return std::move(m_builder).finish({output.tensor});
}

}  // namespace mcuprof
