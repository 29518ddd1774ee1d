#include "analyzer/target/runtime.hpp"

#include <algorithm>

namespace mcuprof {

const OperatorRules* Runtime::find(OpKind kind, std::string_view customName) const {
  auto at = std::ranges::lower_bound(operators, kind, {}, &OperatorRules::kind);
  for (; at != operators.end() && at->kind == kind; ++at)
    if (at->customName == customName) return &*at;
  return nullptr;
}

}  // namespace mcuprof
