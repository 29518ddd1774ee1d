#pragma once

#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <vector>

#include "analyzer/fitting/calibration.hpp"
#include "analyzer/fitting/power_calibration.hpp"
#include "analyzer/report/text.hpp"
#include "db/calibration_store.hpp"

namespace mcuprof::cli {

/// A fit with what it was made from, as it is shown.
struct CalibrationReport {
  db::StoredCalibration stored;  ///< with inputs; id 0 where it was not stored
  CalibrationFit fit;
  CalibrationPrior prior;
  std::optional<PowerFit> power;
  double powerBand = 0;  ///< before
  std::string powerWhy;  ///< why no power was fitted
  std::vector<std::string> powerLabels;
  std::vector<std::string> labels;           ///< of the inputs
  std::map<std::string, std::int64_t> left;  ///< runs that were not taken, by reason
  bool dryRun = false;

  bool kept() const { return fit.kept || (power && power->kept); }
};

std::string renderText(const CalibrationReport& report, const TextStyle& style);
std::string renderJson(const CalibrationReport& report);
/// One row an input, of cycles and of power.
std::string renderCsv(const CalibrationReport& report);

/// "3 runs left: virtual ..." for each reason, one a line.
std::string leftText(const std::map<std::string, std::int64_t>& left, const TextStyle& style);

}  // namespace mcuprof::cli
