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
  std::string calibration;  ///< of both; "none"
  /// Milliseconds of a layer; spills are the waits for the card that write or read activations.
  struct Split {
    double compute = 0;  ///< all but spills
    double spillWrite = 0;
    double spillRead = 0;
    double total() const { return compute + spillWrite + spillRead; }
  };
  struct Layer {
    std::size_t number = 0;
    std::string kind;
    Bytes before;  ///< working set
    Bytes after;
    Split msBefore;
    Split msAfter;
  };
  std::vector<Layer> layers;  ///< all that run, in their order
};

/// The two analyses are of graphs with the same operators.
WhatIfReport buildWhatIfReport(const Analysis& before, const Analysis& after);

std::string renderWhatIfText(const WhatIfReport& report, const TextStyle& style);
std::string renderWhatIfJson(const WhatIfReport& report);
std::string renderWhatIfCsv(const WhatIfReport& report);

}  // namespace mcuprof
