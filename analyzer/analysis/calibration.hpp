#pragma once

#include <optional>
#include <string>

namespace mcuprof {

/// What measurements taught about one board with one runtime: corrections of the cost model's
/// terms, and how far they can be trusted. docs/calibration.md says how they are found.
struct Calibration {
  std::string name;  ///< "3 of 2026-03-01 (8 measured runs of 4 models)"

  double scale = 1;                   ///< on instructions, branches and stalls; > 0
  double branches = 1;                ///< on branches, besides the scale; >= 0
  double flash = 1;                   ///< on flash stalls, besides the scale; >= 0
  std::optional<double> operatorFee;  ///< cycles an operator, in place of the runtime file's; >= 0

  /// Relative half widths of 90 % intervals in place of the core file's, never wider.
  double boardBand = 0;
  double layerBand = 0;

  /// On the power while computing; nothing: no energies taught any.
  std::optional<double> power;  ///< > 0
  double powerBand = 0;         ///< relative half width of its 90 % interval
};

}  // namespace mcuprof
