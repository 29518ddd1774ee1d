#include "analyzer/analysis/wording.hpp"

#include <fmt/format.h>

namespace mcuprof {

std::string inBytes(Bytes bytes) {
  std::string text = std::to_string(bytes.value);
  for (std::size_t at = text.size(); at > (bytes < Bytes(0) ? 4U : 3U);) {
    at -= 3;
    text.insert(at, ",");
  }
  return text + " B";
}

std::string layerName(const Graph& graph, OpId op) {
  return fmt::format("layer {} {}", op.index() + 1, graph.kindName(graph.ops[op]));
}

}  // namespace mcuprof
