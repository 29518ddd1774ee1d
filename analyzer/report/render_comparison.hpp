#pragma once

#include <string>

#include "analyzer/accuracy/card.hpp"
#include "analyzer/accuracy/comparison.hpp"
#include "analyzer/report/text.hpp"

namespace mcuprof {

/// The errors in sum, the layers, and those that are off by most cycles.
std::string renderComparisonText(const Comparison& comparison, const TextStyle& style);
std::string renderComparisonJson(const Comparison& comparison);
/// One row a layer.
std::string renderComparisonCsv(const Comparison& comparison);

/// The accuracy card as docs/accuracy.md has it: a table for each provenance.
std::string renderCardMarkdown(const AccuracyCard& card);
std::string renderCardJson(const AccuracyCard& card);
std::string renderCardCsv(const AccuracyCard& card);

}  // namespace mcuprof
