#pragma once

#include <cstddef>
#include <string>
#include <vector>

#include "analyzer/report/report.hpp"

namespace mcuprof {

/// One model on one board.
struct FitCell {
  std::size_t model = 0;  ///< index into FitReport::models
  std::size_t board = 0;  ///< index into FitReport::boards
  Verdict verdict = Verdict::Fits;
  std::string reason;
  Bytes arenaUsed;
  Bytes largestRegion;  ///< most bytes of usable RAM in one piece
  Bytes flashNeeded;
  Bytes flashSize;
  Basis arenaBasis = Basis::Counted;
  Basis sramBasis = Basis::Counted;
  Basis flashBasis = Basis::Counted;
  Basis flashSizeBasis = Basis::Counted;
};

/// Models against boards: every pair once, model by model.
struct FitReport {
  std::string toolVersion;
  std::string runtimeName;
  std::vector<InputFile> models;
  std::vector<std::string> boards;
  std::vector<FitCell> cells;
};

/// The cell of one analysis.
FitCell buildFitCell(const Analysis& analysis, std::size_t model, std::size_t board);

}  // namespace mcuprof
