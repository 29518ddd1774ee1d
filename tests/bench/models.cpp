#include "tests/bench/models.hpp"

#include <string>
#include <utility>

#include "analyzer/model/layer_builder.hpp"
#include "analyzer/model/tflite_reader.hpp"
#include "analyzer/model/tflite_writer.hpp"
#include "analyzer/model/zoo.hpp"
#include "tests/bench/expect.hpp"

namespace mcuprof::bench {
std::shared_ptr<const MappedFile> mobilenetV2File() {
  static const auto file = MappedFile::fromMemory(
      "mobilenet_v2.tflite", writeTflite(expect(makeZooModel("mobilenet_v2", {}))));
  return file;
}

Model makeChain(std::int64_t operators, std::int32_t extent) {
  LayerBuilder net("chain", ElementType::Int8, 1);
  const Window pointwise{1, 1, 1, 1, Padding::Same};
  Signal x = net.input("input", {1, extent, extent, 4}, -1, 1);
  Signal entry = x;
  for (std::int64_t i = 0; i < operators; ++i) {
    const std::string name = "layer_" + std::to_string(i);
    if (i % 3 == 2) {
      x = net.add(name, entry, x, Activation::Relu);
      entry = x;
    } else {
      x = net.conv2d(name, x, 4, pointwise, Activation::Relu);
    }
  }
  return expect(std::move(net).finish(x));
}

std::shared_ptr<const Graph> graphOf(const Model& model) {
  return std::make_shared<const Graph>(expect(buildGraph(model)));
}

std::shared_ptr<const Graph> graphOf(const std::shared_ptr<const MappedFile>& file) {
  return graphOf(expect(readTflite(file)));
}

}  // namespace mcuprof::bench
