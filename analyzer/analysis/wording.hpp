#pragma once

#include <string>

#include "analyzer/base/indexed.hpp"
#include "analyzer/base/quantity.hpp"
#include "analyzer/model/graph.hpp"

namespace mcuprof {

/// "22,576 B", as reasons and hints write bytes.
std::string inBytes(Bytes bytes);

/// "layer 6 PAD"; layers are counted from 1 in file order.
std::string layerName(const Graph& graph, OpId op);

}  // namespace mcuprof
