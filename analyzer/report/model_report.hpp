#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "analyzer/analysis/working_set.hpp"
#include "analyzer/model/graph.hpp"
#include "analyzer/report/report.hpp"

namespace mcuprof {

/// A tensor as people speak of it.
struct TensorRow {
  std::int32_t index = 0;
  std::string name;
  std::string shape;
  std::string type;
  Bytes bytes;
  std::string quantization;  ///< "per tensor", "per channel (16)", "none"
};

struct SubgraphRow {
  std::string name;
  std::size_t operators = 0;
  std::size_t tensors = 0;
  std::vector<TensorRow> inputs;
  std::vector<TensorRow> outputs;
};

/// An operator without a target: what the model itself says.
struct OperatorRow {
  std::int32_t number = 0;  ///< from 1, over all subgraphs
  std::int32_t subgraph = 0;
  std::int32_t index = 0;
  std::string kind;
  std::string name;
  std::string inputShape;  ///< of the first activation
  std::string shape;
  std::string type;
  std::string quantization;  ///< of the weights, else of the output
  std::string options;       ///< "3x3/2 same relu6"; empty where there are none
  std::optional<Macs> macs;
  WorkingSet parts;  ///< scratch is 0: it needs a runtime
};

struct KindRow {
  std::string kind;
  std::size_t operators = 0;
  Macs macs;
  bool macsKnown = true;
  Bytes constants;  ///< weights and biases that its operators read
};

struct MetadataRow {
  std::string name;
  Bytes bytes;
};

struct SignatureRow {
  std::string key;
  std::uint32_t subgraph = 0;
  std::vector<std::string> inputs;
  std::vector<std::string> outputs;
};

/// A model by itself, ready to be shown.
struct ModelReport {
  Provenance provenance;
  std::uint32_t schemaVersion = 3;
  std::string description;
  std::vector<SubgraphRow> subgraphs;
  std::vector<OperatorRow> operators;
  std::vector<KindRow> kinds;  ///< most MACs first
  std::vector<MetadataRow> metadata;
  std::vector<SignatureRow> signatures;
  LayerTotals totals;  ///< of MACs and working sets; the rest needs a target
};

ModelReport buildModelReport(const Model& model, const Graph& graph, Provenance provenance);

}  // namespace mcuprof
