#include "analyzer/analysis/kernel_costs.hpp"

#include "analyzer/analysis/kernel_call.hpp"

namespace mcuprof {
namespace {

void look(const Graph& graph, const GraphOp& op, const KernelShape& shape,
          const std::optional<KernelTable>& table, OptLevel opt, CountedKernel& out) {
  if (!table) {
    out.unknownReason = "no kernel table for this core and library";
    return;
  }
  const std::optional<KernelCall> call = kernelCall(table->library, graph, op, shape);
  if (!call || rowProblem(call->row)) {
    out.unknownReason = "not a kernel of the library";
    return;
  }
  out.cost = costOf(*table, call->kernel, call->row, nameOf(opt));
  if (!out.cost) out.unknownReason = "no counted path for this shape";
}

}  // namespace

KernelCosts costKernels(const Graph& graph, const KernelPlan& kernels, const Schedule& schedule,
                        const Runtime& runtime, const CostTables& costs, OptLevel opt) {
  KernelCosts all(graph.ops.size());
  for (const OpId id : schedule.order) {
    const GraphOp& op = graph.ops[id];
    const bool own = runtime.libraryOf(op.kind) == runtime.library;
    look(graph, op, kernels[id].shape, own ? costs.kernels : costs.otherKernels, opt, all[id]);
  }
  return all;
}

}  // namespace mcuprof
