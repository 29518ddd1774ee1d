#include "analyzer/analysis/working_set.hpp"

namespace mcuprof {
namespace {

void addInput(WorkingSet& set, const GraphTensor& tensor, InputRole role) {
  switch (role) {
    case InputRole::Activation:
    case InputRole::State:
      set.input += tensor.bytes;
      return;
    case InputRole::Weights:
    case InputRole::Parameter:
      set.weights += tensor.storedBytes;
      return;
    case InputRole::Bias:
      set.bias += tensor.storedBytes;
      return;
  }
}

}  // namespace

WorkingSets countWorkingSets(const Graph& graph, const KernelPlan& kernels) {
  WorkingSets sets(graph.ops.size());
  Table<TensorId, OpId> counted(graph.tensors.size());
  for (const OpId id : graph.ops.ids()) {
    const GraphOp& op = graph.ops[id];
    WorkingSet& set = sets[id];
    for (const GraphInput& input : op.inputs) {
      if (!input.tensor.valid() || counted[input.tensor] == id) continue;
      counted[input.tensor] = id;
      addInput(set, graph.tensors[input.tensor], input.role);
    }
    for (const TensorId output : op.outputs) set.output += graph.tensors[output].bytes;
    for (const Bytes size : kernels[id].scratch) set.scratch += size;
  }
  return sets;
}

}  // namespace mcuprof
