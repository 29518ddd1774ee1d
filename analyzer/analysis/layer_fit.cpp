#include "analyzer/analysis/layer_fit.hpp"

#include <algorithm>
#include <vector>

#include "analyzer/analysis/region_packing.hpp"

namespace mcuprof {
namespace {

/// Bytes of the tensors that an operator has as inputs, each once.
void addInputs(const Graph& graph, const GraphOp& op, bool constants, std::vector<TensorId>& seen,
               std::vector<Bytes>& parts) {
  seen.clear();
  for (const GraphInput& input : op.inputs) {
    if (!input.tensor.valid()) continue;
    const bool computed = input.role == InputRole::Activation || input.role == InputRole::State;
    if (computed != constants) seen.push_back(input.tensor);
  }
  std::sort(seen.begin(), seen.end());
  seen.erase(std::unique(seen.begin(), seen.end()), seen.end());
  for (const TensorId tensor : seen)
    parts.push_back(constants ? graph.tensors[tensor].storedBytes : graph.tensors[tensor].bytes);
}

}  // namespace

Table<OpId, LayerFit> fitLayers(const Graph& graph, const KernelPlan& kernels,
                                const Schedule& schedule, const WorkingSets& workingSets,
                                const SramBudget& budget) {
  Table<OpId, LayerFit> fits(graph.ops.size());
  std::vector<Bytes> capacities;
  for (const RegionBudget& region : budget.regions) capacities.push_back(region.usable);
  std::vector<Bytes> parts;
  std::vector<TensorId> seen;
  for (const OpId op : schedule.order) {
    const WorkingSet& set = workingSets[op];
    if (set.total() + set.scratch <= budget.largestRegion) continue;
    LayerFit& fit = fits[op];
    parts.clear();
    addInputs(graph, graph.ops[op], false, seen, parts);
    for (const TensorId output : graph.ops[op].outputs)
      parts.push_back(graph.tensors[output].bytes);
    parts.insert(parts.end(), kernels[op].scratch.begin(), kernels[op].scratch.end());
    fit.activationsMissing = missingFor(parts, capacities);
    addInputs(graph, graph.ops[op], true, seen, parts);
    fit.workingSetMissing = missingFor(parts, capacities);
    fit.activationsFit = fit.activationsMissing == Bytes(0);
    fit.workingSetFits = fit.workingSetMissing == Bytes(0);
  }
  return fits;
}

}  // namespace mcuprof
