#pragma once

#include <cstddef>
#include <optional>
#include <string>
#include <vector>

#include "analyzer/report/text.hpp"
#include "analyzer/whatif/variant.hpp"

namespace mcuprof {

/// A model as it is beside a variant of it.
struct WhatIfReport {
  VariantFigures before;
  VariantFigures after;
  std::string machineBefore;
  std::string machineAfter;
  /// Layers whose working set changed: number, operator, before, after.
  struct Layer {
    std::size_t number = 0;
    std::string kind;
    Bytes before;
    Bytes after;
    double msBefore = 0;
    double msAfter = 0;
  };
  std::vector<Layer> layers;
};

/// The two analyses are of graphs with the same operators.
WhatIfReport buildWhatIfReport(const Analysis& before, const Analysis& after);

std::string renderWhatIfText(const WhatIfReport& report, const TextStyle& style);
std::string renderWhatIfJson(const WhatIfReport& report);
std::string renderWhatIfCsv(const WhatIfReport& report);

}  // namespace mcuprof
