#pragma once

#include <span>

#include "analyzer/budget/budget.hpp"
#include "analyzer/report/figures.hpp"

namespace mcuprof {

/// Bytes of one memory that several models use together, on one board with one runtime.
///
/// Arena, Together: the runtime keeps what each model needs for as long as it is set up (the tails
/// add up), and overlays what only matters while one runs (the largest head). InTurn: the largest
/// arena. Ram: that arena and the other RAM once, the largest. Flash: every model file and the
/// runtime's code once.
Estimate sharedValue(Metric metric, Sharing sharing, std::span<const ModelFigures* const> models);

}  // namespace mcuprof
