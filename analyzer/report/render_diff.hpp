#pragma once

#include <string>

#include "analyzer/report/report_diff.hpp"
#include "analyzer/report/text.hpp"

namespace mcuprof {

/// The totals side by side, what happened to the layers, and the layers whose figures changed.
std::string renderDiffText(const ReportDiff& diff, const TextStyle& style);
/// Every number of every layer.
std::string renderDiffJson(const ReportDiff& diff);
/// For a pull request.
std::string renderDiffMarkdown(const ReportDiff& diff);
/// One row a layer and one for each total ("total" in the column layer_change).
std::string renderDiffCsv(const ReportDiff& diff);

/// A total of a difference, with how to write it.
struct DiffLine {
  std::string key;    ///< "arena_bytes", in JSON and CSV
  std::string title;  ///< "arena, B"
  const Difference* difference = nullptr;
  bool whole = true;  ///< bytes and counts
};
/// All totals in the order in which they are shown; memories last.
std::vector<DiffLine> linesOf(const ReportDiff& diff);

/// "+1,234", "-5.6", "0"; what has no bound is "?".
std::string signedText(double value, bool whole);
/// The change's interval, "within uncertainty", or nothing when it is exact.
std::string certaintyText(const Difference& difference, bool whole);

}  // namespace mcuprof
