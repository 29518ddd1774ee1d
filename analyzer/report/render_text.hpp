#pragma once

#include <string>

#include "analyzer/report/arena_report.hpp"
#include "analyzer/report/fit_report.hpp"
#include "analyzer/report/model_report.hpp"
#include "analyzer/report/report.hpp"
#include "analyzer/report/text.hpp"

namespace mcuprof {

/// A report for a person at a terminal: no line is wider than the style allows, numbers are exact
/// and lined up, every total is the sum of the rows above it. docs/reading-a-report.md explains
/// each line.
///
/// The analysis' first lines answer: does it fit, which layer is the worst, what would help.
std::string renderText(const Report& report, const TextStyle& style);
std::string renderText(const ArenaReport& report, const TextStyle& style);
std::string renderText(const ModelReport& report, const TextStyle& style);
std::string renderText(const FitReport& report, const TextStyle& style);

}  // namespace mcuprof
