#include "analyzer/target/runtime.hpp"

#include <algorithm>
#include <utility>

namespace mcuprof {

const OperatorRules* Runtime::find(OpKind kind, std::string_view customName) const {
  const auto keyOf = [](const OperatorRules& rules) {
    return std::pair(rules.kind, std::string_view(rules.customName));
  };
  const std::pair key(kind, customName);
  const auto at = std::ranges::lower_bound(operators, key, {}, keyOf);
  return at != operators.end() && keyOf(*at) == key ? &*at : nullptr;
}

}  // namespace mcuprof
