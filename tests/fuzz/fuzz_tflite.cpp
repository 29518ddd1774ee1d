// Any bytes either give a model or one line that says why not; what is a model either gives a graph
// or one line.
#include <cstddef>
#include <cstdint>
#include <cstdlib>
#include <vector>

#include "analyzer/model/graph.hpp"
#include "analyzer/model/tflite_reader.hpp"

namespace {

void wantOneLine(const mcuprof::Error& error) {
  const std::string text = error.text();
  if (text.empty() || text.find('\n') != std::string::npos) std::abort();
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const auto* bytes = reinterpret_cast<const std::byte*>(data);
  const auto model = mcuprof::readTflite(
      mcuprof::MappedFile::fromMemory("model.tflite", std::vector<std::byte>(bytes, bytes + size)));
  if (!model) {
    wantOneLine(model.error());
    return 0;
  }
  const auto graph = mcuprof::buildGraph(*model);
  if (!graph) {
    wantOneLine(graph.error());
    return 0;
  }
  for (const auto& op : graph->ops) {
    if (op.macs && op.macs->value < 0) std::abort();
  }
  return 0;
}
