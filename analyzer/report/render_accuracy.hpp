#pragma once

#include <string>

#include "analyzer/accuracy/accuracy.hpp"
#include "analyzer/report/text.hpp"

namespace mcuprof {

/// The scores of each class of runtimes first, then one line a measurement, then what could not be
/// predicted and why.
std::string renderAccuracyText(const AccuracyReport& report, const TextStyle& style);

/// One row a measurement and mode.
std::string renderAccuracyCsv(const AccuracyReport& report);

/// The same numbers with a summary of each section (docs/accuracy.schema.json).
std::string renderAccuracyJson(const AccuracyReport& report);

}  // namespace mcuprof
