#include "analyzer/target/runtime.hpp"

#include <algorithm>

namespace mcuprof {

const std::string& Runtime::libraryOf(OpKind kind) const {
  const bool own =
      otherLibrary.empty() || std::ranges::find(libraryOperators, kind) != libraryOperators.end();
  return own ? library : otherLibrary;
}

const OperatorRules* Runtime::find(OpKind kind, std::string_view customName) const {
  auto at = std::ranges::lower_bound(operators, kind, {}, &OperatorRules::kind);
  for (; at != operators.end() && at->kind == kind; ++at)
    if (at->customName == customName) return &*at;
  return nullptr;
}

}  // namespace mcuprof
