#pragma once

#include <string>
#include <vector>

#include "analyzer/report/figures.hpp"

namespace mcuprof {

/// A budget file to start from, with comments: for every model and board the figures of now with
/// `headroom` (0.1 is 10 %) on top, sizes rounded up to whole KiB. What is estimated gets a limit
/// above the interval's upper end, so that the file passes on the day it is written; what is
/// unknown gets none. `models` are the patterns under which the budget finds the models.
std::string initialBudget(const std::vector<ModelFigures>& figures,
                          const std::vector<std::string>& models, double headroom);

}  // namespace mcuprof
