#pragma once

#include <array>
#include <string>
#include <string_view>
#include <vector>

#include "analyzer/base/basis.hpp"
#include "analyzer/base/indexed.hpp"
#include "analyzer/base/quantity.hpp"
#include "analyzer/model/graph.hpp"
#include "analyzer/target/runtime.hpp"
#include "analyzer/target/target.hpp"

namespace mcuprof {

/// Variables that expressions of runtime and kernel files may use, in the order of KernelShape::values.
/// docs/target-files.md says what each means; what does not apply to an operator is 0.
std::span<const std::string_view> kernelVariables();

/// The shape of one operator as its kernel sees it: a row of values for kernelVariables().
struct KernelShape {
  std::vector<std::int64_t> values;
};

KernelShape shapeOf(const Graph& graph, OpId op, const Core& core);

/// The routine that runs an operator and what it asks of the arena.
struct KernelChoice {
  const OperatorRules* rules = nullptr;  ///< nullptr: the runtime does not know the operator
  const KernelRule* rule = nullptr;      ///< nullptr: no rule's condition holds, or none is needed
  std::vector<Bytes> scratch;
  std::vector<Bytes> persistent;
  Basis basis = Basis::Counted;
};

using KernelPlan = Table<OpId, KernelChoice>;

/// Chooses a kernel for each operator by the runtime's rules. The result points into `runtime`.
KernelPlan selectKernels(const Graph& graph, const Core& core, const Runtime& runtime);

}  // namespace mcuprof
