#pragma once

#include <string>
#include <vector>

#include "analyzer/analysis/analyze.hpp"
#include "analyzer/report/layer_costs.hpp"

namespace mcuprof {

/// One term of a layer's cycles.
struct ExplainedTerm {
  std::string name;
  double cycles = 0;
  Basis basis{};
  std::string from;  ///< printable
};

/// The sum of one layer term by term; empty where its cost is unknown.
std::vector<ExplainedTerm> explainTerms(const Analysis& analysis, const CostRow& row);

/// By what a calibration changes the terms; empty without one.
std::string calibrationText(const Analysis& analysis);

}  // namespace mcuprof
