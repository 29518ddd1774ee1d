#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "analyzer/base/estimate.hpp"

namespace mcuprof {

/// A prediction beside what was measured of the same thing, in cycles.
struct ComparedTime {
  Estimate predicted;
  double measured = 0;  ///< > 0

  double error() const { return predicted.value / measured - 1; }
  bool inside() const { return predicted.low <= measured && measured <= predicted.high; }
};

struct ComparedLayer {
  std::int32_t number = 0;
  std::string kind;
  std::string name;
  ComparedTime time;
  std::string
      cause;  ///< why they differ, likely; empty inside the interval and where none is known
};

/// How far predictions are off.
struct ErrorSummary {
  std::size_t count = 0;
  double meanAbsolute = 0;
  double medianAbsolute = 0;
  double worstAbsolute = 0;
  double bias = 0;      ///< mean of error()
  double coverage = 0;  ///< share inside the 90 % interval
};

ErrorSummary summarise(const std::vector<ComparedTime>& times);

/// One run, layer by layer.
struct Comparison {
  std::string run;  ///< "run 12 of 2026-03-01T12:34:56Z"
  std::string provenance;
  std::string model;
  std::string board;
  std::string runtime;
  std::string kernels;
  std::string predictedBy;  ///< "the cost model when it ran", "... now, calibration: none"
  std::optional<ComparedTime> inference;
  std::vector<ComparedLayer> layers;
  std::vector<std::pair<std::int32_t, std::string>> left;  ///< layers without both, and why

  ErrorSummary summary() const;
  /// Sum of predicted over sum of measured cycles, less 1; layers weigh as they last.
  double sumError() const;
  /// Positions of the layers, those first that are off by most cycles.
  std::vector<std::size_t> worstFirst() const;
};

}  // namespace mcuprof
