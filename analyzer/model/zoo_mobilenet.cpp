#include <algorithm>
#include <array>
#include <string>

#include "analyzer/model/layer_builder.hpp"
#include "analyzer/model/zoo_networks.hpp"

namespace mcuprof {
namespace {

constexpr Window kPointwise{1, 1, 1, 1, Padding::Same};

Window square(std::int32_t extent, std::int32_t stride, Padding padding) {
  return {extent, extent, stride, stride, padding};
}

/// The nearest multiple of 8 that does not take away more than a tenth: MobileNetV2's
/// `_make_divisible`.
std::int32_t divisibleBy8(double filters) {
  const std::int32_t nearest = std::max(8, static_cast<std::int32_t>(filters + 4) / 8 * 8);
  return nearest < 0.9 * filters ? nearest + 8 : nearest;
}

/// Keras pads before a 3x3 convolution of stride 2 so that the last row and column are met (its
/// `correct_pad`): one side only where the extent is even.
Signal padBeforeStride2(LayerBuilder& net, const std::string& name, const Signal& x) {
  const std::int32_t top = x.shape[1] % 2;
  const std::int32_t left = x.shape[2] % 2;
  return net.padImage(name, x, top, 1, left, 1);
}

}  // namespace

// MLPerf Tiny's visual wake words network: MobileNetV1 with ReLU, all paddings "same".
Result<Model> makeMobilenetV1(const ZooSettings& settings) {
  struct Block {
    std::int32_t filters;
    std::int32_t stride;
  };
  constexpr std::array<Block, 13> kBlocks{{{64, 1},
                                           {128, 2},
                                           {128, 1},
                                           {256, 2},
                                           {256, 1},
                                           {512, 2},
                                           {512, 1},
                                           {512, 1},
                                           {512, 1},
                                           {512, 1},
                                           {512, 1},
                                           {1024, 2},
                                           {1024, 1}}};

  LayerBuilder net("MobileNetV1", settings.type, settings.seed);
  Signal x = net.input("input_1", {1, settings.height, settings.columns, 3}, 0, 1);
  x = net.conv2d("conv1_relu", x, settings.scaled(32), square(3, 2, Padding::Same),
                 Activation::Relu);
  for (std::size_t i = 0; i < kBlocks.size(); ++i) {
    const std::string number = std::to_string(i + 1);
    x = net.depthwiseConv2d("conv_dw_" + number + "_relu", x,
                            square(3, kBlocks[i].stride, Padding::Same), Activation::Relu);
    x = net.conv2d("conv_pw_" + number + "_relu", x, settings.scaled(kBlocks[i].filters),
                   kPointwise, Activation::Relu);
  }
  x = net.averagePool2d("average_pooling2d", x,
                        {x.shape[1], x.shape[2], x.shape[1], x.shape[2], Padding::Valid});
  x = net.flatten("flatten", x);
  x = net.dense("dense", x, settings.classes, Activation::None);
  return std::move(net).finish(net.softmax("predictions", x));
}

// keras.applications.MobileNetV2 with its top.
Result<Model> makeMobilenetV2(const ZooSettings& settings) {
  struct Stage {
    std::int32_t expansion;
    std::int32_t filters;
    std::int32_t blocks;
    std::int32_t stride;
  };
  constexpr std::array<Stage, 7> kStages{{{1, 16, 1, 1},
                                          {6, 24, 2, 2},
                                          {6, 32, 3, 2},
                                          {6, 64, 4, 2},
                                          {6, 96, 3, 1},
                                          {6, 160, 3, 2},
                                          {6, 320, 1, 1}}};

  LayerBuilder net("MobileNetV2", settings.type, settings.seed);
  Signal x = net.input("input_1", {1, settings.height, settings.columns, 3}, -1, 1);
  x = net.conv2d("Conv1_relu", x, divisibleBy8(32 * settings.width), square(3, 2, Padding::Same),
                 Activation::Relu6);
  std::int32_t block = 0;
  for (const Stage& stage : kStages) {
    for (std::int32_t i = 0; i < stage.blocks; ++i, ++block) {
      const std::string name =
          block == 0 ? "expanded_conv_" : "block_" + std::to_string(block) + "_";
      const std::int32_t stride = i == 0 ? stage.stride : 1;
      const std::int32_t filters =
          divisibleBy8(static_cast<std::int32_t>(stage.filters * settings.width));
      const Signal entry = x;
      if (block > 0) {
        x = net.conv2d(name + "expand_relu", x, stage.expansion * x.shape[3], kPointwise,
                       Activation::Relu6);
      }
      if (stride == 2) x = padBeforeStride2(net, name + "pad", x);
      x = net.depthwiseConv2d(name + "depthwise_relu", x,
                              square(3, stride, stride == 2 ? Padding::Valid : Padding::Same),
                              Activation::Relu6);
      x = net.conv2d(name + "project_BN", x, filters, kPointwise, Activation::None);
      if (stride == 1 && entry.shape[3] == filters) {
        x = net.add(name + "add", entry, x, Activation::None);
      }
    }
  }
  // Narrow variants keep the full last layer.
  const std::int32_t last = settings.width > 1 ? divisibleBy8(1280 * settings.width) : 1280;
  x = net.conv2d("out_relu", x, last, kPointwise, Activation::Relu6);
  x = net.meanOfImage("global_average_pooling2d", x);
  x = net.dense("logits", x, settings.classes, Activation::None);
  return std::move(net).finish(net.softmax("predictions", x));
}

}  // namespace mcuprof
