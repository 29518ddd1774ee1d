#pragma once

#include <cstdint>
#include <map>
#include <string>
#include <vector>

#include "analyzer/fitting/calibration.hpp"
#include "analyzer/report/text.hpp"
#include "db/calibration_store.hpp"

namespace mcuprof::cli {

/// A fit with what it was made from, as it is shown.
struct CalibrationReport {
  db::StoredCalibration stored;  ///< with inputs; id 0 where it was not stored
  CalibrationFit fit;
  CalibrationPrior prior;
  std::vector<std::string> labels;           ///< of the inputs
  std::map<std::string, std::int64_t> left;  ///< runs that were not taken, by reason
  bool dryRun = false;
};

std::string renderText(const CalibrationReport& report, const TextStyle& style);
std::string renderJson(const CalibrationReport& report);
/// One row an input.
std::string renderCsv(const CalibrationReport& report);

/// "3 runs left: virtual ..." for each reason, one a line.
std::string leftText(const std::map<std::string, std::int64_t>& left, const TextStyle& style);

}  // namespace mcuprof::cli
