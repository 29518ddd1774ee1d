#include "analyzer/model/zoo.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <charconv>
#include <cmath>

#include "analyzer/model/zoo_networks.hpp"

namespace mcuprof {
namespace {

constexpr std::int32_t kLargestExtent = 4096;
constexpr std::int32_t kMostClasses = 100'000;
constexpr double kLargestWidth = 8;

/// What `--input` means for a network.
enum class InputKind : std::uint8_t { Image, Sequence, Vector };

struct Network {
  ZooEntry entry;
  InputKind input;
  std::int32_t first;
  std::int32_t second;
  std::int32_t smallest;        ///< of `first`
  std::int32_t smallestSecond;  ///< of `second`
  bool offersInt16;
  Result<Model> (*make)(const ZooSettings&);
};

constexpr std::string_view kImage = "N or HxW (pixels)";
constexpr std::string_view kSequence = "N or NxF (steps, features a step)";
constexpr std::string_view kVector = "N (features)";

// By name.
constexpr std::array<Network, 8> kNetworks{{
    {{"cnn_1d", "1-D CNN on inertial data (human activity, 2 convolutions)", 1, "128x9", kSequence,
      6},
     InputKind::Sequence,
     128,
     9,
     6,
     1,
     true,
     makeCnn1d},
    {{"ds_cnn", "depthwise separable CNN, MLPerf Tiny keyword spotting", 1, "49x10", kImage, 12},
     InputKind::Image,
     49,
     10,
     2,
     2,
     true,
     makeDsCnn},
    {{"fc_autoencoder", "dense autoencoder, MLPerf Tiny anomaly detection", 1, "640", kVector, 0},
     InputKind::Vector,
     640,
     0,
     1,
     0,
     true,
     makeFcAutoencoder},
    {{"gesture", "two dense layers 6-16-4", 1, "6", kVector, 4},
     InputKind::Vector,
     6,
     0,
     1,
     0,
     true,
     makeGesture},
    {{"lstm", "LSTM over rows of digits, TensorFlow Lite Micro's example", 1, "28x28", kSequence,
      10},
     InputKind::Sequence,
     28,
     28,
     1,
     1,
     false,
     makeLstm},
    {{"mobilenet_v1", "MobileNetV1, MLPerf Tiny visual wake words", 0.25, "96", kImage, 2},
     InputKind::Image,
     96,
     96,
     1,
     1,
     true,
     makeMobilenetV1},
    {{"mobilenet_v2", "MobileNetV2 of Keras applications", 0.35, "128", kImage, 1000},
     InputKind::Image,
     128,
     128,
     1,
     1,
     true,
     makeMobilenetV2},
    {{"resnet8", "ResNet8, MLPerf Tiny image classification", 1, "32", kImage, 10},
     InputKind::Image,
     32,
     32,
     1,
     1,
     true,
     makeResnet8},
}};

constexpr auto kEntries = [] {
  std::array<ZooEntry, kNetworks.size()> entries{};
  for (std::size_t i = 0; i < kNetworks.size(); ++i) entries[i] = kNetworks[i].entry;
  return entries;
}();

/// The whole text as a number of the allowed extent.
std::optional<std::int32_t> extentOf(std::string_view text) {
  std::int32_t value = 0;
  const char* const end = text.data() + text.size();
  const auto [stop, error] = std::from_chars(text.data(), end, value);
  if (error != std::errc() || stop != end || value < 1 || value > kLargestExtent)
    return std::nullopt;
  return value;
}

std::string textOf(const ZooInput& input) {
  return input.second ? fmt::format("{}x{}", input.first, *input.second)
                      : fmt::format("{}", input.first);
}

Error wrongInput(const Network& network, const ZooInput& input) {
  std::string wanted(network.entry.inputForm);
  if (network.smallestSecond > 1) {
    wanted += fmt::format(", at least {}x{}", network.smallest, network.smallestSecond);
  } else if (network.smallest > 1) {
    wanted += fmt::format(", N at least {}", network.smallest);
  }
  return {fmt::format("--input {}", textOf(input)),
          fmt::format("{} wants {}, each at most {}", network.entry.name, wanted, kLargestExtent)};
}

Result<ZooSettings> settle(const Network& network, const ZooOptions& options) {
  ZooSettings settings{network.entry.width,   network.first, network.second,
                       network.entry.classes, options.type,  options.seed};
  if (options.width) {
    if (!(*options.width > 0 && *options.width <= kLargestWidth)) {
      return Error{fmt::format("--width {}", *options.width),
                   fmt::format("wanted a number above 0 and at most {}", kLargestWidth)};
    }
    settings.width = *options.width;
  }
  if (options.input) {
    const ZooInput& input = *options.input;
    if (network.input == InputKind::Vector && input.second) return wrongInput(network, input);
    settings.height = input.first;
    if (input.second) {
      settings.columns = *input.second;
    } else if (network.input == InputKind::Image) {
      settings.columns = input.first;
    }
    const auto fits = [](std::int32_t extent, std::int32_t smallest) {
      return extent >= smallest && extent <= kLargestExtent;
    };
    if (!fits(settings.height, network.smallest) ||
        (network.input != InputKind::Vector && !fits(settings.columns, network.smallestSecond))) {
      return wrongInput(network, input);
    }
  }
  if (options.classes) {
    if (network.entry.classes == 0) {
      return Error{fmt::format("--classes {}", *options.classes),
                   fmt::format("{} has no classes", network.entry.name)};
    }
    if (*options.classes < 1 || *options.classes > kMostClasses) {
      return Error{fmt::format("--classes {}", *options.classes),
                   fmt::format("wanted a whole number from 1 to {}", kMostClasses)};
    }
    settings.classes = *options.classes;
  }
  const bool known = options.type == ElementType::Int8 || options.type == ElementType::Float32 ||
                     options.type == ElementType::Int16;
  if (!known || (options.type == ElementType::Int16 && !network.offersInt16)) {
    return Error{fmt::format("--dtype {}", nameOf(options.type)),
                 fmt::format("{} is made as int8{} or float32", network.entry.name,
                             network.offersInt16 ? ", int16" : "")};
  }
  return settings;
}

}  // namespace

std::int32_t ZooSettings::scaled(std::int32_t filters) const {
  return std::max(1, static_cast<std::int32_t>(filters * width));
}

std::span<const ZooEntry> listZoo() {
  return kEntries;
}

Result<Model> makeZooModel(std::string_view name, const ZooOptions& options) {
  const auto network = std::find_if(kNetworks.begin(), kNetworks.end(),
                                    [&](const Network& n) { return n.entry.name == name; });
  if (network == kNetworks.end()) {
    std::string known;
    for (const ZooEntry& entry : kEntries) {
      if (!known.empty()) known += ", ";
      known += entry.name;
    }
    return Error{std::string(name), "no such network; the zoo has " + known};
  }
  const Result<ZooSettings> settings = settle(*network, options);
  if (!settings) return settings.error();
  Result<Model> model = network->make(*settings);
  if (!model) return Error{std::string(name), model.error().what};
  model->source = name;
  return model;
}

Result<ZooInput> parseZooInput(std::string_view text) {
  const std::size_t cross = text.find('x');
  const auto first = extentOf(text.substr(0, cross));
  ZooInput input;
  bool good = first.has_value();
  input.first = first.value_or(0);
  if (cross != std::string_view::npos) {
    input.second = extentOf(text.substr(cross + 1));
    good = good && input.second.has_value();
  }
  if (!good) {
    return Error{fmt::format("--input {}", text),
                 fmt::format("wanted N or HxW, whole numbers from 1 to {}", kLargestExtent)};
  }
  return input;
}

Result<ElementType> parseZooType(std::string_view text) {
  for (const ElementType type : {ElementType::Int8, ElementType::Int16, ElementType::Float32}) {
    if (text == nameOf(type)) return type;
  }
  return Error{fmt::format("--dtype {}", text), "wanted int8, int16 or float32"};
}

}  // namespace mcuprof
