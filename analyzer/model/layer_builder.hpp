#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "analyzer/base/result.hpp"
#include "analyzer/model/model_builder.hpp"
#include "analyzer/model/random_weights.hpp"

namespace mcuprof {

/// What flows between layers: a tensor, how its numbers are stored, and what is expected of its
/// values. `mean` and `meanSquare` are estimates of the real values; weights are drawn so that they
/// stay moderate through the depth of a network, and scales are chosen from them, as calibration
/// would.
struct Signal {
  ModelBuilder::TensorIndex tensor = -1;
  Shape shape;
  float scale = 0;
  std::int64_t zeroPoint = 0;
  double low = 0;
  double high = 0;
  double mean = 0;
  double meanSquare = 0;
};

/// Shape of a convolution or pooling window, "same" as in TensorFlow.
struct Window {
  std::int32_t height = 1;
  std::int32_t width = 1;
  std::int32_t strideH = 1;
  std::int32_t strideW = 1;
  Padding padding = Padding::Same;

  /// [batch, height, width, `channels`] of what comes out when the window slides over `image`.
  Shape outputOf(const Shape& image, std::int32_t channels) const;
};

/// Puts layers of a network together as the TFLite converter leaves them after full-integer
/// quantisation: batch normalisation folded into weights and bias, activations fused, weights of
/// convolutions quantised per output channel and of matrices per tensor, biases of 32 bits with the
/// scale input times weight. With Int16 activations weights stay 8 bits and biases have 64; with
/// Float32 nothing is quantised.
///
/// Weights are uniform with zero mean and the variance that gives outputs a standard deviation of
/// `spread` (He et al. 2015), so that outputs use their range and requantisation multiplies by less
/// than 1. Each layer is named as the Keras layer it stands for.
class LayerBuilder {
 public:
  LayerBuilder(std::string description, ElementType type, std::uint64_t seed);

  /// Real values from `low` to `high`, uniform.
  Signal input(std::string_view name, Shape shape, double low, double high);

  Signal conv2d(std::string_view name, const Signal& x, std::int32_t filters, const Window& window,
                Activation activation);
  Signal depthwiseConv2d(std::string_view name, const Signal& x, const Window& window,
                         Activation activation);
  Signal dense(std::string_view name, const Signal& x, std::int32_t units, Activation activation);
  /// Long short-term memory over [1, steps, features] from zero state; gives every step's output.
  Signal lstm(std::string_view name, const Signal& x, std::int32_t units);

  Signal add(std::string_view name, const Signal& a, const Signal& b, Activation activation);
  /// Rows and columns of zero around height and width.
  Signal padImage(std::string_view name, const Signal& x, std::int32_t top, std::int32_t bottom,
                  std::int32_t left, std::int32_t right);
  /// GlobalAveragePooling2D, which becomes MEAN.
  Signal meanOfImage(std::string_view name, const Signal& x);
  Signal averagePool2d(std::string_view name, const Signal& x, const Window& window);
  Signal maxPool2d(std::string_view name, const Signal& x, const Window& window);
  Signal reshape(std::string_view name, const Signal& x, Shape shape);
  Signal flatten(std::string_view name, const Signal& x);
  Signal expandDims(std::string_view name, const Signal& x, std::int32_t axis);
  Signal softmax(std::string_view name, const Signal& x);

  /// The model, or why it would be too large to make.
  Result<Model> finish(const Signal& output) &&;

 private:
  struct Weights {
    ModelBuilder::TensorIndex tensor = -1;
    std::vector<float> scales;  ///< one, or one a channel; empty when not quantised
  };

  /// "conv1/bias" of "conv1".
  static std::string partOf(std::string_view name, std::string_view part);
  bool quantized() const { return m_type != ElementType::Float32; }
  std::int32_t versionOf(OpKind kind) const;
  Signal quantizedOver(Signal signal, double low, double high) const;
  Tensor describe(std::string_view name, const Signal& signal) const;
  /// The same kind of values as `x` in another shape.
  Signal likeInput(std::string_view name, const Signal& x, Shape shape);
  /// What comes out of a sum with this standard deviation and an activation.
  Signal activated(std::string_view name, Shape shape, double spread, Activation activation);

  Weights weights(std::string_view name, const Shape& shape, int channelDimension, bool perChannel,
                  double deviation);
  ModelBuilder::TensorIndex bias(std::string_view name, std::int32_t count, const Signal& x,
                                 const Weights& weights, double center, double deviation);
  Signal weighted(std::string_view name, OpKind kind, const Signal& x, const Shape& filter,
                  int channelDimension, Shape shape, Attributes attributes, Activation activation);
  Signal pool(std::string_view name, OpKind kind, const Signal& x, const Window& window);
  void append(OpKind kind, std::vector<std::int32_t> inputs, const Signal& output,
              Attributes attributes = NoAttributes{});

  ModelBuilder m_builder;
  ElementType m_type;
  RandomStream m_random;
  static constexpr std::int64_t kMostBytes = 64 * 1024 * 1024;
  std::int64_t m_weightBytes = 0;  ///< asked for; beyond kMostBytes no more are made
};

}  // namespace mcuprof
