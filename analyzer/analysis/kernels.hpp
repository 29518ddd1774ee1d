#pragma once

#include <string>
#include <vector>

#include "analyzer/base/basis.hpp"
#include "analyzer/base/indexed.hpp"
#include "analyzer/base/quantity.hpp"
#include "analyzer/model/graph.hpp"
#include "analyzer/target/kernel_shape.hpp"
#include "analyzer/target/runtime.hpp"
#include "analyzer/target/target.hpp"

namespace mcuprof {

/// The shape of one operator as its kernel on `core` sees it.
KernelShape shapeOf(const Graph& graph, OpId op, const Core& core, const Runtime& runtime);

/// The routine that runs an operator and what it asks of the arena.
struct KernelChoice {
  KernelShape shape;
  const OperatorRules* rules = nullptr;  ///< nullptr: the runtime does not know the operator
  const KernelRule* rule = nullptr;      ///< nullptr: no rule's condition holds, or there are none
  std::vector<Bytes> scratch;            ///< while it runs, in request order
  std::vector<Bytes> init;        ///< kept from initialisation on, beside the rules' structure
  std::vector<Bytes> persistent;  ///< kept from preparation on
  Bytes borrowed;                 ///< temporary descriptors of tensors while it prepares
  Basis basis = Basis::Counted;
};

using KernelPlan = Table<OpId, KernelChoice>;

/// Chooses a kernel for each operator by the runtime's rules. The result points into `runtime`.
KernelPlan selectKernels(const Graph& graph, const Core& core, const Runtime& runtime);

}  // namespace mcuprof
