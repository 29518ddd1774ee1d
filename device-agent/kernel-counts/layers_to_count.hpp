#pragma once

#include <vector>

#include "analyzer/model/model.hpp"

namespace mcuprof {

/// Models of one operator each, for every kernel whose cost is fitted: usual and awkward shapes,
/// drawn with fixed seeds, so that the list is the same each time. Weights are arbitrary; scales
/// are such that outputs spread over their range, as in a trained model.
std::vector<Model> layersToCount();

}  // namespace mcuprof
