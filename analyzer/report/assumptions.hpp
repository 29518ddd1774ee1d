#pragma once

#include <optional>
#include <vector>

#include "analyzer/report/render_board.hpp"
#include "analyzer/report/report.hpp"

namespace mcuprof {

/// All that the numbers of an analysis rest on besides the model, each with basis and source: what
/// the user set, the machine state, runtime, power, then every fact of board and core. Notes of the
/// report follow; they have no basis.
std::vector<FactRow> assumptionsOf(const Analysis& analysis, const Report& report);

/// One fact that two analyses do not share: another value, basis or source, or on one side only.
struct FactDifference {
  std::optional<FactRow> fresh;
  std::optional<FactRow> base;
};

/// By group and name, in the order of `fresh`; what only the base has comes last.
std::vector<FactDifference> diffFacts(const std::vector<FactRow>& fresh,
                                      const std::vector<FactRow>& base);

}  // namespace mcuprof
