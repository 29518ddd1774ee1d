#pragma once

#include <vector>

#include "analyzer/report/render_board.hpp"
#include "analyzer/report/report.hpp"

namespace mcuprof {

/// All that the numbers of an analysis rest on besides the model, each with basis and source: what
/// the user set, the machine state, runtime, power, then every fact of board and core. Notes of the
/// report follow; they have no basis.
std::vector<FactRow> assumptionsOf(const Analysis& analysis, const Report& report);

}  // namespace mcuprof
