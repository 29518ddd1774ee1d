#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "analyzer/base/result.hpp"
#include "analyzer/report/render_board.hpp"

namespace mcuprof {

/// What a kept report says that its numbers rest on: its input files, target, machine state, RAM,
/// flash, power and notes. A list for each analysis, in the order of readFigures(). It is less than
/// assumptionsOf() knows, so compare it with another report's. What a report does not say has no
/// row; an error is what is no report, or says a thing in another form.
Result<std::vector<std::vector<FactRow>>> readFacts(std::string_view json, const std::string& name);

}  // namespace mcuprof
