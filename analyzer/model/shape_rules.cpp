#include "analyzer/model/op_rules.hpp"

namespace mcuprof {

OpProblem checkShape(const OpView&) {
  return std::nullopt;
}

}  // namespace mcuprof
