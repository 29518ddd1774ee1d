#include "tests/bench/gui/bench_model.hpp"

#include <unistd.h>

#include <filesystem>
#include <fstream>
#include <vector>

#include "analyzer/model/tflite_writer.hpp"
#include "analyzer/model/zoo.hpp"

namespace mcuprof::gui {

std::string writeBenchModel() {
  const auto path = std::filesystem::temp_directory_path() /
                    ("mcuprof-gui-bench-" + std::to_string(getpid()) + ".tflite");
  ZooOptions options;
  options.width = 0.35;
  options.input = ZooInput{128, {}};
  const auto model = makeZooModel("mobilenet_v2", options);
  const std::vector<std::byte> bytes = writeTflite(*model);
  std::ofstream(path, std::ios::binary)
      .write(reinterpret_cast<const char*>(bytes.data()), std::streamsize(bytes.size()));
  return path.string();
}

}  // namespace mcuprof::gui
