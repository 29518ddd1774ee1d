#include "analyzer/analysis/kernel_costs.hpp"

#include "analyzer/analysis/kernel_call.hpp"

namespace mcuprof {
namespace {

void look(const Graph& graph, const GraphOp& op, const KernelShape& shape, const CostTables& costs,
          OptLevel opt, CountedKernel& out) {
  if (!costs.kernels) {
    out.unknownReason = "no kernel table for this core and library";
    return;
  }
  const std::optional<KernelCall> call = kernelCall(costs.kernels->library, graph, op, shape);
  if (!call || rowProblem(call->row)) {
    out.unknownReason = "not a kernel of the library";
    return;
  }
  out.cost = costOf(*costs.kernels, call->kernel, call->row, nameOf(opt));
  if (!out.cost) out.unknownReason = "no counted path for this shape";
}

}  // namespace

KernelCosts costKernels(const Graph& graph, const KernelPlan& kernels, const Schedule& schedule,
                        const CostTables& costs, OptLevel opt) {
  KernelCosts all(graph.ops.size());
  for (const OpId op : schedule.order)
    look(graph, graph.ops[op], kernels[op].shape, costs, opt, all[op]);
  return all;
}

}  // namespace mcuprof
